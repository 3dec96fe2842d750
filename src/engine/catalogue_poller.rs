//! Polling of the catalogue: the list of offers, their operations in flight, and the details of those.
//!
//! One task, one queue. The cost grows with the number in flight and in view, not with the catalogue.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        ids::{OfferId, OperationId},
        offer::{Offer, Offers},
        operation::{OperationDetail, Operations},
        remote::Remote,
    },
    engine::{
        clocks::Clocks,
        deps::EngineDeps,
        failure::Failure,
        live_state::LiveState,
        look::DETAILS,
        poll_queue::{PollItem, PollQueue},
        request_limiter::RequestLimiter,
    },
};

/// Offers that a person looks at, which are polled more often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// The selected offer, once the selection has settled.
    pub selected: Option<OfferId>,
    /// The offers of the visible rows.
    pub visible: Vec<OfferId>,
}

/// Interval for an offer at rest, if only its operations show whether it is.
const SLOW_ROUND: Duration = Duration::from_mins(10);

/// Requests of the engine to the poller; collected, so that no caller waits for it.
#[derive(Default)]
pub(super) struct PollRequests {
    wanted: Mutex<Wanted>,
    changed: Notify,
}

#[derive(Default)]
struct Wanted {
    refresh: bool,
    attention: Option<Attention>,
    moved: BTreeSet<OfferId>,
}

impl PollRequests {
    /// Requests everything now.
    pub(super) fn refresh(&self) {
        self.want(|wanted| wanted.refresh = true);
    }

    /// Sets the offers that a person looks at.
    pub(super) fn attend(&self, attention: Attention) {
        self.want(|wanted| wanted.attention = Some(attention));
    }

    /// Reports an event on an offer.
    pub(super) fn moved(&self, offer: OfferId) {
        self.want(|wanted| {
            wanted.moved.insert(offer);
        });
    }

