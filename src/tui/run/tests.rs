//! The real loop on a screen in memory, with the clock held still.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::backend::{Backend, TestBackend};
use tokio::time::timeout;

use super::*;
use crate::{
    domain::{fact::Owner, ids::Origin, operation::Source},
    engine::{EngineDeps, PollIntervals, silence::Silence},
    tui::{
        fixture::{self, prompt},
        model::{self, Capabilities},
        terminal::Handed,
    },
};

/// Wall time that follows tokio's, or runs ahead of it.
struct Still(Instant, Mutex<Duration>);

impl Still {
    fn new() -> Self {
        Self(Instant::now(), Mutex::default())
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.0.elapsed() + *self.1.lock().unwrap()
    }
}

/// An engine's, of a service that never answers.
fn parts(setup: &Setup, clock: Arc<dyn Clock>) -> EngineDeps {
    EngineDeps {
        origin: setup.origin.clone(),
        publisher: setup.publisher.clone(),
        profile: setup.profile.clone(),
        owner: Owner {
            user: "ada".into(),
            host: "jump".into(),
            pid: 7,
            started: "1".into(),
        },
        catalogue: Arc::new(Silence::Patient),
        canceller: Some(Arc::new(Silence::Patient)),
        journal: Arc::new(Silence::Patient),
        clock,
        poll_intervals: PollIntervals::default(),
    }
}

struct Bench {
    dashboard: Dashboard<TestBackend>,
    keys: mpsc::Sender<io::Result<Event>>,
    signals: mpsc::Sender<Signal>,
    prompts: watch::Sender<Option<SignInPrompt>>,
    wall: Arc<Still>,
}

impl Bench {
    fn new() -> Self {
        let (keys, typed) = mpsc::channel(1024);
        let (signals, received) = mpsc::channel(8);
        let (prompts, prompted) = watch::channel(None);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let wall = Arc::new(Still::new());
        let clock: Arc<dyn Clock> = Arc::clone(&wall) as Arc<dyn Clock>;
        let setup = Setup {
            service: crate::service::cpp::CHARACTERISTICS,
            profile: "prod".into(),
            origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
            publisher: "contoso".into(),
            read_only: None,
            profiles: Arc::default(),
            notify: Vec::new(),
            timeout: Duration::from_mins(30),
            zone: TimeZone::UTC,
            look: Capabilities {
                unicode: true,
                colour: true,
            },
            preferences: model::Preferences::default(),
            banner: None,
        };
        let parts = parts(&setup, Arc::clone(&clock));
        let around = Surroundings {
            input: Box::new(Handed(typed)),
            signals: received,
            prompts: prompted,
            clock,
            tasks: tasks.clone(),
            stop: stop.clone(),
            pacing: Pacing::Smooth,
            open: Box::new(|_, _| Err("there is no other".into())),
        };
        let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        Self {
            dashboard: Dashboard::new(setup, Engine::new(parts, tasks, stop), terminal, around),
            keys,
            signals,
            prompts,
            wall,
        }
    }

    fn press(&self, code: KeyCode, modifiers: KeyModifiers) {
        self.keys
            .try_send(Ok(Event::Key(KeyEvent::new(code, modifiers))))
            .unwrap();
    }

    fn type_in(&self, text: &str) {
        for c in text.chars() {
            self.press(KeyCode::Char(c), KeyModifiers::NONE);
        }
    }

    /// Lives for a while of virtual time.
    async fn live(&mut self, span: Duration) -> Option<Left> {
        timeout(span, self.dashboard.run())
            .await
            .ok()
            .map(|left| left.unwrap())
    }

    fn frames(&mut self) -> usize {
        self.dashboard.terminal().get_frame().count()
    }

    fn asked(&self) -> usize {
        self.dashboard.model.requests.asked.len()
    }

    fn can_be_answered(&self) -> bool {
        let dialog = self.dashboard.model.confirmation();
        dialog.is_some_and(model::Dialog::can_be_answered)
    }

