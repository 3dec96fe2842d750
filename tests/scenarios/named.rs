//! A service in memory that is unlike the one there is: a cancel names its operation, its success is that the operation
//! is there no more, and its list of offers tells no state. It stands where another service would.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::{Answer, Outcome},
        confirmation::Address,
        ids::{OfferId, OperationId, PublisherId},
        lead::Lead,
        offer::{Offer, Offers},
        operation::{Baseline, CancelState, Destination, Operation, OperationDetail, Operations, Source},
        status::{Phase, Status},
        target::{CancelNames, Target},
        text::SafeText,
    },
    engine::{
        Characteristics, Class, Failure, PollIntervals,
        ports::{Canceller, Catalogue, Reading, ReadyToSend, SendFailure},
    },
};
use tokio::time::Instant;

use crate::conformance::Course;

/// What has to be known of it.
pub(crate) const CHARACTERISTICS: &Characteristics = &Characteristics {
    name: "a service that cancels by name",
    origin: "https://named.example",
    audience: "https://named.example",
    cancel_names: CancelNames::Operation,
    notifies: false,
    list_tells_state: false,
    pace: PollIntervals::USUAL,
    operation_address: "{origin}/products/{offer}/submissions/{operation}",
};

/// How long after the first proof of absence the second is due.
const PROOFS_APART: Duration = Duration::from_millis(100);

/// The offer, its operations, and what happens to a cancel.
pub(crate) struct Named {
    course: Course,
    world: Mutex<World>,
}

struct World {
    operations: Vec<(OperationId, Status)>,
    /// The ids that a cancel named.
    posts: Vec<OperationId>,
    carried_out: Vec<OperationId>,
    mailed: usize,
    absent_since: Option<Instant>,
}

fn running() -> Status {
    Status::new("InProgress/Submitted", Phase::Running)
}

