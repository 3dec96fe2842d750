//! A model of the service: what it carries out, what it only says, and what it loses.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        confirmation::Address,
        ids::{OfferId, OperationId, PublisherId},
        location::{Location, Way},
        offer::Offers,
        operation::{CancelState, Destination, Operation, OperationDetail, Operations, Source},
        status::Status,
        target::Target,
    },
    engine::{
        Class, Failure,
        ports::{Catalogue, Followed, SendFailure},
    },
};
use tokio::time::Instant;

use crate::dice::Dice;

pub(crate) struct Service {
    dice: Dice,
    began: Instant,
    world: Mutex<World>,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) is_well: bool,
    pub(crate) runs: Vec<Run>,
    pub(crate) cancels: Vec<Cancel>,
    pub(crate) met: BTreeSet<&'static str>,
    pub(crate) story: Vec<String>,
}

/// One operation of the offer.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) id: String,
    /// When and how it ends by itself.
    pub(crate) own_end: (Duration, &'static str),
    pub(crate) canceled_at: Option<Duration>,
}

/// One cancel that reached the service.
#[derive(Clone, Debug)]
pub(crate) struct Cancel {
    pub(crate) confirmation: String,
    pub(crate) status: u16,
    /// The operation that it was carried out on.
    pub(crate) hit: Option<String>,
    /// When the service answered, whether or not the answer arrived.
    pub(crate) answered_at: Duration,
    /// The state over time of the operation that stands for the cancel.
    own_operation: Vec<(Duration, &'static str)>,
}

impl Run {
    /// The state at `at`: a cancel counts only if it came before the end.
    pub(crate) fn state(&self, at: Duration) -> &'static str {
        match self.canceled_at {
            Some(canceled_at) if canceled_at < self.own_end.0 && at >= canceled_at => "canceled",
            _ if at >= self.own_end.0 => self.own_end.1,
            _ => "running",
        }
    }

    /// When it ended, one way or the other.
    pub(crate) fn ended_at(&self) -> Duration {
        self.canceled_at
            .map_or(self.own_end.0, |canceled_at| canceled_at.min(self.own_end.0))
    }
}

impl Service {
    pub(crate) fn new(dice: Dice) -> Self {
        let service = Self {
            dice,
            began: Instant::now(),
            world: Mutex::default(),
        };
        service.begin_run();
        service
    }

    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub(crate) fn tell(&self, line: &str) {
        let at = self.now().as_secs_f64();
        self.world().story.push(format!("{at:9.3} {line}"));
    }

    pub(crate) fn meet(&self, what: &'static str) {
        self.world().met.insert(what);
    }

    /// From now on nothing fails, and what runs ends within ten minutes.
    pub(crate) fn heal(&self) {
        let now = self.now();
        let mut world = self.world();
        world.is_well = true;
        for run in &mut world.runs {
            if run.own_end.0 > now + Duration::from_mins(10) {
                run.own_end.0 = now + Duration::from_mins(10);
            }
        }
    }

    /// Begins another operation, mostly only if none is active.
    fn begin_run(&self) {
        let now = self.now();
        let lasts = if self.dice.chance(50) {
            self.dice.seconds(90)
        } else {
            self.dice.seconds(4_000)
        };
        let end = self.dice.pick(&["succeeded", "failed", "completed"]);
        let beside_another = self.dice.chance(5);
        let mut world = self.world();
        if !beside_another && world.runs.iter().any(|run| now < run.ended_at()) {
            return;
        }
        let id = format!("{:08x}-0000-1000-0000-000000000000", world.runs.len() + 1);
        world.runs.push(Run {
            id,
            own_end: (now + lasts, end),
            canceled_at: None,
        });
    }

    /// Whatever happens by itself between two requests.
    fn live_on(&self) {
        if !self.world().is_well && self.dice.chance(20) {
            self.begin_run();
        }
    }

    async fn read(&self, what: &str) -> Result<(), Failure> {
        self.live_on();
        if self.world().is_well {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Ok(());
        }
        let delay = if self.dice.chance(5) {
            self.dice.seconds(30)
        } else {
            self.dice.millis(900)
        };
        tokio::time::sleep(delay).await;
        let failure = match self.dice.below(100) {
            0..=7 => failure(Class::Transient, None, None),
            8..=12 => failure(Class::Transient, Some(500), None),
            13..=15 => failure(Class::Transient, Some(503), Some(self.dice.below(20))),
            16..=18 => failure(Class::Throttled, Some(429), Some(self.dice.below(20))),
            19..=20 => failure(Class::SignIn, Some(401), None),
            21..=23 => failure(Class::NotFound, Some(404), None),
            24..=26 => failure(Class::Bug, Some(200), None),
            _ => return Ok(()),
        };
        self.tell(&format!("{what} fails: {:?} {:?}", failure.class, failure.status));
        Err(failure)
    }

