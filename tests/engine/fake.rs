//! A scripted service on virtual time, with a log of its requests.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        confirmation::{Address, Request, Shown},
        fact::Owner,
        ids::{CancellationId, OfferId, OperationId, Origin, PublisherId},
        lead::Lead,
        offer::{Offer, Offers},
        operation::{Baseline, CancelState, Destination, Operation, OperationDetail, Operations, Source},
        status::Status,
        target::{Binding, Target},
        verdict::Ending,
    },
    engine::{
        Class, Engine, EngineDeps, Failure, PollIntervals, Snapshot, StartError, Tracked,
        ports::{Canceller, Catalogue, Clock, Journal, Reading, ReadyToSend, SendFailure},
    },
    journal::MemoryJournal,
    service::cpp::{self, status},
};
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) const ID: &str = "5a63deb5-0000-1000-0000-000000000000";
pub(crate) const OTHER: &str = "77777777-0000-1000-0000-000000000000";
/// Replaces an id, where the service gives none.
pub(crate) const NO_ID: &str = "-";

/// States, each with the second from the start at which it begins.
pub(crate) type Timeline = Vec<(u64, &'static str)>;

/// Reaction to the next cancel.
#[derive(Clone)]
pub(crate) enum Post {
    /// Answers with this status.
    Answer(u16, Option<&'static str>),
    /// Answers 429 with this `Retry-After`.
    Throttle(u64),
    /// Closes the connection without an answer.
    Lose,
    /// Fails to connect.
    Unreachable,
    /// Connects, and closes before anything is sent.
    Gone,
    /// Closes at the very moment of sending.
    Closed,
    /// Answers with this status after so many seconds, and carries it out only then.
    Slow(u64, u16),
    /// Carries it out at once, and answers with this status after so many seconds.
    Late(u64, u16),
    /// An intermediary answers in the service's place.
    Stranger(u16),
}

#[derive(Default)]
pub(crate) struct Script {
    /// Offers of the list.
    pub(crate) offers: Vec<Offer>,
    /// Operations of `vm`, by id.
    pub(crate) operations: Vec<(&'static str, Timeline)>,
    /// State of the offer `vm`.
    pub(crate) offer_state: Timeline,
    /// State of the location's resource.
    pub(crate) location_state: Timeline,
    /// `Retry-After` of the location's resource.
    pub(crate) location_retry_after: Option<Duration>,
    /// Answers to cancels, in order; the last one repeats.
    pub(crate) posts: VecDeque<Post>,
    /// Seconds from an effective cancel to the canceled state; none for never.
    pub(crate) cancels_after: Option<u64>,
    /// Failures of the next requests of a route, in order.
    pub(crate) failing: BTreeMap<&'static str, VecDeque<Failure>>,
    /// Duration of connecting for a cancel.
    pub(crate) connecting: Duration,
    /// Words of the operation's own page, where they differ from the list.
    pub(crate) page: Option<Timeline>,
    /// Second until which page and list miss all operations after a cancel.
    pub(crate) unknown_until: Option<u64>,
    /// Routes that answer only after a minute, and the seconds of that.
    pub(crate) silent: BTreeMap<&'static str, (u64, u64)>,
    /// Latency of each answer.
    pub(crate) latency: Duration,
    /// Time for which these routes, of offers with this name prefix, hang before they fail.
    pub(crate) hanging: Option<(&'static str, &'static [&'static str], Duration)>,
    /// Whether the route of submissions is gone.
    pub(crate) no_submissions: bool,
    /// Number of operations beyond the listed ones.
    pub(crate) left_out: usize,
    /// Whether renewing the token works.
    pub(crate) can_renew: bool,
}

pub(crate) struct Fake {
    me: Weak<Self>,
    script: Mutex<Script>,
    log: Mutex<Vec<(u64, String)>>,
    carried_out_at: Mutex<Option<Duration>>,
    began: Instant,
    epoch: Timestamp,
}

pub(crate) fn failure(class: Class, status: Option<u16>, retry_after: Option<u64>) -> Failure {
    Failure {
        class,
        request: "GET".into(),
        what: "it failed".into(),
        advice: "try again".into(),
        status,
        correlation_id: None,
        retry_after: retry_after.map(Duration::from_secs),
    }
}

pub(crate) fn transient() -> Failure {
    failure(Class::Transient, None, None)
}

impl Fake {
    pub(crate) fn new(script: Script) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            script: Mutex::new(script),
            log: Mutex::default(),
            carried_out_at: Mutex::default(),
            began: Instant::now(),
            epoch: "2026-03-01T12:00:00Z".parse().unwrap(),
        })
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// Returns every request so far, with the virtual millisecond of its start.
    pub(crate) fn log(&self) -> Vec<(u64, String)> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, request: &str) -> usize {
        self.log()
            .iter()
            .filter(|(_, logged)| logged.starts_with(request))
            .count()
    }

    /// Returns the virtual milliseconds at which `request` began.
    pub(crate) fn instants(&self, request: &str) -> Vec<u64> {
        self.log()
            .iter()
            .filter(|(_, logged)| logged.starts_with(request))
            .map(|(at, _)| *at)
            .collect()
    }

    async fn request(&self, route: &'static str, what: &str) -> Result<(), Failure> {
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap();
        self.log.lock().unwrap().push((at, format!("{route}{what}")));
        let latency = {
            let script = self.script.lock().unwrap();
            let now = self.began.elapsed().as_secs();
            match script.silent.get(route) {
                Some((from, until)) if (*from..*until).contains(&now) => Duration::from_mins(1),
                _ => script.latency,
            }
        };
        tokio::time::sleep(latency).await;
        match self
            .script
            .lock()
            .unwrap()
            .failing
            .get_mut(route)
            .and_then(VecDeque::pop_front)
        {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    /// Hangs, then fails, if the routes of `offer` do.
    async fn hang(&self, route: &str, offer: &OfferId) -> Result<(), Failure> {
        let hanging = self.script.lock().unwrap().hanging;
        let hangs = |(offers, routes, _): &(&str, &[&str], _)| {
            offer.raw().starts_with(offers) && routes.contains(&route)
        };
        let Some((_, _, long)) = hanging.filter(hangs) else {
            return Ok(());
        };
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap();
        self.log
            .lock()
            .unwrap()
            .push((at, format!("hanging {route} {offer}")));
        tokio::time::sleep(long).await;
        Err(transient())
    }

    fn state(&self, timeline: &Timeline) -> Status {
        let now = self.began.elapsed().as_secs();
        status(
            timeline
                .iter()
                .rfind(|(from, _)| *from <= now)
                .map_or("", |(_, state)| state),
        )
    }

    fn operation_state(&self, id: &str, timeline: &Timeline) -> Status {
        let script = self.script.lock().unwrap();
        let carried_out_at = *self.carried_out_at.lock().unwrap();
        if let (ID, Some(at), Some(after)) = (id, carried_out_at, script.cancels_after)
            && self.began.elapsed() >= at + Duration::from_secs(after)
            && self.state(timeline).is_active()
        {
            return status("canceled");
        }
        self.state(timeline)
    }

    fn is_unknown(&self) -> bool {
        let until = self.script.lock().unwrap().unknown_until;
        let is_canceled = self.carried_out_at.lock().unwrap().is_some();
        is_canceled && until.is_some_and(|until| self.began.elapsed().as_secs() < until)
    }

    fn listed(&self) -> Operations {
        let mut operations = self.script.lock().unwrap().operations.clone();
        if self.is_unknown() {
            operations.clear();
        }
        let list = operations.iter().map(|(id, timeline)| Operation {
            id: (*id != NO_ID).then(|| OperationId::new(id)),
            kind: "publish".into(),
            destination: Destination::Preview,
            state: self.operation_state(id, timeline),
            offer_version: Some(1),
            version: Some(1),
            changed_at: None,
        });
        Operations {
            source: Source::Submissions,
            list: list.collect(),
            detail: None,
            left_out: self.script.lock().unwrap().left_out,
            baseline: None,
        }
    }
}

impl Clock for Fake {
    fn now(&self) -> Timestamp {
        self.epoch + self.began.elapsed()
    }
}

fn detail(state: Status) -> OperationDetail {
    OperationDetail {
        state,
        cancel_state: CancelState::CanCancel,
        steps: Vec::new(),
        messages: Vec::new(),
    }
}

#[async_trait]
impl Catalogue for Fake {
    fn characteristics(&self) -> &'static countermand::engine::Characteristics {
        countermand::service::cpp::CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        Ok(vec!["contoso".into()])
    }

    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        self.request("offers", "").await?;
        Ok(self.script.lock().unwrap().offers.clone().into())
    }

    async fn operations(&self, _: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        self.hang("list", offer).await?;
        self.request("operations", &format!(" {offer}")).await?;
        if self.script.lock().unwrap().no_submissions {
            let timeline = self.script.lock().unwrap().offer_state.clone();
            let list = vec![Operation {
                id: None,
                kind: "".into(),
                destination: Destination::Unknown("".into()),
                state: self.state(&timeline),
                offer_version: Some(7),
                version: None,
                changed_at: None,
            }];
            return Ok(Operations {
                source: Source::OfferStatus,
                list,
                detail: None,
                left_out: 0,
                baseline: None,
            });
        }
        Ok(self.listed())
    }

    async fn operation(
        &self,
        _: &PublisherId,
        offer: &OfferId,
        id: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.hang("page", offer).await?;
        self.request("operation", &format!(" {}", id.short())).await?;
        let listed = self.listed();
        let found = listed
            .find(id)
            .ok_or_else(|| failure(Class::NotFound, Some(404), None))?;
        let page = self.script.lock().unwrap().page.clone();
        Ok(detail(
            page.map_or_else(|| found.state.clone(), |page| self.state(&page)),
        ))
    }

    async fn offer_status(&self, _: &PublisherId, offer: &OfferId) -> Result<OperationDetail, Failure> {
        self.request("status", &format!(" {offer}")).await?;
        let timeline = self.script.lock().unwrap().offer_state.clone();
        Ok(detail(self.state(&timeline)))
    }

    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        _: Option<&Baseline>,
    ) -> Result<Reading, Failure> {
        if lead.is_none()
            && let Some(id) = target.binding.operation()
        {
            let detail = self.operation(&target.publisher, &target.offer, id).await?;
            return Ok(Reading {
                detail,
                retry_after: None,
                by_absence: false,
            });
        }
        self.request("location", "").await?;
        let script = self.script.lock().unwrap();
        Ok(Reading {
            detail: detail(self.state(&script.location_state)),
            retry_after: script.location_retry_after,
            by_absence: false,
        })
    }
}

#[async_trait]
impl Canceller for Fake {
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap();
        self.log
            .lock()
            .unwrap()
            .push((at, format!("connect {}", target.offer)));
        let connecting = self.script.lock().unwrap().connecting;
        tokio::time::sleep(connecting).await;
        let post = {
            let mut script = self.script.lock().unwrap();
            if script.posts.len() > 1 {
                script.posts.pop_front()
            } else {
                script.posts.front().cloned()
            }
        };
        match post.unwrap_or(Post::Answer(202, None)) {
            Post::Unreachable => Err(transient()),
            post => Ok(Box::new(Connected {
                fake: self.me.upgrade().unwrap(),
                target: target.clone(),
                post,
            })),
        }
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.log.lock().unwrap().push((0, "renew".to_owned()));
        if self.script.lock().unwrap().can_renew {
            Ok(())
        } else {
            Err(failure(Class::SignIn, Some(401), None))
        }
    }
}

