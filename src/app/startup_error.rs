//! Why the program cannot begin, in words for a person who has nothing else on the screen.

use std::io;

use crate::{
    domain::verdict::Exit,
    engine::{Class, Failure},
    settings::SettingsError,
};

/// Why the program cannot begin.
pub(super) struct StartupError {
    /// One line: what is wrong, and what to do.
    pub(super) what: String,
    /// More that helps, a way a line.
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

    /// The system would not let us.
    pub(super) fn system(doing: &str, error: &io::Error) -> Self {
        Self::new(format!("cannot {doing}: {error}"), Exit::Failure)
    }

    /// All of it, over several lines where there are remedies.
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