    /// The answer travels back for a while after it was true.
    async fn travel(&self) {
        if !self.world().is_well {
            tokio::time::sleep(self.dice.millis(400)).await;
        }
    }

    fn listed(&self) -> Operations {
        let now = self.now();
        let operation = |run: &Run| {
            let state = match run.state(now) {
                "running" if self.dice.chance(5) => "quantum",
                state => state,
            };
            Operation {
                id: Some(OperationId::new(&run.id)),
                kind: "publish".into(),
                destination: Destination::Preview,
                state: Status::new(state),
                offer_version: None,
                version: None,
                changed_at: None,
            }
        };
        let list = self.world().runs.iter().rev().map(operation).collect();
        Operations {
            source: Source::Submissions,
            list,
            detail: None,
            left_out: 0,
        }
    }
}

pub(crate) fn failure(class: Class, status: Option<u16>, retry_after: Option<u64>) -> Failure {
    Failure {
        class,
        request: "GET".into(),
        what: "it failed".into(),
        advice: "".into(),
        status,
        correlation_id: None,
        retry_after: retry_after.map(Duration::from_secs),
    }
}

fn detail(state: &str) -> OperationDetail {
    OperationDetail {
        state: Status::new(state),
        cancel_state: CancelState::Unknown,
        steps: vec![],
        messages: vec![],
    }
}

#[async_trait]
impl Catalogue for Service {
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        Ok(Vec::new())
    }

    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        Ok(Offers::default())
    }

    async fn operations(&self, _: &PublisherId, _: &OfferId) -> Result<Operations, Failure> {
        self.read("the list").await?;
        let listed = self.listed();
        self.travel().await;
        Ok(listed)
    }

    async fn operation(
        &self,
        _: &PublisherId,
        _: &OfferId,
        id: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.read("the operation").await?;
        let listed = self.listed();
        self.travel().await;
        let found = listed
            .find(id)
            .ok_or_else(|| failure(Class::NotFound, Some(404), None))?;
        Ok(detail(found.state.word().as_str()))
    }

    async fn offer_status(&self, _: &PublisherId, _: &OfferId) -> Result<OperationDetail, Failure> {
        self.read("the offer's status").await?;
        let now = self.now();
        let state = self.world().runs.last().map_or("", |run| run.state(now));
        self.travel().await;
        Ok(detail(state))
    }

    async fn follow(&self, target: &Target, way: &Way) -> Result<Followed, Failure> {
        if let Way::Operation(id) = way
            && target.binding.operation() == Some(id)
        {
            let detail = self.operation(&target.publisher, &target.offer, id).await?;
            return Ok(Followed {
                detail,
                retry_after: None,
            });
        }
        self.read("the location").await?;
        let now = self.now();
        let number: usize = match way {
            Way::Operation(id) => usize::from_str_radix(&id.raw()[1..8], 16).unwrap(),
            Way::Legacy { number, .. } => number.parse().unwrap(),
            Way::Inert(_) => return Err(failure(Class::Bug, None, None)),
        };
        let world = self.world();
        let states = &world.cancels[number].own_operation;
        let state = states
            .iter()
            .rfind(|(from, _)| *from <= now)
            .map_or("running", |(_, state)| state);
        Ok(Followed {
            detail: detail(state),
            retry_after: None,
        })
    }
}

impl Service {
    /// Makes a connection for a cancel, which may take longer than a look stays fresh.
    pub(crate) async fn connect(&self) -> Result<(), Failure> {
        self.live_on();
        if self.world().is_well {
            return Ok(());
        }
        if self.dice.chance(10) {
            self.meet("unreachable");
            self.tell("a cancel has no connection");
            return Err(failure(Class::Transient, None, None));
        }
        if self.dice.chance(5) {
            self.meet("slow connection");
            tokio::time::sleep(self.dice.seconds(20)).await;
        }
        tokio::time::sleep(self.dice.millis(3_000)).await;
        self.live_on();
        Ok(())
    }

