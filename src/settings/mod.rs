//! Flags, environment, and file, folded into one value with the source of each part.
//!
//! A flag beats the environment, which beats the file. Knows the domain's terms and nothing of what is built from them:
//! no network, no screen, no journal. The process's environment is read in one place, [`Environment::of_process`]; all
//! other code takes it as a value.

mod appearance;
mod choose;
mod custody;
mod effective;
mod environment;
mod error;
mod file;
mod flags;
mod fold;
#[cfg(any(test, fuzzing))]
pub mod fuzz_support;
mod paths;
mod poll;
mod position;
mod read_only;
mod source;
mod sources;
pub mod terminal;
mod values;

pub use appearance::{Appearance, KeyOverride, SpannedText, Tell};
pub use effective::{EffectiveSetting, SettingSource};
pub use environment::Environment;
pub use error::SettingsError;
pub use file::LONGEST;
pub use flags::Flags;
pub use paths::{Places, located};
pub(crate) use position::position;
pub use read_only::ReadOnly;
pub use source::{Source, WithSource};
pub use sources::{ProfileSummary, Sources};
pub use values::Settings;
