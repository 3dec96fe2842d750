//! What happened to a cancellation: the numbered facts that a journal keeps and a cancellation folds from.

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

/// A fact as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Rises with every fact of a journal; the order of facts.
    pub number: u64,
    /// The wall time of the record.
    pub at: Timestamp,
    /// What happened.
    pub fact: Fact,
}

/// One thing that happened to a cancellation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Someone confirmed it, and no other claim on the operation was open.
    Claimed(Box<Claim>),
    /// The offer was looked at before sending.
    Looked(PreflightResult),
    /// The request is about to be sent. Without an answer after it, it may have been carried out.
    Sending {
        /// Counts the requests of this cancellation, from 1.
        attempt: u32,
        /// Who sends it.
        by: Owner,
    },
    /// The request provably did not reach the service.
    Unsent {
        /// Why, and what to do.
        error: SafeText,
    },
    /// The service answered.
    Answered(Answer),
    /// The request was sent, and no answer came back.
    AnswerLost {
        /// What came instead.
        error: SafeText,
    },
    /// Something that was read after the request changed.
    Observed(Observation),
    /// It ended, or stands.
    Settled(Ending),
}

/// Who asked, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What was confirmed.
    pub request: Request,
    /// Who confirmed it.
    pub by: Owner,
}

/// A process of a person on a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The login name.
    pub user: SafeText,
    /// The machine's name.
    pub host: SafeText,
    /// The process id.
    pub pid: u32,
    /// Tells this process from a later one with the same id.
    pub started: SafeText,
}

/// What a look before sending saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreflightResult {
    /// The state of the bound operation; none when it was not to be seen.
    pub state: Option<Status>,
    /// Whether the service says that it can be cancelled.
    pub cancel_state: CancelState,
    /// Other operations that were active.
    pub others_active: Vec<OperationId>,
    /// Operations with an unknown word that were presumed to have ended, because a newer one was known to run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presumed_ended: Vec<OperationId>,
    /// Whether it was the offer's status that was read, because the list could not be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_offer: bool,
    /// Operations that were canceled already, so that a later one can be told from them.
    pub canceled_before: Vec<OperationId>,
    /// What the service wants to know again when it tracks the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

/// A state that was read after the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The state.
    pub state: Status,
    /// Where it was read.
    pub via: Via,
}

/// Where a state was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The operation itself, by its id.
    Operation,
    /// The list of submissions.
    Submissions,
    /// The state of the offer.
    OfferStatus,
    /// The location, which names something else than the operation.
    Location,
    /// Nowhere: the service has proof that the operation is there no more.
    Absence,
}

impl Via {
    /// Whether it is the operation's own state.
    #[must_use]
    pub fn is_target(self) -> bool {
        matches!(self, Self::Operation | Self::Submissions | Self::Absence)
    }
}
