//! The dialog between `c` and a cancel: it looks, shows what it saw, and can be answered only after a person had the
//! time to read it.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    domain::{
        confirmation::Address,
        ids::{CancellationId, OfferId},
        operation::Source,
        target::Binding,
        text::SafeText,
    },
    engine::{Candidate, Failure},
    tui::{
        keymap::Place,
        model::{Guard, Recipients},
        msg::Now,
    },
};

/// How long a look may be answered.
pub(super) const LIFETIME: Duration = Duration::from_mins(1);

/// One opened dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confirmation {
    /// The offer that keys pointed at.
    pub(crate) offer: OfferId,
    /// Its display name.
    pub(crate) name: SafeText,
    /// The number of the look that it waits for or shows.
    pub(crate) ticket: u64,
    /// How far it has come.
    pub(crate) asking: Asking,
    /// Who will be mailed, exactly as a request will say it; the profile's, until a person edits them.
    pub(crate) notify: Vec<Address>,
    /// Those addresses while they are edited. Only a question has them edited.
    pub(crate) editing: Option<Recipients>,
    /// Whether it looks because what an earlier look saw grew too old.
    pub(crate) is_again: bool,
}

/// How far a dialog has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// The look has not arrived.
    Looking,
    /// It could not be taken.
    Failed(Failure),
    /// Nothing is in flight.
    Nothing {
        /// When that was read.
        at: Timestamp,
    },
    /// What was seen allows no cancel, such as several active operations. Goes when a later look allows one.
    Hindered {
        /// Why.
        why: SafeText,
        /// When that was read.
        at: Timestamp,
    },
    /// One operation, to be confirmed.
    Asked(Box<Question>),
}

/// One operation and what it takes to confirm its cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// The operation as it was seen.
    pub(crate) candidate: Candidate,
    /// What a request will be bound to.
    pub(crate) binding: Binding,
    /// Where it was read.
    pub(crate) source: Source,
    /// When it was read.
    pub(crate) read_at: Timestamp,
    /// When the look arrived here.
    pub(crate) arrived: Now,
    /// Which older entries are presumed to have ended.
    pub(crate) presumed: Option<SafeText>,
    /// The earlier cancel of the same operation.
    pub(crate) earlier: Option<Earlier>,
    /// Whether it may be answered.
    pub(crate) guard: Guard,
}

/// An earlier cancel of the same operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// Its id.
    pub(crate) id: CancellationId,
    /// When it was asked.
    pub(crate) at: Timestamp,
    /// What came of it.
    pub(crate) outcome: SafeText,
    /// Whether a new one repeats it, rather than joins it.
    pub(crate) is_repeated: bool,
}

impl Confirmation {
    /// Where keys are pressed while it is open.
    pub(crate) fn place(&self) -> Place {
        match &self.asking {
            Asking::Looking | Asking::Failed(_) | Asking::Nothing { .. } | Asking::Hindered { .. } => {
                Place::Told
            }
            Asking::Asked(_) if self.editing.is_some() => Place::Addresses,
            Asking::Asked(question) if question.wants_id() && question.guard.tells_how() => Place::Typing,
            Asking::Asked(_) => Place::Asked,
        }
    }

    /// Whether the screen tells of a key that takes what it shows.
    pub(crate) fn can_be_answered(&self) -> bool {
        match &self.asking {
            Asking::Looking | Asking::Failed(_) | Asking::Nothing { .. } | Asking::Hindered { .. } => false,
            Asking::Asked(_) if let Some(recipients) = &self.editing => recipients.check().is_ok(),
            Asking::Asked(question) if question.wants_id() => {
                question.guard.tells_how() && question.guard.typed.text == self.offer.raw()
            }
            Asking::Asked(question) => question.guard.tells_how(),
        }
    }

    /// When it arms or expires.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        match &self.asking {
            Asking::Looking | Asking::Failed(_) | Asking::Nothing { .. } | Asking::Hindered { .. } => None,
            // Who types is not interrupted; the look is taken anew right after.
            Asking::Asked(_) if self.editing.is_some() => None,
            Asking::Asked(question) => {
                let expiry = question.arrived.mono + LIFETIME;
                Some(question.guard.wake_at().map_or(expiry, |at| expiry.min(at)))
            }
        }
    }

    /// Whether what it shows is too old to be answered.
    pub(crate) fn has_expired(&self, now: Now) -> bool {
        let arrived = match &self.asking {
            Asking::Looking | Asking::Failed(_) | Asking::Nothing { .. } | Asking::Hindered { .. } => {
                return false;
            }
            Asking::Asked(_) if self.editing.is_some() => return false,
            Asking::Asked(question) => question.arrived,
        };
        // The monotonic clock may stand still while a laptop sleeps.
        let by_wall = crate::domain::time::since(arrived.wall, now.wall);
        now.mono >= arrived.mono + LIFETIME || by_wall >= LIFETIME
    }

    /// What guards the question, if there is one.
    pub(crate) fn guard(&self) -> Option<&Guard> {
        match &self.asking {
            Asking::Asked(question) => Some(&question.guard),
            _ => None,
        }
    }

    /// The question, if there is one.
    pub(crate) fn question_mut(&mut self) -> Option<&mut Question> {
        match &mut self.asking {
            Asking::Asked(question) => Some(question),
            _ => None,
        }
    }
}

impl Question {
    /// Whether one key is too little.
    pub(crate) fn wants_id(&self) -> bool {
        self.candidate.operation.destination.may_be_production()
    }
}
