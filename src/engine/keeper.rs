//! Keeps the catalogue fresh: the list of offers, what is in flight on them, and the inside of that.
//!
//! One task, one agenda. The cost grows with what is in flight and what is looked at, not with the catalogue.

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
        agenda::{Agenda, Ask},
        board::Board,
        clocks::Clocks,
        failure::Failure,
        handle::{Attention, Parts},
        lanes::Lanes,
        look::DETAILS,
    },
};

/// What the rest of the engine wants of the keeper; collected, so that nobody ever waits for it.
#[derive(Default)]
pub(super) struct Wishes {
    wanted: Mutex<Wanted>,
    changed: Notify,
}

#[derive(Default)]
struct Wanted {
    refresh: bool,
    attention: Option<Attention>,
    moved: BTreeSet<OfferId>,
}

impl Wishes {
    /// Everything is to be asked for now.
    pub(super) fn refresh(&self) {
        self.want(|wanted| wanted.refresh = true);
    }

    /// A person looks elsewhere.
    pub(super) fn attend(&self, attention: Attention) {
        self.want(|wanted| wanted.attention = Some(attention));
    }

    /// Something happened to an offer.
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

/// What an ask brought.
enum Answer {
    Offers(Result<Offers, Failure>),
    Operations(Result<Operations, Failure>),
    Detail(Result<OperationDetail, Failure>),
}

type UnderWay = Pin<Box<dyn Future<Output = (Ask, Answer)> + Send>>;

/// The task that keeps the catalogue.
pub(super) struct Keeper {
    parts: Arc<Parts>,
    board: Board,
    lanes: Arc<Lanes>,
    wishes: Arc<Wishes>,
    agenda: Agenda,
    offers: BTreeMap<OfferId, Arc<Offer>>,
    attention: Attention,
    visible: BTreeSet<OfferId>,
    under_way: FuturesUnordered<UnderWay>,
    clocks: Clocks,
}

impl Keeper {
    pub(super) fn new(parts: Arc<Parts>, board: Board, lanes: Arc<Lanes>, wishes: Arc<Wishes>) -> Self {
        let clocks = Clocks::new(parts.clock.now(), Instant::now());
        let mut agenda = Agenda::default();
        agenda.at_the_latest(Ask::Offers, Instant::now());
        Self {
            parts,
            board,
            lanes,
            wishes,
            agenda,
            offers: BTreeMap::new(),
            attention: Attention::default(),
            visible: BTreeSet::new(),
            under_way: FuturesUnordered::new(),
            clocks,
        }
    }

