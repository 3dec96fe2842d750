//! The dashboard's own loop with a simulated terminal, keyboard, and clock.

use std::{
    future::poll_fn,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use countermand::{
    domain::{
        confirmation::{Request, Shown},
        fact::Owner,
        ids::{OfferId, Origin},
        target::Binding,
    },
    engine::{Engine, EngineDeps, PollIntervals},
    journal::MemoryJournal,
    service::cpp::{self, status},
    tui::{
        model::{Capabilities, Preferences, Setup},
        run::{Dashboard, Pacing, Signal, Surroundings},
        terminal::Handed,
    },
};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    paper::Paper,
    publisher::{Publisher, operation},
};

/// Slightly more than a frame at sixty a second, so that every key has its own frame.
const FRAME: Duration = Duration::from_millis(17);
/// Time for which a cancellation is followed.
const TIMEOUT: Duration = Duration::from_mins(30);

/// Returns the fixed configuration of the dashboard.
pub(crate) fn setup() -> Setup {
    Setup {
        service: cpp::CHARACTERISTICS,
        profile: "prod".into(),
        origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
        publisher: "contoso".into(),
        read_only: None,
        profiles: Arc::new([]),
        notify: Vec::new(),
        timeout: TIMEOUT,
        zone: TimeZone::UTC,
        look: Capabilities {
            unicode: true,
            colour: true,
        },
        preferences: Preferences::default(),
        banner: None,
    }
}

/// Returns the owner of the cancellations.
pub(crate) fn owner() -> Owner {
    Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid: 7,
        started: "1".into(),
    }
}

/// Returns a key event, as crossterm reads it.
pub(crate) fn key(code: KeyCode) -> Event {
    Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// A running dashboard.
pub(crate) struct TestApp {
    engine: Engine,
    keys: mpsc::Sender<io::Result<Event>>,
    written: Arc<AtomicUsize>,
    polls: Arc<AtomicUsize>,
    stop: CancellationToken,
    /// Held open, because the dashboard exits when these channels close.
    _signals: mpsc::Sender<Signal>,
    _prompts: watch::Sender<Option<countermand::service::auth::SignInPrompt>>,
}

impl TestApp {
    /// Starts on `publisher`, inside a runtime with a paused clock.
    pub(crate) fn on(publisher: &Arc<Publisher>) -> Self {
        let (keys, typed) = mpsc::channel(64);
        let (signals, received) = mpsc::channel(8);
        let (prompts, prompted) = watch::channel(None);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let engine = Engine::new(parts(publisher), tasks.clone(), stop.clone());
        let around = Surroundings {
            input: Box::new(Handed(typed)),
            signals: received,
            prompts: prompted,
            clock: publisher.clone(),
            tasks,
            stop: stop.clone(),
            pacing: Pacing::Smooth,
            open: Box::new(|_, _| Err("there is no other profile".into())),
        };
        let paper = Paper::of_dashboard();
        let written = paper.written();
        let mut dashboard = Dashboard::new(setup(), engine.clone(), Terminal::new(paper).unwrap(), around);
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&polls);
        tokio::spawn(async move {
            let mut running = Box::pin(dashboard.run());
            poll_fn(|context| {
                counted.fetch_add(1, Ordering::Relaxed);
                running.as_mut().poll(context)
            })
            .await
        });
        Self {
            engine,
            keys,
            written,
            polls,
            stop,
            _signals: signals,
            _prompts: prompts,
        }
    }

    /// Presses a key and waits until its frame is drawn.
    pub(crate) async fn press(&self, code: KeyCode) {
        self.keys.send(Ok(key(code))).await.unwrap();
        sleep(FRAME).await;
    }

    /// Returns the bytes written so far.
    pub(crate) fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }

    /// Returns the number of wake-ups so far.
    pub(crate) fn polls(&self) -> usize {
        self.polls.load(Ordering::Relaxed)
    }

    /// Cancels the active operation on `offer`, as a confirmed request.
    pub(crate) async fn cancel(&self, offer: &OfferId) {
        let operation = operation(offer, status("running"));
        let request = Request {
            target: self.engine.target(offer.clone(), Binding::of(&operation)),
            profile: "prod".into(),
            shown: Shown::of(&operation, Some("Certification".into())),
            notify: Vec::new(),
            again_of: None,
        };
        self.engine.cancel(request, TIMEOUT).await.unwrap();
    }

    /// Returns the number of cancellations still being followed.
    pub(crate) fn under_way(&self) -> usize {
        let snapshots = self.engine.snapshots();
        let known = snapshots.borrow();
        let cancellations = known.cancellations.iter();
        cancellations.filter(|tracked| tracked.is_in_progress()).count()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn parts(publisher: &Arc<Publisher>) -> EngineDeps {
    let setup = setup();
    EngineDeps {
        origin: setup.origin,
        publisher: setup.publisher,
        profile: setup.profile,
        owner: owner(),
        catalogue: publisher.clone(),
        canceller: Some(publisher.clone()),
        journal: Arc::new(MemoryJournal::new()),
        clock: publisher.clone(),
        poll_intervals: PollIntervals::default(),
    }
}
