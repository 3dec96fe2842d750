//! Facts of a cancellation, numbered and stored in a journal; a cancellation is their fold.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    answer::Answer,
    confirmation::Request,
    ids::OperationId,
    operation::{Baseline, CancelState},
    status::Status,
    text::SafeText,
    verdict::Ending,
};

/// A recorded fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Number that rises with every fact of a journal, and orders them.
    pub number: u64,
    /// Wall time of recording.
    pub at: Timestamp,
    /// The fact.
    pub fact: Fact,
}

/// One event of a cancellation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Confirmed and claimed, while no other claim on the operation was open.
    Claimed(Box<Claim>),
    /// The offer was read before sending.
    Looked(PreflightResult),
    /// The request is about to be sent. Without an answer after it, it may have been carried out.
    Sending {
        /// Number of the request within this cancellation, from 1.
        attempt: u32,
        /// Owner of the sending process.
        by: Owner,
    },
    /// The request provably did not reach the service.
    Unsent {
        /// Reason and remedy.
        error: SafeText,
    },
    /// The service answered.
    Answered(Answer),
    /// The request was sent, and no answer came back.
    AnswerLost {
        /// Failure in place of the answer.
        error: SafeText,
    },
    /// A state that was read after the request changed.
    Observed(Observation),
    /// It ended, or stands.
    Settled(Ending),
}

/// Owner and request of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The confirmed request.
    pub request: Request,
    /// Owner that confirmed it.
    pub by: Owner,
}

/// A process of a user on a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Login name.
    pub user: SafeText,
    /// Host name.
    pub host: SafeText,
    /// Process id.
    pub pid: u32,
    /// Time that distinguishes this process from a later one with the same id.
    pub started: SafeText,
}

/// Result of a look before sending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreflightResult {
    /// State of the bound operation; none if it was not visible.
    pub state: Option<Status>,
    /// Whether the service calls it cancelable.
    pub cancel_state: CancelState,
    /// Other operations that were active.
    pub others_active: Vec<OperationId>,
    /// Operations in an unknown state that were presumed to have ended, because a newer one was known to be running.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presumed_ended: Vec<OperationId>,
    /// Whether the offer's status was read because the list could not be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_offer: bool,
    /// Operations that were canceled already, to distinguish them from later ones.
    pub canceled_before: Vec<OperationId>,
    /// Data that the service needs to track the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

/// A state that was read after the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// State.
    pub state: Status,
    /// Place where it was read.
    pub via: Via,
}

/// Place where a state was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The operation itself, by its id.
    Operation,
    /// The list of submissions.
    Submissions,
    /// The state of the offer.
    OfferStatus,
    /// The location, which is another resource than the operation.
    Location,
    /// None: the service proves that the operation is gone.
    Absence,
}

impl Via {
    /// Returns true if it is the operation's own state.
    #[must_use]
    pub fn is_target(self) -> bool {
        matches!(self, Self::Operation | Self::Submissions | Self::Absence)
    }
}