    fn screen(&mut self) -> String {
        self.dashboard.terminal().backend().to_string()
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn an_hour_of_nothing_draws_nothing() {
    let mut bench = Bench::new();
    assert_eq!(bench.live(SECOND).await, None);
    let before = bench.frames();
    assert!(before > 0, "the first frame waits for nothing");
    assert_eq!(bench.live(Duration::from_hours(1)).await, None);
    assert_eq!(bench.frames(), before);
}

#[tokio::test(start_paused = true)]
async fn what_is_open_is_asked_for_without_a_key_and_after_the_first_frame() {
    let mut bench = Bench::new();
    assert_eq!(bench.live(Duration::ZERO).await, None);
    assert_eq!(bench.frames(), 1);
    assert!(!bench.screen().contains("journal: shut"));
    bench.live(SECOND).await;
    assert!(bench.screen().contains("! journal: shut"), "{}", bench.screen());
}

#[tokio::test(start_paused = true)]
async fn a_burst_costs_a_few_frames_and_loses_nothing() {
    let mut bench = Bench::new();
    bench.live(SECOND).await;
    let before = bench.frames();
    bench.type_in("/");
    bench.type_in(&"x".repeat(190));
    for _ in 0..190 {
        bench.press(KeyCode::Backspace, KeyModifiers::NONE);
    }
    bench.type_in("needle");
    bench.live(SECOND).await;
    let frames = bench.frames() - before;
    assert!((1..=4).contains(&frames), "{frames} frames for 387 keys");
    assert!(bench.screen().contains("needle"), "{}", bench.screen());
}

#[tokio::test(start_paused = true)]
async fn a_trickle_is_drawn_at_most_sixty_times_a_second() {
    let mut bench = Bench::new();
    bench.live(SECOND).await;
    let before = bench.frames();
    bench.type_in("/");
    for _ in 0..1000 {
        bench.type_in("x");
        bench.live(Duration::from_millis(1)).await;
    }
    let frames = bench.frames() - before;
    assert!((20..=62).contains(&frames), "{frames} frames in a second");
}

#[tokio::test(start_paused = true)]
async fn it_may_be_dropped_at_any_await() {
    let mut bench = Bench::new();
    for c in "/needle".chars() {
        bench.type_in(&c.to_string());
        for _ in 0..3 {
            assert_eq!(bench.live(Duration::ZERO).await, None);
        }
    }
    bench.live(SECOND).await;
    assert!(bench.screen().contains("needle"), "{}", bench.screen());
}

#[tokio::test(start_paused = true)]
async fn it_is_left_by_key_by_signal_and_by_a_vanished_terminal() {
    let mut bench = Bench::new();
    bench.type_in("q");
    assert_eq!(bench.live(SECOND).await, Some(Left::Quit));

    let mut bench = Bench::new();
    bench.press(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(bench.live(SECOND).await, Some(Left::Quit));

    let mut bench = Bench::new();
    bench.signals.try_send(Signal::Leave(Exit::Terminated)).unwrap();
    assert_eq!(bench.live(SECOND).await, Some(Left::Signalled(Exit::Terminated)));

    let mut bench = Bench::new();
    bench.keys = mpsc::channel(1).0;
    assert_eq!(bench.live(SECOND).await, Some(Left::TerminalGone));

    let mut bench = Bench::new();
    bench
        .keys
        .try_send(Err(io::ErrorKind::BrokenPipe.into()))
        .unwrap();
    assert_eq!(bench.live(SECOND).await, Some(Left::TerminalGone));
}

#[tokio::test(start_paused = true)]
async fn after_others_had_the_terminal_all_of_it_is_drawn_again() {
    for key in [Some('z'), Some('l'), None] {
        let mut bench = Bench::new();
        bench.live(SECOND).await;
        let drawn = bench.screen();
        bench.dashboard.terminal().backend_mut().clear().unwrap();
        assert_ne!(bench.screen(), drawn);
        match key {
            Some(letter) => bench.press(KeyCode::Char(letter), KeyModifiers::CONTROL),
            None => bench.signals.try_send(Signal::Continued).unwrap(),
        }
        bench.live(SECOND).await;
        assert_eq!(bench.screen(), drawn);
    }
}

#[tokio::test(start_paused = true)]
async fn every_size_is_survived() {
    let mut bench = Bench::new();
    for (width, height) in [(1, 1), (0, 0), (300, 100), (0, 5), (5, 0), (80, 24), (2, 1)] {
        bench.dashboard.terminal().backend_mut().resize(width, height);
        bench.keys.try_send(Ok(Event::Resize(width, height))).unwrap();
        assert_eq!(bench.live(SECOND).await, None);
    }
}

/// A dialog on `contoso-vm` that was painted, and is armed or has yet to be.
fn dialog(is_armed: bool) -> Model {
    let mut app = fixture::TestApp::new(fixture::quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.answer_look(fixture::look(vec![fixture::vm_operation()], Source::Submissions));
    if is_armed {
        app.rest();
    }
    app.model
}

#[tokio::test(start_paused = true)]
async fn what_was_typed_while_the_process_was_stopped_confirms_nothing() {
    let mut bench = Bench::new();
    bench.live(2 * SECOND).await;
    bench.dashboard.model = dialog(true);
    assert!(bench.can_be_answered());
    bench.signals.try_send(Signal::Continued).unwrap();
    bench.type_in("y");
    bench.live(Duration::from_millis(100)).await;
    assert!(bench.dashboard.model.requests.asked.is_empty());
    assert!(!bench.can_be_answered());
}

#[tokio::test(start_paused = true)]
async fn a_key_that_waited_while_the_loop_stood_still_confirms_nothing() {
    let mut bench = Bench::new();
    bench.live(SECOND).await;
    bench.dashboard.model = dialog(false);
    bench.live(Duration::from_millis(100)).await;
    assert!(!bench.can_be_answered());
    // A key comes soon, and is read late.
    bench.type_in("y");
    tokio::time::advance(SECOND).await;
    bench.live(Duration::from_millis(100)).await;
    assert!(bench.dashboard.model.requests.asked.is_empty());
    assert!(!bench.can_be_answered(), "the quiet time began anew");
    bench.live(SECOND).await;
    assert!(bench.can_be_answered());
    bench.type_in("y");
    bench.live(SECOND).await;
    assert_eq!(bench.dashboard.model.requests.asked.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_typed_while_the_process_stood_still_confirms_nothing_by_whichever_clock() {
    let ahead = |bench: &Bench| *bench.wall.1.lock().unwrap() += SECOND;
    for by_wall in [false, true] {
        for is_armed in [false, true] {
            let mut bench = Bench::new();
            bench.live(SECOND).await;
            bench.dashboard.model = dialog(is_armed);
            bench.live(Duration::from_millis(50)).await;
            assert_eq!(bench.can_be_answered(), is_armed);
            bench.type_in("y");
            if by_wall {
                ahead(&bench);
            } else {
                tokio::time::advance(SECOND).await;
            }
            bench.live(Duration::from_millis(390)).await;
            assert!(!bench.can_be_answered(), "the quiet time began anew");
            bench.live(SECOND).await;
            assert_eq!(bench.asked(), 0);
            assert!(bench.can_be_answered(), "{}", bench.screen());
            bench.type_in("y");
            bench.live(SECOND).await;
            assert_eq!(bench.asked(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn on_a_host_that_is_merely_busy_it_arms_and_is_answered() {
    for late in [0, 50, 70, 90] {
        let mut bench = Bench::new();
        bench.live(2 * SECOND).await;
        bench.dashboard.model = dialog(false);
        let turn = async |bench: &mut Bench| {
            tokio::time::advance(Duration::from_millis(100 + late)).await;
            bench.live(Duration::ZERO).await;
        };
        for _ in 0..10 {
            turn(&mut bench).await;
        }
        assert!(bench.can_be_answered(), "{late} ms late");
        for _ in 0..50 {
            turn(&mut bench).await;
            assert!(bench.can_be_answered(), "{late} ms late");
        }
        bench.type_in("y");
        for _ in 0..5 {
            turn(&mut bench).await;
        }
        assert_eq!(bench.asked(), 1, "{late} ms late");
    }
}

#[tokio::test(start_paused = true)]
async fn what_confirms_must_stay_alone_for_a_moment() {
    let mut bench = Bench::new();
    bench.live(2 * SECOND).await;
    for other in [KeyCode::Char('x'), KeyCode::Enter] {
        bench.dashboard.model = dialog(true);
        bench.live(Duration::from_millis(50)).await;
        bench.type_in("y");
        bench.live(Duration::from_millis(140)).await;
        bench.press(other, KeyModifiers::NONE);
        bench.live(Duration::from_millis(390)).await;
        assert!(bench.dashboard.model.confirmation().is_some() && !bench.can_be_answered());
        bench.live(SECOND).await;
        assert_eq!(bench.asked(), 0);
        assert!(bench.can_be_answered(), "{}", bench.screen());
    }
    bench.type_in("yyy");
    bench.live(Duration::from_millis(149)).await;
    assert_eq!(bench.asked(), 0);
    bench.live(Duration::from_millis(2)).await;
    assert_eq!(bench.asked(), 1);
}

/// A keyboard at which something has been typed that nobody could read yet.
struct Behind(Handed, Arc<AtomicBool>);

impl futures_util::Stream for Behind {
    type Item = io::Result<Event>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl Keyboard for Behind {
    fn is_waiting(&mut self) -> bool {
        self.1.load(Ordering::Relaxed) || self.0.is_waiting()
    }

    fn forget(&mut self) {
        self.0.forget();
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_arms_and_nothing_counts_while_something_waits_on_the_terminal() {
    let mut bench = Bench::new();
    let (keys, typed) = mpsc::channel(8);
    let waits = Arc::new(AtomicBool::new(true));
    bench.dashboard.input = Box::new(Behind(Handed(typed), Arc::clone(&waits)));
    bench.keys = keys;
    bench.live(SECOND).await;
    bench.dashboard.model = dialog(false);
    bench.live(5 * SECOND).await;
    assert!(!bench.can_be_answered());
    waits.store(false, Ordering::Relaxed);
    bench.live(SECOND).await;
    assert!(bench.can_be_answered(), "{}", bench.screen());
    bench.type_in("y");
    bench.live(Duration::from_millis(10)).await;
    waits.store(true, Ordering::Relaxed);
    bench.live(5 * SECOND).await;
    assert_eq!(bench.asked(), 0);
    bench.press(KeyCode::Esc, KeyModifiers::NONE);
    waits.store(false, Ordering::Relaxed);
    bench.live(SECOND).await;
    assert_eq!(bench.asked(), 0);
    assert!(bench.dashboard.model.confirmation().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_question_that_nobody_answers_costs_ten_looks_a_second_and_none_after_it() {
    let mut bench = Bench::new();
    bench.live(2 * SECOND).await;
    bench.dashboard.model = dialog(true);
    bench.live(SECOND).await;
    assert!(bench.dashboard.stalls.next().is_some());
    let frames = bench.frames();
    bench.live(10 * SECOND).await;
    assert_eq!(bench.frames(), frames, "nothing is drawn for it");
    bench.press(KeyCode::Esc, KeyModifiers::NONE);
    bench.live(SECOND).await;
    assert_eq!(bench.dashboard.stalls.next(), None);
}

#[tokio::test(start_paused = true)]
async fn a_code_to_sign_in_with_is_shown_while_it_is_wanted() {
    let mut bench = Bench::new();
    bench.live(Duration::from_secs(1)).await;
    let line = "sign in: enter AB12-CD34 at https://login.microsoft.com/device";
    for wanted in [true, false] {
        bench.prompts.send_replace(wanted.then(prompt));
        bench.live(Duration::from_secs(1)).await;
        assert_eq!(bench.screen().contains(line), wanted, "{}", bench.screen());
    }
}

/// A bench with two more profiles: one that can be opened, and one that cannot.
fn with_others() -> Bench {
    let mut bench = Bench::new();
    let other = |name: &str| model::ProfileSummary {
        name: name.into(),
        publisher: Some("fabrikam".into()),
        origin: Origin::marketplace(),
        read_only: None,
    };
    let setup = &mut bench.dashboard.model.setup;
    setup.profiles = Arc::new([
        model::ProfileSummary {
            publisher: Some(setup.publisher.clone()),
            ..other("prod")
        },
        other("audit"),
        other("broken"),
    ]);
    let setup = setup.clone();
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    bench.dashboard.open = Box::new(move |profile, publisher| {
        if profile.as_str() == "broken" {
            return Err("it has no credential".into());
        }
        let setup = Setup {
            profile: profile.clone(),
            publisher: publisher.unwrap().clone(),
            ..setup.clone()
        };
        let parts = parts(&setup, Arc::new(Still::new()));
        Ok(Opened {
            engine: Engine::new(parts, tasks.clone(), stop.clone()),
            setup,
            prompts: watch::channel(None).1,
        })
    });
    bench
}

#[tokio::test(start_paused = true)]
async fn each_profile_keeps_its_filter_and_what_cannot_be_opened_says_why() {
    let mut bench = with_others();
    bench.live(SECOND).await;
    bench.type_in("/needle");
    bench.press(KeyCode::Enter, KeyModifiers::NONE);
    bench.type_in("pj");
    bench.press(KeyCode::Enter, KeyModifiers::NONE);
    bench.live(SECOND).await;
    let screen = bench.screen();
    assert!(
        screen.contains("audit/fabrikam") && !screen.contains("needle"),
        "{screen}"
    );
    assert_eq!(bench.dashboard.aside.len(), 1);
    bench.type_in("pG");
    bench.press(KeyCode::Enter, KeyModifiers::NONE);
    bench.live(SECOND).await;
    let screen = bench.screen();
    assert!(
        screen.contains("audit/fabrikam") && screen.contains("it has no credential"),
        "{screen}"
    );
    bench.type_in("g");
    bench.press(KeyCode::Enter, KeyModifiers::NONE);
    bench.live(SECOND).await;
    let screen = bench.screen();
    assert!(
        screen.contains("prod/contoso") && screen.contains("needle"),
        "{screen}"
    );
    bench.type_in("pj");
    bench.press(KeyCode::Enter, KeyModifiers::NONE);
    bench.live(SECOND).await;
    assert_eq!(
        bench.dashboard.aside.len(),
        1,
        "a profile has one engine for good"
    );
}

#[tokio::test(start_paused = true)]
async fn the_publishers_are_asked_for_after_the_first_frame_and_nothing_is_followed_before() {
    let mut bench = Bench::new();
    bench.dashboard.model.setup.publisher = "".into();
    bench.live(Duration::ZERO).await;
    assert_eq!(bench.frames(), 1);
    assert!(
        bench.screen().contains("asking the service which there are"),
        "{}",
        bench.screen()
    );
    bench.live(SECOND).await;
    assert!(
        !bench.screen().contains("journal: shut"),
        "nothing is resumed for nobody"
    );
}