    /// Keeps the catalogue until told to stop.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let wishes = self.wishes.clone();
        loop {
            self.notice_a_jump();
            self.begin_what_is_due();
            let next = self.next_start();
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                Some((ask, answer)) = self.under_way.next() => self.take_in(&ask, answer),
                () = wishes.changed.notified() => self.hear(wishes.take()),
                () = tokio::time::sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
            }
        }
    }

    fn notice_a_jump(&mut self) {
        if self.clocks.have_parted(self.parts.clock.now(), Instant::now()) {
            self.lanes.end_rest();
            self.agenda.all_due(Instant::now());
        }
    }

    fn begin_what_is_due(&mut self) {
        if self.lanes.rest().is_some() {
            return;
        }
        while self.under_way.len() < self.lanes.width() {
            let Some(ask) = self.agenda.take_due(Instant::now()) else {
                return;
            };
            if let Ask::Detail(offer, operation) = &ask
                && self.board.is_operation_followed(offer, operation)
            {
                // Its follower reads it more often than we would.
                let again = Instant::now() + self.detail_interval(offer);
                self.agenda.left(&ask, again);
                continue;
            }
            if ask == Ask::Offers {
                self.board.offers_asked();
            }
            self.under_way.push(asking(self.parts.clone(), ask));
        }
    }

    /// When the next request may begin: when one is due, a lane is free and nobody must rest.
    fn next_start(&self) -> Option<Instant> {
        let lane_is_free = self.under_way.len() < self.lanes.width();
        let due = self.agenda.next_due().filter(|_| lane_is_free)?;
        Some(due.max(Instant::now() + self.lanes.rest().unwrap_or_default()))
    }

    fn hear(&mut self, wanted: Wanted) {
        let now = Instant::now();
        if wanted.refresh {
            self.agenda.all_due(now);
        }
        for offer in wanted.moved {
            self.agenda.at_the_latest(Ask::Operations(offer), now);
            self.agenda.at_the_latest(Ask::Offers, now);
        }
        if let Some(attention) = wanted.attention {
            self.visible = attention.visible.iter().cloned().collect();
            self.attention = attention;
            if let Some(selected) = self.attention.selected.clone() {
                self.agenda
                    .no_older_than(Ask::Operations(selected), self.parts.pace.visible, now);
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
            self.parts.pace.visible
        } else {
            self.parts.pace.hidden
        }
    }

    /// Makes the inside of what is active on `offer` due: at once where it is looked at, later where it is not.
    fn want_details(&mut self, offer: &OfferId) {
        let snapshot = self.board.now();
        let Some(operations) = snapshot.operations_of(offer).and_then(|known| known.value()) else {
            return;
        };
        let now = Instant::now();
        let interval = self.detail_interval(offer);
        for id in worth_a_look(operations) {
            let ask = Ask::Detail(offer.clone(), id);
            if self.is_seen(offer) || self.agenda.was_read(&ask) {
                self.agenda.no_older_than(ask, interval, now);
            } else {
                self.agenda.at_the_latest(ask, now + interval);
            }
        }
    }

    fn take_in(&mut self, ask: &Ask, answer: Answer) {
        let now = Instant::now();
        match (ask, answer) {
            (Ask::Offers, Answer::Offers(Ok(offers))) => {
                self.agenda.answered(ask, now, Some(self.parts.pace.offers));
                self.take_in_offers(offers);
            }
            (Ask::Operations(offer), Answer::Operations(Ok(operations))) => {
                let at_rest = self.offers.get(offer).is_some_and(|offer| offer.is_at_rest());
                let again =
                    (!at_rest || operations.active().next().is_some()).then_some(self.parts.pace.offers);
                self.agenda.answered(ask, now, again);
                self.take_in_operations(offer, operations);
            }
            (Ask::Detail(offer, operation), Answer::Detail(Ok(detail))) => {
                let is_active = detail.state.is_active();
                self.agenda
                    .answered(ask, now, is_active.then(|| self.detail_interval(offer)));
                if !is_active && self.was_active(offer, operation) {
                    // An end is news for the lists; where they lag behind, they are not asked more often for it.
                    let age = self.parts.pace.visible;
                    self.agenda
                        .no_older_than(Ask::Operations(offer.clone()), age, now);
                    self.agenda.no_older_than(Ask::Offers, age, now);
                }
                self.lanes.answered();
                self.board
                    .detail_read(offer, operation, Arc::new(detail), self.parts.clock.now());
            }
            (
                _,
                Answer::Offers(Err(failure))
                | Answer::Operations(Err(failure))
                | Answer::Detail(Err(failure)),
            ) => self.take_in_failure(ask, &failure),
            // An answer to something else than what was asked cannot be made.
            (_, Answer::Offers(Ok(_)) | Answer::Operations(Ok(_)) | Answer::Detail(Ok(_))) => {}
        }
    }

    fn was_active(&self, offer: &OfferId, operation: &OperationId) -> bool {
        let snapshot = self.board.now();
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
            // Listed twice it is still one offer: rows and marks are told apart by id alone.
            if offers.contains_key(&offer.id) {
                again += 1;
                continue;
            }
            let before = self.offers.get(&offer.id);
            let has_moved = before.is_some_and(|before| **before != offer);
            if has_moved || (before.is_none() && !offer.is_at_rest()) {
                self.agenda.at_the_latest(Ask::Operations(offer.id.clone()), now);
            } else if !offer.is_at_rest() {
                self.agenda
                    .no_older_than(Ask::Operations(offer.id.clone()), self.parts.pace.offers, now);
            }
            // What did not change stays the same allocation, so that faces can compare by address.
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
        self.agenda.retain(|ask| match ask {
            Ask::Offers => true,
            Ask::Operations(offer) | Ask::Detail(offer, _) => offers.contains_key(offer),
        });
        self.lanes.answered();
        self.board.keep_only(&self.offers);
        let now = self.parts.clock.now();
        self.board.offers_read(in_order.into(), listed.left_out, now);
    }

    fn take_in_operations(&mut self, offer: &OfferId, operations: Operations) {
        let looked_into: BTreeSet<_> = worth_a_look(&operations).collect();
        self.lanes.answered();
        self.board
            .operations_read(offer, operations, self.parts.clock.now());
        self.agenda.retain(|ask| match ask {
            Ask::Detail(of, operation) => of != offer || looked_into.contains(operation),
            Ask::Offers | Ask::Operations(_) => true,
        });
        self.want_details(offer);
    }

    fn take_in_failure(&mut self, ask: &Ask, failure: &Failure) {
        tracing::warn!(%failure, "the catalogue could not be read");
        self.lanes.failed(failure);
        let wait = self.agenda.failed(ask, Instant::now(), &self.parts.pace, failure);
        let wait = wait.max(self.lanes.rest().unwrap_or_default());
        let now = self.parts.clock.now();
        match ask {
            Ask::Offers => self.board.offers_failed(failure, now, now.checked_add(wait).ok()),
            Ask::Operations(offer) => self.board.operations_failed(offer, failure, now),
            Ask::Detail(offer, operation) => self.board.detail_failed(offer, operation, failure, now),
        }
    }
}

/// The operations of an offer whose inside is read: of the active ones no more than a person can take in.
fn worth_a_look(operations: &Operations) -> impl Iterator<Item = OperationId> {
    let active = operations.active().filter_map(|operation| operation.id.clone());
    active.take(DETAILS)
}

fn asking(parts: Arc<Parts>, ask: Ask) -> UnderWay {
    Box::pin(async move {
        let (catalogue, publisher) = (&*parts.catalogue, &parts.publisher);
        let answer = match &ask {
            Ask::Offers => Answer::Offers(catalogue.offers(publisher).await),
            Ask::Operations(offer) => Answer::Operations(catalogue.operations(publisher, offer).await),
            Ask::Detail(offer, operation) => {
                Answer::Detail(catalogue.operation(publisher, offer, operation).await)
            }
        };
        (ask, answer)
    })
}