/// A connection, and the fate of its request.
struct Connected {
    fake: Arc<Fake>,
    target: Target,
    post: Post,
}

#[async_trait]
impl ReadyToSend for Connected {
    fn is_open(&self) -> bool {
        !matches!(self.post, Post::Gone)
    }

    async fn send(self: Box<Self>, _: &[Address], _: Instant) -> Result<Answer, SendFailure> {
        let Self { fake, target, post } = *self;
        if matches!(post, Post::Closed) {
            return Err(SendFailure::NotSent(transient()));
        }
        let _ = fake.request("POST", &format!(" {}", target.offer)).await;
        let carry_out = || *fake.carried_out_at.lock().unwrap() = Some(fake.began.elapsed());
        let answer = |status, location: Option<&str>| {
            if (200..300).contains(&status) {
                carry_out();
            }
            Answer {
                lead: location.map(|raw| cpp::read_location(raw, &target)),
                correlation_id: Some("c0ffee".into()),
                text: (status >= 300).then(|| "no".into()),
                ..cpp::answer(status, false)
            }
        };
        match post {
            Post::Answer(status, location) => Ok(answer(status, location)),
            Post::Throttle(seconds) => Ok(Answer {
                retry_after: Some(Duration::from_secs(seconds)),
                ..answer(429, None)
            }),
            Post::Slow(seconds, status) => {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                Ok(answer(status, None))
            }
            Post::Late(seconds, status) => {
                let answer = answer(status, None);
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                Ok(answer)
            }
            Post::Stranger(status) => Ok(Answer {
                text: Some("please sign in".into()),
                ..cpp::answer(status, true)
            }),
            Post::Lose => {
                carry_out();
                Err(SendFailure::AnswerLost(transient()))
            }
            Post::Unreachable | Post::Gone | Post::Closed => unreachable!("no request goes over it"),
        }
    }
}