    fn want(&self, wish: impl FnOnce(&mut Wanted)) {
        wish(&mut self.wanted.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    fn take(&self) -> Wanted {
        std::mem::take(&mut self.wanted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Answer to a poll item.
enum Answer {
    Offers(Result<Offers, Failure>),
    Operations(Result<Operations, Failure>),
    Detail(Result<OperationDetail, Failure>),
}

type UnderWay = Pin<Box<dyn Future<Output = (PollItem, Answer)> + Send>>;

/// The task that polls the catalogue.
pub(super) struct CataloguePoller {
    parts: Arc<EngineDeps>,
    live: LiveState,
    limiter: Arc<RequestLimiter>,
    wishes: Arc<PollRequests>,
    queue: PollQueue,
    offers: BTreeMap<OfferId, Arc<Offer>>,
    attention: Attention,
    visible: BTreeSet<OfferId>,
    under_way: FuturesUnordered<UnderWay>,
    clocks: Clocks,
}

impl CataloguePoller {
    pub(super) fn new(
        parts: Arc<EngineDeps>,
        live: LiveState,
        limiter: Arc<RequestLimiter>,
        wishes: Arc<PollRequests>,
    ) -> Self {
        let clocks = Clocks::new(parts.clock.now(), Instant::now());
        let mut queue = PollQueue::default();
        queue.at_the_latest(PollItem::Offers, Instant::now());
        Self {
            parts,
            live,
            limiter,
            wishes,
            queue,
            offers: BTreeMap::new(),
            attention: Attention::default(),
            visible: BTreeSet::new(),
            under_way: FuturesUnordered::new(),
            clocks,
        }
    }

    /// Polls the catalogue until stopped.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let wishes = self.wishes.clone();
        loop {
            self.notice_a_jump();
            self.start_due_items();
            let next = self.next_start();
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                Some((item, answer)) = self.under_way.next() => self.take_in(&item, answer),
                () = wishes.changed.notified() => self.hear(wishes.take()),
                () = tokio::time::sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
            }
        }
    }

    fn notice_a_jump(&mut self) {
        if self.clocks.have_parted(self.parts.clock.now(), Instant::now()) {
            self.limiter.end_cooldown();
            self.queue.all_due(Instant::now());
        }
    }

    fn start_due_items(&mut self) {
        if self.limiter.cooldown().is_some() {
            return;
        }
        while self.under_way.len() < self.limiter.concurrency() {
            let Some(item) = self.queue.take_due(Instant::now()) else {
                return;
            };
            if let PollItem::Detail(offer, operation) = &item
                && self.live.is_operation_followed(offer, operation)
            {
                // Its follower reads it more often than the poller would.
                let again = Instant::now() + self.detail_interval(offer);
                self.queue.left(&item, again);
                continue;
            }
            if item == PollItem::Offers {
                self.live.offers_requested();
            }
            self.under_way.push(poll(self.parts.clone(), item));
        }
    }

    /// Returns the start of the next request: when one is due, a permit is free, and no cooldown applies.
    fn next_start(&self) -> Option<Instant> {
        let permit_is_free = self.under_way.len() < self.limiter.concurrency();
        let due = self.queue.next_due().filter(|_| permit_is_free)?;
        Some(due.max(Instant::now() + self.limiter.cooldown().unwrap_or_default()))
    }

    fn hear(&mut self, wanted: Wanted) {
        let now = Instant::now();
        if wanted.refresh {
            self.queue.all_due(now);
        }
        for offer in wanted.moved {
            self.queue.at_the_latest(PollItem::Operations(offer), now);
            self.queue.at_the_latest(PollItem::Offers, now);
        }
        if let Some(attention) = wanted.attention {
            self.visible = attention.visible.iter().cloned().collect();
            self.attention = attention;
            if let Some(selected) = self.attention.selected.clone() {
                self.queue.no_older_than(
                    PollItem::Operations(selected),
                    self.parts.poll_intervals.visible,
                    now,
                );
            }
            for offer in self
                .visible
                .iter()
                .chain(&self.attention.selected)
                .cloned()
                .collect::<Vec<_>>()
            {
                self.want_details(&offer);
            }
        }
    }

    fn is_seen(&self, offer: &OfferId) -> bool {
        self.visible.contains(offer) || self.attention.selected.as_ref() == Some(offer)
    }

    fn detail_interval(&self, offer: &OfferId) -> Duration {
        if self.is_seen(offer) {
            self.parts.poll_intervals.visible
        } else {
            self.parts.poll_intervals.hidden
        }
    }

    /// Makes the details of active operations on `offer` due: at once if visible, later if not.
    fn want_details(&mut self, offer: &OfferId) {
        let snapshot = self.live.now();
        let Some(operations) = snapshot.operations_of(offer).and_then(|known| known.value()) else {
            return;
        };
        let now = Instant::now();
        let interval = self.detail_interval(offer);
        for id in detailed_operations(operations) {
            let item = PollItem::Detail(offer.clone(), id);
            if self.is_seen(offer) || self.queue.was_read(&item) {
                self.queue.no_older_than(item, interval, now);
            } else {
                self.queue.at_the_latest(item, now + interval);
            }
        }
    }

    fn take_in(&mut self, item: &PollItem, answer: Answer) {
        let now = Instant::now();
        match (item, answer) {
            (PollItem::Offers, Answer::Offers(Ok(offers))) => {
                self.queue
                    .answered(item, now, Some(self.parts.poll_intervals.offers));
                self.take_in_offers(offers);
            }
            (PollItem::Operations(offer), Answer::Operations(Ok(operations))) => {
                let again = self.operations_again(offer, &operations);
                self.queue.answered(item, now, again);
                self.take_in_operations(offer, operations);
            }
            (PollItem::Detail(offer, operation), Answer::Detail(Ok(detail))) => {
                let is_active = detail.state.is_active();
                self.queue
                    .answered(item, now, is_active.then(|| self.detail_interval(offer)));
                if !is_active && self.was_active(offer, operation) {
                    // An end is news for the lists; if they lag behind, they are still not read more often.
                    let age = self.parts.poll_intervals.visible;
                    self.queue
                        .no_older_than(PollItem::Operations(offer.clone()), age, now);
                    self.queue.no_older_than(PollItem::Offers, age, now);
                }
                self.limiter.answered();
                self.live
                    .detail_read(offer, operation, Arc::new(detail), self.parts.clock.now());
            }
            (
                _,
                Answer::Offers(Err(failure))
                | Answer::Operations(Err(failure))
                | Answer::Detail(Err(failure)),
            ) => self.take_in_failure(item, &failure),
            // The answer always matches its item.
            (_, Answer::Offers(Ok(_)) | Answer::Operations(Ok(_)) | Answer::Detail(Ok(_))) => {}
        }
    }

    /// After what time the operations of an offer are read again; never, where the list of offers tells when there are some.
    fn operations_again(&self, offer: &OfferId, operations: &Operations) -> Option<Duration> {
        let at_rest = self.offers.get(offer).is_some_and(|offer| offer.is_at_rest());
        let usual = self.parts.poll_intervals.offers;
        if operations.active().next().is_some() {
            Some(usual)
        } else if self.parts.catalogue.characteristics().list_tells_state {
            (!at_rest).then_some(usual)
        } else {
            Some(usual.max(SLOW_ROUND))
        }
    }

    fn was_active(&self, offer: &OfferId, operation: &OperationId) -> bool {
        let snapshot = self.live.now();
        let known = snapshot.details.get(&(offer.clone(), operation.clone()));
        known
            .and_then(Remote::value)
            .is_none_or(|detail| detail.state.is_active())
    }

    fn take_in_offers(&mut self, listed: Offers) {
        let now = Instant::now();
        let mut offers = BTreeMap::new();
        let mut in_order = Vec::with_capacity(listed.list.len());
        let mut again = 0;
        for offer in listed.list {
            // An offer that is listed twice is still one: rows and marks are identified by id alone.
            if offers.contains_key(&offer.id) {
                again += 1;
                continue;
            }
            let before = self.offers.get(&offer.id);
            let has_moved = before.is_some_and(|before| **before != offer);
            let tells = self.parts.catalogue.characteristics().list_tells_state;
            if has_moved || (before.is_none() && !offer.is_at_rest()) {
                self.queue
                    .at_the_latest(PollItem::Operations(offer.id.clone()), now);
            } else if tells && !offer.is_at_rest() {
                self.queue.no_older_than(
                    PollItem::Operations(offer.id.clone()),
                    self.parts.poll_intervals.offers,
                    now,
                );
            }
            // Unchanged parts stay the same allocation, so that faces can compare by address.
            let offer = match before {
                Some(before) if !has_moved => before.clone(),
                _ => Arc::new(offer),
            };
            in_order.push(offer.clone());
            offers.insert(offer.id.clone(), offer);
        }
        if again > 0 {
            tracing::warn!(again, "offers are listed more than once");
        }
        self.offers = offers;
        let offers = &self.offers;
        self.queue.retain(|item| match item {
            PollItem::Offers => true,
            PollItem::Operations(offer) | PollItem::Detail(offer, _) => offers.contains_key(offer),
        });
        self.limiter.answered();
        self.live.keep_only(&self.offers);
        let now = self.parts.clock.now();
        self.live.offers_read(in_order.into(), listed.left_out, now);
    }

    fn take_in_operations(&mut self, offer: &OfferId, operations: Operations) {
        let looked_into: BTreeSet<_> = detailed_operations(&operations).collect();
        self.limiter.answered();
        self.live
            .operations_read(offer, operations, self.parts.clock.now());
        self.queue.retain(|item| match item {
            PollItem::Detail(of, operation) => of != offer || looked_into.contains(operation),
            PollItem::Offers | PollItem::Operations(_) => true,
        });
        self.want_details(offer);
    }

    fn take_in_failure(&mut self, item: &PollItem, failure: &Failure) {
        tracing::warn!(%failure, "the catalogue could not be read");
        self.limiter.failed(failure);
        let wait = self
            .queue
            .failed(item, Instant::now(), &self.parts.poll_intervals, failure);
        let wait = wait.max(self.limiter.cooldown().unwrap_or_default());
        let now = self.parts.clock.now();
        match item {
            PollItem::Offers => self.live.offers_failed(failure, now, now.checked_add(wait).ok()),
            PollItem::Operations(offer) => self.live.operations_failed(offer, failure, now),
            PollItem::Detail(offer, operation) => self.live.detail_failed(offer, operation, failure, now),
        }
    }
}

/// Returns the operations of an offer whose details are read: active ones, as many as a person can take in.
fn detailed_operations(operations: &Operations) -> impl Iterator<Item = OperationId> {
    let active = operations.active().filter_map(|operation| operation.id.clone());
    active.take(DETAILS)
}

fn poll(parts: Arc<EngineDeps>, item: PollItem) -> UnderWay {
    Box::pin(async move {
        let (catalogue, publisher) = (&*parts.catalogue, &parts.publisher);
        let answer = match &item {
            PollItem::Offers => Answer::Offers(catalogue.offers(publisher).await),
            PollItem::Operations(offer) => Answer::Operations(catalogue.operations(publisher, offer).await),
            PollItem::Detail(offer, operation) => {
                Answer::Detail(catalogue.operation(publisher, offer, operation).await)
            }
        };
        (item, answer)
    })
}