    pub(crate) async fn send(&self, target: &Target, notify: &[Address]) -> Result<Answer, SendFailure> {
        let confirmation = notify[0].as_str().split('@').next().unwrap().to_owned();
        self.live_on();
        if !self.world().is_well {
            if self.dice.chance(5) {
                self.meet("connection closed");
                self.tell(&format!("the connection for {confirmation} was closed"));
                return Err(SendFailure::NotSent(failure(Class::Transient, None, None)));
            }
            // On its way, and sent again by the network where that loses it.
            let travels = if self.dice.chance(10) {
                self.dice.seconds(20)
            } else {
                self.dice.millis(3_000)
            };
            tokio::time::sleep(travels).await;
            self.live_on();
        }
        let answer = self.receive(&confirmation, target);
        self.tell(&format!(
            "the cancel of {confirmation} is answered {}",
            answer.status
        ));
        if !self.world().is_well {
            let delay = if self.dice.chance(5) {
                self.dice.seconds(200)
            } else {
                self.dice.millis(3_000)
            };
            tokio::time::sleep(delay).await;
            if self.dice.chance(20) {
                self.meet("answer lost");
                self.tell(&format!("the answer to {confirmation} is lost"));
                return Err(SendFailure::AnswerLost(failure(Class::Transient, None, None)));
            }
        }
        Ok(answer)
    }

    pub(crate) fn renew_sign_in(&self) -> Result<(), Failure> {
        if self.dice.chance(70) {
            Ok(())
        } else {
            Err(failure(Class::SignIn, Some(401), None))
        }
    }

    /// What the service does with a cancel, and what it says.
    fn receive(&self, confirmation: &str, target: &Target) -> Answer {
        let now = self.now();
        let is_well = self.world().is_well;
        let roll = if is_well { 90 } else { self.dice.below(100) };
        let (status, carries_out) = match roll {
            0..=9 => (self.dice.pick(&[400, 403, 404, 409, 412, 422]), false),
            10..=17 => (429, false),
            18..=25 => (401, false),
            26..=33 => (self.dice.pick(&[302, 408, 500, 502, 503]), false),
            34..=41 => (self.dice.pick(&[307, 408, 500, 504]), true),
            42..=54 => (200, true),
            55..=69 => (202, false),
            _ => (202, true),
        };
        if status == 429 {
            self.meet("throttled");
        }
        if status == 401 {
            self.meet("signed out");
        }
        // A 200 is done on the spot; everything else takes its time.
        let takes = if status == 200 {
            Duration::ZERO
        } else {
            self.dice.seconds(240)
        };
        let mut world = self.world();
        let active = world.runs.iter_mut().find(|run| now < run.ended_at());
        let hit = match active {
            Some(run) if carries_out => {
                run.canceled_at = Some(
                    run.canceled_at
                        .map_or(now + takes, |earlier| earlier.min(now + takes)),
                );
                Some(run.id.clone())
            }
            _ => None,
        };
        let bound = target.binding.operation().map(OperationId::raw);
        if hit.is_some() && hit.as_deref() != bound {
            world.met.insert("hit another");
        }
        // With nothing to cancel, or nothing done, the operation that stands for the cancel fails; and not before.
        let end = if hit.is_some() { "succeeded" } else { "failed" };
        let own_operation = vec![(now, "running"), (now + self.dice.seconds(300), end)];
        let number = world.cancels.len();
        let status = if status == 200 && hit.is_none() {
            202
        } else {
            status
        };
        world.cancels.push(Cancel {
            confirmation: confirmation.to_owned(),
            status,
            hit,
            answered_at: now,
            own_operation,
        });
        drop(world);
        let location = self.location(status, number, target);
        Answer {
            status,
            location,
            correlation_id: None,
            retry_after: (status == 429).then(|| self.dice.seconds(40)),
            error: None,
            is_foreign: false,
        }
    }

    fn location(&self, status: u16, number: usize, target: &Target) -> Option<Location> {
        let raw = match self.dice.below(6) {
            _ if status != 202 => return None,
            0 => return None,
            1 => "https://evil.example/api/publishers/contoso/offers/vm/operations/1".to_owned(),
            2 => format!("/api/operations/contoso$vm${number}$preview"),
            3 => format!(
                "/api/publishers/contoso/offers/vm/operations/{}",
                target.binding.operation()?.raw()
            ),
            _ => format!("/api/publishers/contoso/offers/vm/operations/c{number:07x}-cancel"),
        };
        Some(Location::read(&raw, target))
    }
}