fn failure(class: Class, what: &str) -> Failure {
    Failure {
        class,
        request: "a question".into(),
        what: what.into(),
        advice: "ask again".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

impl Named {
    pub(crate) fn new(course: Course) -> Arc<Self> {
        let mut operations = vec![(OperationId::new("1152921505695125040"), running())];
        if course == Course::TwoActive {
            operations.push((OperationId::new("1152921505695125041"), running()));
        }
        Arc::new(Self {
            course,
            world: Mutex::new(World {
                operations,
                posts: Vec::new(),
                carried_out: Vec::new(),
                mailed: 0,
                absent_since: None,
            }),
        })
    }

    pub(crate) fn posts(&self) -> usize {
        self.world.lock().unwrap().posts.len()
    }

    pub(crate) fn carried_out(&self) -> usize {
        self.world.lock().unwrap().carried_out.len()
    }

    pub(crate) fn mailed(&self) -> usize {
        self.world.lock().unwrap().mailed
    }

    fn detail(state: Status) -> OperationDetail {
        OperationDetail {
            state,
            cancel_state: CancelState::Unknown,
            steps: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// What the service answers to the cancel of `id`, of which it may be long in doing something.
    fn receive(&self, id: &OperationId, notify: &[Address]) -> Result<Answer, SendFailure> {
        let mut world = self.world.lock().unwrap();
        world.posts.push(id.clone());
        world.mailed += notify.len();
        let first = world.posts.len() == 1;
        match self.course {
            Course::Throttled if first => {
                return Ok(Answer {
                    retry_after: Some(Duration::from_millis(50)),
                    ..Answer::new(429, Outcome::Throttled)
                });
            }
            Course::Refused => return Ok(Answer::new(409, Outcome::Refused)),
            Course::LostAndNotCarriedOut => {
                return Err(SendFailure::AnswerLost(failure(Class::Transient, "reset")));
            }
            Course::TooLate => {
                let live = Status::new("Published/InStore", Phase::Succeeded);
                world
                    .operations
                    .iter_mut()
                    .for_each(|(_, state)| *state = live.clone());
                return Ok(Answer::new(409, Outcome::Refused));
            }
            Course::Gone => {
                world.operations.retain(|(known, _)| !known.is(id));
                return Ok(Answer::new(404, Outcome::Gone));
            }
            _ => {}
        }
        world.operations.retain(|(known, _)| !known.is(id));
        world.carried_out.push(id.clone());
        match self.course {
            Course::LostAndCarriedOut => Err(SendFailure::AnswerLost(failure(Class::Transient, "reset"))),
            _ => Ok(Answer::new(204, Outcome::Accepted)),
        }
    }
}

#[async_trait]
impl Catalogue for Named {
    fn characteristics(&self) -> &'static Characteristics {
        CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        Ok(vec!["account".into()])
    }

    async fn offers(&self, publisher: &PublisherId) -> Result<Offers, Failure> {
        Ok(vec![Offer {
            id: "contoso-vm".into(),
            publisher: publisher.clone(),
            name: "contoso-vm".into(),
            kind: SafeText::default(),
            state: Status::default(),
            version: None,
            changed_at: None,
        }]
        .into())
    }

    async fn operations(&self, _: &PublisherId, _: &OfferId) -> Result<Operations, Failure> {
        let world = self.world.lock().unwrap();
        let operation = |(id, state): &(OperationId, Status)| Operation {
            id: Some(id.clone()),
            kind: "publish".into(),
            destination: Destination::Preview,
            state: state.clone(),
            offer_version: Some(28),
            version: None,
            changed_at: None,
        };
        Ok(Operations {
            source: Source::Submissions,
            list: world.operations.iter().map(operation).collect(),
            detail: None,
            left_out: 0,
            baseline: Some(Baseline("release 28".into())),
        })
    }

    async fn operation(
        &self,
        _: &PublisherId,
        _: &OfferId,
        id: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        let world = self.world.lock().unwrap();
        let found = world.operations.iter().find(|(known, _)| known.is(id));
        let (_, state) = found.ok_or_else(|| failure(Class::NotFound, "no such submission"))?;
        Ok(Self::detail(state.clone()))
    }

    async fn offer_status(&self, _: &PublisherId, _: &OfferId) -> Result<OperationDetail, Failure> {
        Err(failure(Class::NotFound, "there is no such route"))
    }

    /// Absent twice, some time apart, is canceled; and only against what the look before the request saw.
    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        baseline: Option<&Baseline>,
    ) -> Result<Reading, Failure> {
        assert_eq!(lead, None, "it gives no leads");
        assert_eq!(
            baseline,
            Some(&Baseline("release 28".into())),
            "as the look kept it"
        );
        let id = target.binding.operation().unwrap();
        if let Ok(detail) = self.operation(&target.publisher, &target.offer, id).await {
            self.world.lock().unwrap().absent_since = None;
            return Ok(Reading {
                detail,
                retry_after: None,
                by_absence: false,
            });
        }
        let since = *self
            .world
            .lock()
            .unwrap()
            .absent_since
            .get_or_insert_with(Instant::now);
        let is_proved = since.elapsed() >= PROOFS_APART;
        let state = if is_proved {
            Status::new("gone", Phase::Canceled)
        } else {
            Status::new("gone, to be looked at again", Phase::Unknown)
        };
        Ok(Reading {
            detail: Self::detail(state),
            retry_after: (!is_proved).then_some(PROOFS_APART),
            by_absence: is_proved,
        })
    }
}

/// The sender of its cancels.
pub(crate) struct NamedSender(pub(crate) Arc<Named>);

struct Ready(Arc<Named>, OperationId);

#[async_trait]
impl Canceller for NamedSender {
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        let id = target.binding.operation().unwrap().clone();
        Ok(Box::new(Ready(self.0.clone(), id)))
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        Ok(())
    }
}

#[async_trait]
impl ReadyToSend for Ready {
    fn is_open(&self) -> bool {
        true
    }

    async fn send(self: Box<Self>, notify: &[Address], not_after: Instant) -> Result<Answer, SendFailure> {
        assert!(Instant::now() <= not_after, "the look is old by now");
        self.0.receive(&self.1, notify)
    }
}
