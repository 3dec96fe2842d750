//! Errors that prevent the start, described for a person with nothing else on the screen.

use std::io;

use crate::{
    domain::verdict::Exit,
    engine::{Class, Failure},
    settings::SettingsError,
};

/// An error that prevents the start.
pub(super) struct StartupError {
    /// One line with problem and remedy.
    pub(super) what: String,
    /// Additional remedies, one per line.
    remedies: Vec<String>,
    pub(super) exit: Exit,
}

impl StartupError {
    pub(super) fn new(what: String, exit: Exit) -> Self {
        Self {
            what,
            remedies: Vec::new(),
            exit,
        }
    }

    /// Creates the error of a failed system call.
    pub(super) fn system(doing: &str, error: &io::Error) -> Self {
        Self::new(format!("cannot {doing}: {error}"), Exit::Failure)
    }

    /// Returns the full text, over several lines if there are remedies.
    pub(super) fn message(&self) -> String {
        let remedies = self.remedies.iter().map(|remedy| format!("\n  {remedy}"));
        self.what.clone() + &remedies.collect::<String>()
    }
}

impl From<SettingsError> for StartupError {
    fn from(error: SettingsError) -> Self {
        Self {
            remedies: error.remedies(),
            ..Self::new(error.to_string(), error.exit())
        }
    }
}

impl From<Failure> for StartupError {
    fn from(failure: Failure) -> Self {
        let exit = match failure.class {
            Class::SignIn => Exit::SignIn,
            _ => Exit::Failure,
        };
        Self::new(failure.to_string(), exit)
    }
}
