//! Published state of the engine: everything a face shows, cheap to copy and compare.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use crate::domain::{
    cancellation::Cancellation,
    ids::{CancellationId, OfferId, OperationId},
    offer::Offer,
    operation::{OperationDetail, Operations},
    remote::Remote,
    target::Binding,
    text::SafeText,
};

/// Details of operations, by offer and operation.
pub type Details = Arc<BTreeMap<(OfferId, OperationId), Remote<Arc<OperationDetail>>>>;

/// State at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The offers, in the service's order.
    pub offers: Remote<Arc<[Arc<Offer>]>>,
    /// Number of offers beyond the limit that were dropped.
    pub offers_left_out: usize,
    /// Time of the next request of the offers, after a failure.
    pub offers_retry_at: Option<Timestamp>,
    /// The operations of every offer that was read.
    pub operations: Arc<BTreeMap<OfferId, Remote<Arc<Operations>>>>,
    /// The details of every operation that was read.
    pub details: Details,
    /// The cancellations of this run and the open ones of earlier runs, newest first.
    pub cancellations: Arc<Vec<Arc<Tracked>>>,
    /// Set while no token is accepted: the remedy.
    pub sign_in: Option<SafeText>,
}

/// A cancellation with its state beyond the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// The fold of its facts.
    pub cancellation: Cancellation,
    /// Steps and messages of the followed operation, as last read.
    pub detail: Option<Arc<OperationDetail>>,
    /// Number of reads after the request.
    pub polls: u32,
    /// Time of the last successful read.
    pub looked_at: Option<Timestamp>,
    /// Time of the next look; none if none is due.
    pub next_look_at: Option<Timestamp>,
    /// Current obstacle, such as a failing poll; cleared when it has passed.
    pub note: Option<SafeText>,
    /// Whether a claim of another process, which may still be at work, was joined.
    pub joined: bool,
    /// Whether it was found open, without a process at work on it.
    pub resumed: bool,
    /// Whether this process still works on it.
    pub is_followed: bool,
    /// Reason why facts are missing from the journal; none if it is complete.
    pub unrecorded: Option<SafeText>,
    /// The cancellation that this process continued with, after this one's claim had turned out dead.
    pub successor: Option<CancellationId>,
}

impl Tracked {
    /// Wraps a cancellation without further state.
    #[must_use]
    pub fn new(cancellation: Cancellation) -> Self {
        Self {
            cancellation,
            detail: None,
            polls: 0,
            looked_at: None,
            next_look_at: None,
            note: None,
            joined: false,
            resumed: false,
            is_followed: true,
            unrecorded: None,
            successor: None,
        }
    }

    /// Returns true if it is under way without a verdict; another request makes no sense before.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.is_watched() && !self.cancellation.may_be_asked_again() && !self.cancellation.holds_no_claim()
    }

    /// Returns true if this process still follows it.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.is_followed && self.cancellation.is_open()
    }
}

impl Snapshot {
    /// Returns the cancellation with this id.
    #[must_use]
    pub fn cancellation(&self, id: &CancellationId) -> Option<&Arc<Tracked>> {
        self.cancellations
            .iter()
            .find(|tracked| tracked.cancellation.id == *id)
    }

    /// Returns the cancellation with this id, or the one that this process continued with after it.
    #[must_use]
    pub fn carried_on(&self, id: &CancellationId) -> Option<&Arc<Tracked>> {
        let mut tracked = self.cancellation(id)?;
        // Each one is newer than the one before, so this terminates.
        while let Some(successor) = tracked.successor.as_ref().and_then(|id| self.cancellation(id)) {
            tracked = successor;
        }
        Some(tracked)
    }

    /// Returns the newest cancellation on an offer.
    #[must_use]
    pub fn newest_on(&self, offer: &OfferId) -> Option<&Arc<Tracked>> {
        self.cancellations
            .iter()
            .find(|tracked| tracked.cancellation.request.target.offer == *offer)
    }

    /// Returns the operations of an offer, if requested.
    #[must_use]
    pub fn operations_of(&self, offer: &OfferId) -> Option<&Remote<Arc<Operations>>> {
        self.operations.get(offer)
    }

    /// Returns the details of an operation, if requested; for one without an id, those of the offer's status.
    #[must_use]
    pub fn detail_of(&self, offer: &OfferId, binding: &Binding) -> Option<&OperationDetail> {
        match binding {
            Binding::Operation(id) => self
                .details
                .get(&(offer.clone(), id.clone()))
                .and_then(Remote::value)
                .map(|detail| &**detail),
            Binding::Fingerprint(_) => self
                .operations
                .get(offer)
                .and_then(Remote::value)
                .and_then(|known| known.detail.as_ref()),
        }
    }
}