/// An engine on a fake service, with its shutdown.
pub(crate) struct World {
    pub(crate) fake: Arc<Fake>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) engine: Engine,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl World {
    pub(crate) fn new(script: Script) -> Self {
        Self::with_journal(script, Arc::new(MemoryJournal::new()))
    }

    pub(crate) fn with_journal(script: Script, journal: Arc<dyn Journal>) -> Self {
        Self::of_process(7, script, journal)
    }

    /// Creates the world of the process `pid`.
    pub(crate) fn of_process(pid: u32, script: Script, journal: Arc<dyn Journal>) -> Self {
        let fake = Fake::new(script);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let parts = EngineDeps {
            origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
            publisher: "contoso".into(),
            profile: "prod".into(),
            owner: Owner {
                user: "ada".into(),
                host: "jump".into(),
                pid,
                started: "1".into(),
            },
            catalogue: fake.clone(),
            canceller: Some(fake.clone()),
            journal: journal.clone(),
            clock: fake.clone(),
            poll_intervals: PollIntervals::default(),
        };
        let engine = Engine::new(parts, tasks.clone(), stop.clone());
        Self {
            fake,
            journal,
            engine,
            tasks,
            stop,
        }
    }

    pub(crate) fn request(&self) -> Request {
        self.request_for(Binding::Operation(ID.into()))
    }

    pub(crate) fn request_for(&self, binding: Binding) -> Request {
        Request {
            target: self.engine.target("vm".into(), binding),
            profile: "prod".into(),
            shown: Shown {
                kind: "publish".into(),
                destination: Destination::Preview,
                state: status("running"),
                step: None,
                changed_at: None,
            },
            notify: Vec::new(),
            again_of: None,
        }
    }

    /// Cancels and follows to the first verdict, for at most `timeout` seconds.
    pub(crate) async fn cancel(&self, timeout: u64) -> Ending {
        let id = self.begin(timeout).await.unwrap();
        self.until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|tracked| tracked.cancellation.ending.is_some())
        })
        .await;
        self.tracked(&id).cancellation.ending.clone().unwrap().1
    }

    pub(crate) async fn begin(&self, timeout: u64) -> Result<CancellationId, StartError> {
        self.engine
            .cancel(self.request(), Duration::from_secs(timeout))
            .await
    }

    /// What is tracked of `id` once nobody follows it any more.
    pub(crate) async fn ended(&self, id: &CancellationId) -> Arc<Tracked> {
        self.until(|snapshot| {
            snapshot
                .cancellation(id)
                .is_some_and(|tracked| !tracked.is_followed)
        })
        .await;
        self.tracked(id)
    }

    pub(crate) fn tracked(&self, id: &CancellationId) -> Arc<Tracked> {
        self.engine.snapshots().borrow().cancellation(id).unwrap().clone()
    }

    pub(crate) async fn until(&self, is_so: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let mut snapshots = self.engine.snapshots();
        snapshots
            .wait_for(|snapshot| is_so(snapshot))
            .await
            .unwrap()
            .clone()
    }
}

/// A service on which `vm` is being published, and nothing else happens.
pub(crate) fn running() -> Script {
    Script {
        operations: vec![(ID, vec![(0, "running")])],
        offer_state: vec![(0, "running")],
        posts: [Post::Answer(202, None)].into(),
        ..Script::default()
    }
}
