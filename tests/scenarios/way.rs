//! Simulator, client, journal, and engine, assembled like the program, only faster.

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::{
        confirmation::{Request, Shown},
        fact::Owner,
        ids::Origin,
        target::Binding,
        verdict::Ending,
    },
    engine::{Engine, EngineDeps, Look, PollIntervals, Tracked, ports::Clock},
    journal::SqliteJournal,
    service::{
        auth::StaticToken,
        cpp::{Client, Sender},
        http::ClientOptions,
    },
    simulator::{Options, Scenario, Simulator},
};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) const OFFER: &str = "contoso-vm";

pub(crate) struct Lead {
    pub(crate) simulator: Simulator,
    pub(crate) engine: Engine,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
    _folder: TempDir,
}

pub(crate) struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Returns the polling intervals at fifty times their speed.
pub(crate) fn fast() -> PollIntervals {
    let usual = PollIntervals::default();
    PollIntervals {
        early: usual.early / 50,
        later: usual.later / 50,
        late: usual.late / 50,
        uncertain: usual.uncertain / 50,
        offers: usual.offers / 50,
        visible: usual.visible / 50,
        hidden: usual.hidden / 50,
        first_wait: usual.first_wait / 50,
        longest_wait: usual.longest_wait / 50,
    }
}

impl Lead {
    /// Assembles the stack on the bundled scenario `name`, fifty times as fast.
    pub(crate) async fn to(name: &str) -> Self {
        let mut options = Options::new(Scenario::bundled(name).unwrap());
        options.speed = 50.0;
        let simulator = Simulator::start(options).await.unwrap();
        let origin = Origin::parse(&simulator.origin()).unwrap();
        let token = StaticToken::new(&simulator.token().to_owned().into()).unwrap();
        let client_options = ClientOptions::new(origin.clone(), Arc::new(token));
        let folder = TempDir::new().unwrap();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let parts = EngineDeps {
            origin,
            publisher: simulator.publisher().into(),
            profile: "practice".into(),
            owner: Owner {
                user: "ada".into(),
                host: "jump".into(),
                pid: 7,
                started: "1".into(),
            },
            catalogue: Arc::new(Client::new(&client_options).unwrap()),
            canceller: Some(Arc::new(Sender::new(&client_options).unwrap())),
            journal: Arc::new(
                SqliteJournal::open(
                    &folder.path().join("journal.sqlite"),
                    countermand::service::cpp::MEANING,
                )
                .unwrap(),
            ),
            clock: Arc::new(WallClock),
            poll_intervals: fast(),
        };
        let engine = Engine::new(parts, tasks.clone(), stop.clone());
        Self {
            simulator,
            engine,
            tasks,
            stop,
            _folder: folder,
        }
    }

    /// Looks at the offer, as a confirmation does.
    pub(crate) async fn look(&self) -> Look {
        self.engine.look(&OFFER.into()).await.unwrap()
    }

    /// Builds the request that a person would confirm after seeing `look`.
    pub(crate) fn confirm(&self, look: &Look) -> Request {
        let operation = &look.active[0].operation;
        Request {
            target: self.engine.target(OFFER.into(), Binding::of(operation)),
            profile: "practice".into(),
            shown: Shown::of(operation, None),
            notify: vec!["release@contoso.com".parse().unwrap()],
            again_of: None,
        }
    }

    /// Confirms the active operation, cancels it, and follows it to its end.
    pub(crate) async fn cancel(&self) -> Arc<Tracked> {
        self.cancel_within(Duration::from_mins(2)).await
    }

    pub(crate) async fn cancel_within(&self, timeout: Duration) -> Arc<Tracked> {
        let request = self.confirm(&self.look().await);
        let id = self.engine.cancel(request, timeout).await.unwrap();
        let mut snapshots = self.engine.snapshots();
        let ended = snapshots
            .wait_for(|snapshot| {
                snapshot
                    .cancellation(&id)
                    .is_some_and(|tracked| tracked.cancellation.ending.is_some())
            })
            .await
            .unwrap();
        ended.cancellation(&id).unwrap().clone()
    }

    pub(crate) fn posts(&self) -> usize {
        self.simulator
            .requests()
            .iter()
            .filter(|request| request.is_cancel())
            .count()
    }

    /// Returns method and path of every request, with ids shortened to their distinctive part.
    pub(crate) fn log(&self) -> Vec<String> {
        let requests = self.simulator.requests();
        requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.path()))
            .collect()
    }
}

pub(crate) fn ending(tracked: &Tracked) -> &Ending {
    &tracked.cancellation.ending.as_ref().unwrap().1
}
