//! The verbs without a screen, one file each.
//!
//! A verb gets what it works with from the application and writes to the handles of [`Io`] alone; it returns how the
//! program ends. It must not know where settings, tokens or the terminal come from, nor how the service is asked.

pub mod args;
pub mod ascii;
pub mod cancel;
pub mod completions;
pub mod config;
pub mod doctor;
pub mod follow;
pub(crate) mod following;
pub mod history;
pub mod io;
pub mod man;
pub mod offers;
pub mod operations;
pub(crate) mod report;
pub mod sign_in_prompt;
pub mod simulate;
pub(crate) mod table;

pub use args::{Cli, Command};
pub use ascii::Ascii;
pub use io::{Ask, Io};
