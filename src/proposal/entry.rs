//! One offer of a proposal, and how far it has come with it.

use jiff::Timestamp;

use crate::{
    domain::{
        cancellation::Cancellation,
        ids::OfferId,
        preflight::{self, Wanted},
        remote::Remote,
        target::Scope,
        text::SafeText,
        verdict::{Ending, Verdict},
    },
    engine::{Failure, Look, Snapshot},
    proposal::Plan,
};

/// One offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The offer.
    pub offer: OfferId,
    /// Its display name.
    pub name: SafeText,
    /// What is known of it.
    pub standing: Standing,
}

/// How far the proposal has come with one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its look has not been asked for.
    Waiting,
    /// Its look has not arrived.
    Looking {
        /// The number of that look.
        ticket: u64,
    },
    /// One operation, to be canceled.
    Planned(Box<Plan>),
    /// Nothing is done to it.
    Skipped(Skip),
}

/// Why nothing is done to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Its id must not be sent.
    UnsafeId,
    /// It is being canceled from here.
    UnderWay,
    /// Nothing is in flight on it.
    Nothing {
        /// When that was read.
        at: Timestamp,
    },
    /// What its look saw allows no cancel, such as several active operations.
    Hindered {
        /// Why.
        why: SafeText,
        /// When that was read.
        at: Timestamp,
    },
    /// It could not be looked at.
    Failed(Failure),
}

impl Entry {
    pub(super) fn new(offer: OfferId, name: SafeText) -> Self {
        let standing = if offer.is_unsafe_segment() {
            Standing::Skipped(Skip::UnsafeId)
        } else {
            Standing::Waiting
        };
        Self {
            offer,
            name,
            standing,
        }
    }

    /// What the newest look shows of an offer that was skipped for what an earlier one saw: whether there is one
    /// operation to cancel by now, or nothing in flight. None while neither is so.
    #[must_use]
    pub fn now_allowed(&self, known: &Snapshot, scope: Scope<'_>) -> Option<bool> {
        let Standing::Skipped(Skip::Hindered { at, .. }) = &self.standing else {
            return None;
        };
        let Some(Remote::Fresh { value, at: read_at }) = known.operations_of(&self.offer) else {
            return None;
        };
        if read_at <= at {
            return None;
        }
        match preflight::allow(value, scope, Wanted::Any) {
            Ok(_) => Some(true),
            Err(ending) => (ending.verdict == Verdict::NothingRunning).then_some(false),
        }
    }
}

impl Skip {
    /// The plan that a look allows for whatever is active, after what is `known` to have been asked before.
    ///
    /// # Errors
    /// Why the offer is skipped.
    pub fn or_plan<'a>(
        look: &'a Result<Look, Failure>,
        scope: Scope<'_>,
        known: impl IntoIterator<Item = &'a Cancellation>,
    ) -> Result<Plan, Self> {
        let look = look.as_ref().map_err(|failure| Self::Failed(failure.clone()))?;
        let plan = Plan::of(look, scope, Wanted::Any).map_err(|ending| Self::because(ending, look.at))?;
        Ok(plan.after(look.earlier.iter().chain(known)))
    }

    fn because(ending: Ending, at: Timestamp) -> Self {
        match ending.verdict {
            Verdict::NothingRunning => Self::Nothing { at },
            _ => Self::Hindered {
                why: ending.error.unwrap_or_default(),
                at,
            },
        }
    }
}
