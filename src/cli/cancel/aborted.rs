//! A cancel that came to its end before anything was claimed: nothing was sent.

use crate::{
    domain::verdict::{Cause, Ending, Exit, Verdict},
    engine::{Class, Failure, StartError, ports::JournalFailure},
};

/// The verdict, and how the program ends. They differ where the verdict alone does not tell usage from failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CancelAborted {
    pub(crate) ending: Ending,
    pub(crate) exit: Exit,
}

impl CancelAborted {
    /// The look settled the matter.
    pub(crate) fn ended(ending: Ending) -> Self {
        let exit = ending.exit();
        Self { ending, exit }
    }

    /// It was asked for in a way that must not be guessed at.
    pub(crate) fn usage(why: &str) -> Self {
        Self {
            ending: Ending::new(Verdict::NotSent).because(why),
            exit: Exit::Usage,
        }
    }

    /// The offer could not be looked at.
    pub(crate) fn failed(failure: &Failure) -> Self {
        let cause = match failure.class {
            Class::SignIn => Cause::SignIn,
            _ => Cause::Other,
        };
        Self::ended(Ending {
            cause,
            ..Ending::new(Verdict::NotSent).because(failure.text())
        })
    }

    /// What was asked for before cannot be read, so nothing could be recorded either.
    pub(crate) fn unrecorded(failure: &JournalFailure) -> Self {
        Self::ended(Ending::new(Verdict::NotSent).because(failure.to_string()))
    }

    /// The person said no, or nothing.
    pub(crate) fn declined() -> Self {
        Self::ended(Ending::new(Verdict::NotSent).because("not confirmed"))
    }

    /// A signal came first.
    pub(crate) fn interrupted(exit: Exit) -> Self {
        Self {
            ending: Ending::new(Verdict::NotSent).because("interrupted"),
            exit,
        }
    }
}

impl From<&StartError> for CancelAborted {
    fn from(not_begun: &StartError) -> Self {
        let why = not_begun.to_string();
        match not_begun {
            StartError::ReadOnly | StartError::InertId | StartError::Elsewhere => Self::usage(&why),
            StartError::Stopped | StartError::Journal(_) => {
                Self::ended(Ending::new(Verdict::NotSent).because(why))
            }
        }
    }
}
