//! Flags, environment and file, folded into one value with the source of each part.
//!
//! A flag beats the environment, which beats the file. Knows the domain's words and nothing of what is built from
//! them: no network, no screen, no journal. The process's environment is read in one place,
//! [`Environment::of_process`]; everything else takes what it is given.

mod choose;
mod custody;
mod environment;
mod error;
mod file;
mod flags;
mod fold;
mod looks;
mod nearest;
mod places;
mod poll;
#[cfg(any(test, fuzzing))]
pub mod proof;
mod sources;
mod tell;

pub use environment::Environment;
pub use error::SettingsError;
pub(crate) use file::position;
pub use flags::Flags;
pub use fold::{LONGEST, ReadOnlyBy, Settings, Source, Sourced};
pub use looks::{KeyWish, Looks, Tell, Written};
pub(crate) use nearest::nearest;
pub use places::{Places, located};
pub use sources::{Named, Sources};
pub use tell::{Told, Whence};
