//! A large publisher, and an in-memory service for it: without sockets, so that a paused clock controls it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        confirmation::Address,
        ids::{OfferId, OperationId, PublisherId},
        lead::Lead,
        offer::{Offer, Offers},
        operation::{
            Baseline, CancelState, Destination, Operation, OperationDetail, Operations, Source, Step,
        },
        status::Status,
        target::Target,
    },
    engine::{
        Failure,
        ports::{Canceller, Catalogue, Clock, Reading, ReadyToSend, SendFailure},
    },
    service::cpp::{self, status},
};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Start of simulated time: 2026-11-22T12:00:00Z.
const EPOCH: i64 = 1_795_348_800;

/// Returns the start time of all measurements.
pub(crate) fn epoch() -> Timestamp {
    Timestamp::from_second(EPOCH).unwrap()
}

/// Returns `count` offers, the first `in_flight` of them being published, the others at rest.
pub(crate) fn offers(count: usize, in_flight: usize) -> Vec<Offer> {
    (1..=count)
        .map(|number| offer(number, number <= in_flight))
        .collect()
}

fn offer(number: usize, in_flight: bool) -> Offer {
    let (kind, state, version) = words(number, in_flight);
    let minutes = i64::try_from(number * 37 % 500_000).unwrap();
    Offer {
        id: format!("contoso-{number:05}").as_str().into(),
        publisher: "contoso".into(),
        name: format!("Contoso Offer {number}").into(),
        kind: format!("microsoft-azure-{kind}").into(),
        state: status(state),
        version: i64::try_from(version).ok(),
        changed_at: Some(epoch() - SignedDuration::from_mins(minutes)),
    }
}

/// Returns the same offer as a line of text, formatted without any work.
pub(crate) fn line(number: usize, in_flight: bool) -> String {
    let (kind, state, version) = words(number, in_flight);
    format!("contoso-{number:05} {kind:<15} {state:<14} Contoso Offer {number:<6} {version}")
}

fn words(number: usize, in_flight: bool) -> (&'static str, &'static str, usize) {
    let resting = ["succeeded", "neverPublished", "failed", "canceled"][number % 4];
    let kind = ["virtualmachines", "applications", "saas", "container"][number / 3 % 4];
    (kind, if in_flight { "running" } else { resting }, number % 97)
}

/// Returns the active operation of an offer in flight.
pub(crate) fn operation(offer: &OfferId, state: Status) -> Operation {
    Operation {
        id: Some(operation_id(offer)),
        kind: "publish".into(),
        destination: Destination::Preview,
        state,
        offer_version: Some(7),
        version: Some(7),
        changed_at: Some(epoch() - SignedDuration::from_mins(20)),
    }
}

pub(crate) fn operation_id(offer: &OfferId) -> OperationId {
    OperationId::new(&format!("5a63deb5-925b-4ee0-938b-{}", offer.raw()))
}

/// Service that counts its requests.
pub(crate) struct Publisher {
    offers: Vec<Offer>,
    /// Times of the cancels.
    canceled: Arc<Mutex<BTreeMap<OfferId, Instant>>>,
    /// Duration of a cancel: `takes`, and `apart` more for each one before it.
    takes: Duration,
    apart: Duration,
    began: Instant,
    /// Reads of one operation, by its id or through a location.
    pub(crate) reads: AtomicUsize,
}

impl Publisher {
    /// Creates the service. Call inside a runtime.
    pub(crate) fn new(offers: Vec<Offer>, takes: Duration, apart: Duration) -> Arc<Self> {
        Arc::new(Self {
            offers,
            canceled: Arc::default(),
            takes,
            apart,
            began: Instant::now(),
            reads: AtomicUsize::new(0),
        })
    }

    fn find(&self, offer: &OfferId) -> Option<&Offer> {
        self.offers.iter().find(|known| known.id == *offer)
    }

    fn state(&self, offer: &OfferId) -> Status {
        let canceled = self.canceled.lock().unwrap();
        let place = canceled.keys().position(|canceled| canceled == offer);
        let ends = canceled.get(offer).zip(place).map(|(at, place)| {
            let waits = u32::try_from(place).unwrap_or(u32::MAX);
            *at + self.takes + self.apart * waits
        });
        let has_ended = ends.is_some_and(|ends| ends <= Instant::now());
        status(if has_ended { "canceled" } else { "running" })
    }

    fn detail(&self, offer: &OfferId) -> OperationDetail {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let step = |name: &str, state: &str| Step {
            id: name.into(),
            name: name.into(),
            state: status(state),
            estimate: "< 5 days".into(),
            messages: Vec::new(),
        };
        OperationDetail {
            state: self.state(offer),
            cancel_state: CancelState::CanCancel,
            steps: vec![
                step("Validate Pre-Requisites", "complete"),
                step("Certification", "inProgress"),
                step("Provisioning", "notStarted"),
                step("Live", "notStarted"),
            ],
            messages: Vec::new(),
        }
    }
}

impl Clock for Publisher {
    fn now(&self) -> Timestamp {
        epoch() + self.began.elapsed()
    }
}

#[async_trait]
impl Catalogue for Publisher {
    fn characteristics(&self) -> &'static countermand::engine::Characteristics {
        countermand::service::cpp::CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        Ok(vec!["contoso".into()])
    }

    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        Ok(self.offers.clone().into())
    }

    async fn operations(&self, _: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        let runs = self.find(offer).is_some_and(|offer| !offer.is_at_rest());
        Ok(Operations {
            source: Source::Submissions,
            list: runs
                .then(|| operation(offer, self.state(offer)))
                .into_iter()
                .collect(),
            detail: None,
            left_out: 0,
            baseline: None,
        })
    }

    async fn operation(
        &self,
        _: &PublisherId,
        offer: &OfferId,
        _: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        Ok(self.detail(offer))
    }

    async fn offer_status(&self, _: &PublisherId, offer: &OfferId) -> Result<OperationDetail, Failure> {
        Ok(self.detail(offer))
    }

    async fn track(
        &self,
        target: &Target,
        _: Option<&Lead>,
        _: Option<&Baseline>,
    ) -> Result<Reading, Failure> {
        Ok(Reading {
            detail: self.detail(&target.offer),
            retry_after: None,
            by_absence: false,
        })
    }
}

#[async_trait]
impl Canceller for Publisher {
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        Ok(Box::new(Connected {
            canceled: self.canceled.clone(),
            offer: target.offer.clone(),
        }))
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// A connection for one cancel.
struct Connected {
    canceled: Arc<Mutex<BTreeMap<OfferId, Instant>>>,
    offer: OfferId,
}

#[async_trait]
impl ReadyToSend for Connected {
    fn is_open(&self) -> bool {
        true
    }

    async fn send(self: Box<Self>, _: &[Address], _: Instant) -> Result<Answer, SendFailure> {
        self.canceled.lock().unwrap().insert(self.offer, Instant::now());
        Ok(Answer {
            correlation_id: Some("0b6c5c4e-7a1b-4c5e-9f7e-0a1b2c3d4e5f".into()),
            ..cpp::answer(202, false)
        })
    }
}
