//! What the engine publishes: everything a face shows, cheap to copy and compare.

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

/// The inside of operations, by offer and operation.
pub type Details = Arc<BTreeMap<(OfferId, OperationId), Remote<Arc<OperationDetail>>>>;

/// All that is known, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The offers, in the service's order.
    pub offers: Remote<Arc<[Arc<Offer>]>>,
    /// How many more offers the service told of than are kept.
    pub offers_left_out: usize,
    /// When the list of offers is asked for again, after a failure.
    pub offers_retry_at: Option<Timestamp>,
    /// The operations of every offer that was asked for them.
    pub operations: Arc<BTreeMap<OfferId, Remote<Arc<Operations>>>>,
    /// The inside of every operation that was asked for it.
    pub details: Details,
    /// The cancellations of this run and the open ones of earlier runs, newest first.
    pub cancellations: Arc<Vec<Arc<Tracked>>>,
    /// Set while no token is accepted: what to do about it.
    pub sign_in: Option<SafeText>,
}

/// A cancellation and what is known of it beyond its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// The fold of its facts.
    pub cancellation: Cancellation,
    /// Steps and messages of what is followed, as last read.
    pub detail: Option<Arc<OperationDetail>>,
    /// How often the service was asked after the request.
    pub polls: u32,
    /// When it was last read with success.
    pub looked_at: Option<Timestamp>,
    /// When the next look is due; none when nothing is due any more.
    pub next_look_at: Option<Timestamp>,
    /// What hinders right now, such as a failing poll; gone when it has passed.
    pub note: Option<SafeText>,
    /// Whether a claim of another process, which may still be at work, was joined.
    pub joined: bool,
    /// Whether it was found open, and no process at work on it.
    pub resumed: bool,
    /// Whether it is still being worked on in this process.
    pub is_followed: bool,
    /// Why not all that is told here is in the journal; none where it is.
    pub unrecorded: Option<SafeText>,
    /// The cancellation that this process went on with, after the claim of this one had turned out to be dead.
    pub successor: Option<CancellationId>,
}

impl Tracked {
    /// A cancellation nothing more is known of.
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

    /// Whether it is being worked on and nothing is said yet of how it ends; asking again makes no sense before.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.is_watched() && !self.cancellation.may_be_asked_again() && !self.cancellation.holds_no_claim()
    }

    /// Whether somebody in this process still looks how it ends.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.is_followed && self.cancellation.is_open()
    }
}

impl Snapshot {
    /// The cancellation with this id.
    #[must_use]
    pub fn cancellation(&self, id: &CancellationId) -> Option<&Arc<Tracked>> {
        self.cancellations
            .iter()
            .find(|tracked| tracked.cancellation.id == *id)
    }

    /// What has become of the cancellation with this id: it, or the one that this process went on with after it.
    #[must_use]
    pub fn carried_on(&self, id: &CancellationId) -> Option<&Arc<Tracked>> {
        let mut tracked = self.cancellation(id)?;
        // Each is newer than the one before it, so this comes to an end.
        while let Some(successor) = tracked.successor.as_ref().and_then(|id| self.cancellation(id)) {
            tracked = successor;
        }
        Some(tracked)
    }

    /// The newest cancellation on an offer.
    #[must_use]
    pub fn newest_on(&self, offer: &OfferId) -> Option<&Arc<Tracked>> {
        self.cancellations
            .iter()
            .find(|tracked| tracked.cancellation.request.target.offer == *offer)
    }

    /// The operations of an offer, where they were asked for.
    #[must_use]
    pub fn operations_of(&self, offer: &OfferId) -> Option<&Remote<Arc<Operations>>> {
        self.operations.get(offer)
    }

    /// The inside of an operation, where it was asked for; for an operation without id, what the offer's status shows.
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
