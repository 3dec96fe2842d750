//! Shared state: written by the engine's tasks, read by faces.
//!
//! Every write publishes a new snapshot; its parts are shared, so a write costs only the change.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::{
    domain::{
        ids::{OfferId, OperationId},
        offer::Offer,
        operation::{OperationDetail, Operations},
        remote::Remote,
    },
    engine::{
        failure::{Class, Failure},
        snapshot::{Snapshot, Tracked},
    },
};

/// The single writer of snapshots; cheap to clone.
#[derive(Clone)]
pub(super) struct LiveState {
    snapshots: watch::Sender<Arc<Snapshot>>,
}

impl LiveState {
    pub(super) fn new() -> Self {
        Self {
            snapshots: watch::Sender::new(Arc::new(Snapshot::default())),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.subscribe()
    }

    pub(super) fn now(&self) -> Arc<Snapshot> {
        self.snapshots.borrow().clone()
    }

    fn write(&self, change: impl FnOnce(&mut Snapshot)) {
        self.snapshots
            .send_modify(|snapshot| change(Arc::make_mut(snapshot)));
    }

    /// Marks the list of offers as requested.
    pub(super) fn offers_requested(&self) {
        if matches!(self.snapshots.borrow().offers, Remote::NotAsked) {
            self.write(|snapshot| snapshot.offers = Remote::Loading);
        }
    }

    /// Stores a new list of offers.
    pub(super) fn offers_read(&self, offers: Arc<[Arc<Offer>]>, left_out: usize, at: Timestamp) {
        self.write(|snapshot| {
            snapshot.offers = Remote::Fresh { value: offers, at };
            snapshot.offers_left_out = left_out;
            snapshot.offers_retry_at = None;
            snapshot.sign_in = None;
        });
    }

    /// Stores a failure to read the list of offers; it is retried at `retry_at`.
    pub(super) fn offers_failed(&self, failure: &Failure, at: Timestamp, retry_at: Option<Timestamp>) {
        self.write(|snapshot| {
            let known = std::mem::take(&mut snapshot.offers);
            snapshot.offers = known.failed(failure.text(), at);
            snapshot.offers_retry_at = retry_at;
            if failure.class == Class::SignIn {
                // In one step, so that no reader sees one without the other.
                snapshot.sign_in = Some(failure.text());
            }
        });
    }

    /// Stores the operations of an offer.
    pub(super) fn operations_read(&self, offer: &OfferId, operations: Operations, at: Timestamp) {
        self.write(|snapshot| {
            let known = Arc::make_mut(&mut snapshot.operations);
            known.insert(
                offer.clone(),
                Remote::Fresh {
                    value: Arc::new(operations),
                    at,
                },
            );
            snapshot.sign_in = None;
        });
    }

    /// Stores a failure to read the operations of an offer.
    pub(super) fn operations_failed(&self, offer: &OfferId, failure: &Failure, at: Timestamp) {
        self.write(|snapshot| {
            let known = Arc::make_mut(&mut snapshot.operations)
                .entry(offer.clone())
                .or_default();
            *known = std::mem::take(known).failed(failure.text(), at);
        });
        self.failed(failure);
    }

    /// Stores the details of an operation.
    pub(super) fn detail_read(
        &self,
        offer: &OfferId,
        operation: &OperationId,
        detail: Arc<OperationDetail>,
        at: Timestamp,
    ) {
        let key = (offer.clone(), operation.clone());
        self.write(|snapshot| {
            Arc::make_mut(&mut snapshot.details).insert(key, Remote::Fresh { value: detail, at });
            snapshot.sign_in = None;
        });
    }

    /// Stores a failure to read the details of an operation.
    pub(super) fn detail_failed(
        &self,
        offer: &OfferId,
        operation: &OperationId,
        failure: &Failure,
        at: Timestamp,
    ) {
        let key = (offer.clone(), operation.clone());
        self.write(|snapshot| {
            let known = Arc::make_mut(&mut snapshot.details).entry(key).or_default();
            *known = std::mem::take(known).failed(failure.text(), at);
        });
        self.failed(failure);
    }

    /// Drops the data of offers that are no longer listed.
    pub(super) fn keep_only(&self, offers: &BTreeMap<OfferId, Arc<Offer>>) {
        let snapshot = self.now();
        let is_gone = |offer: &OfferId| !offers.contains_key(offer);
        if snapshot.operations.keys().any(is_gone) || snapshot.details.keys().any(|(offer, _)| is_gone(offer))
        {
            self.write(|snapshot| {
                Arc::make_mut(&mut snapshot.operations).retain(|offer, _| !is_gone(offer));
                Arc::make_mut(&mut snapshot.details).retain(|(offer, _), _| !is_gone(offer));
            });
        }
    }

    /// Shows a failure beyond a single request; the next successful reading clears it.
    pub(super) fn failed(&self, failure: &Failure) {
        if failure.class == Class::SignIn {
            self.write(|snapshot| snapshot.sign_in = Some(failure.text()));
        }
    }

    /// Stores the progress of a cancellation; a new one goes to the top.
    pub(super) fn track(&self, tracked: Tracked) {
        self.write(|snapshot| {
            let all = Arc::make_mut(&mut snapshot.cancellations);
            let tracked = Arc::new(tracked);
            match all
                .iter_mut()
                .find(|known| known.cancellation.id == tracked.cancellation.id)
            {
                Some(known) => *known = tracked,
                None => all.insert(0, tracked),
            }
        });
    }

    /// Returns true if a follower is reading the state of exactly this operation.
    pub(super) fn is_operation_followed(&self, offer: &OfferId, operation: &OperationId) -> bool {
        self.snapshots.borrow().cancellations.iter().any(|tracked| {
            let target = &tracked.cancellation.request.target;
            tracked.is_watched()
                && target.offer.is(offer)
                && target.binding.operation().is_some_and(|id| id.is(operation))
        })
    }
}
