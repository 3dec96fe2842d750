//! What was open before, what is open still, and all that the journal knows.

use std::sync::Arc;

use crossterm::event::KeyCode;

use crate::{
    domain::{cancellation::Cancellation, ids::OfferId, verdict::Verdict},
    engine::{FollowError, Snapshot, Tracked, ports::JournalFailure},
    tui::{
        fixture::*,
        keymap::Place,
        model::Overlay,
        msg::{Effect, Msg, Reply},
        tests::notice,
    },
};

fn tell(app: &mut TestApp, told: Result<Vec<Cancellation>, JournalFailure>) {
    app.take(Msg::Reply(Reply::History(Box::new(told))));
}

fn broken() -> JournalFailure {
    JournalFailure("the folder cannot be written; make it writable".into())
}

fn count(app: &TestApp, wanted: &Effect) -> usize {
    app.effects.iter().filter(|effect| *effect == wanted).count()
}

fn with(tracked: Tracked) -> TestApp {
    let mut app = TestApp::new(Snapshot {
        cancellations: vec![Arc::new(tracked)].into(),
        ..quiet()
    });
    app.select("contoso-vm");
    app
}

fn follow(id: &str) -> Effect {
    Effect::Follow { id: id.into() }
}

#[test]
fn what_is_open_and_unwatched_is_looked_at_again_and_nothing_is_sent() {
    for verdict in [Verdict::Unknown, Verdict::Pending] {
        for keys in ["o", "llo"] {
            let mut app = with(ended("contoso-vm", &vm_operation(), verdict));
            app.keys(keys);
            assert_eq!(count(&app, &follow("c-contoso-vm")), 1, "{verdict:?} {keys}");
            assert!(app.cancels().is_empty());
        }
    }
}

#[test]
fn what_is_watched_settled_or_not_there_is_not_looked_at_again() {
    for (tracked, said) in [
        (following(), "is being looked at already"),
        (
            ended("contoso-vm", &vm_operation(), Verdict::Canceled),
            "ended is known",
        ),
        (
            ended("contoso-old", &vm_operation(), Verdict::Pending),
            "no cancellation is selected",
        ),
    ] {
        let mut app = with(tracked);
        app.keys("o");
        assert!(
            !app.effects
                .iter()
                .any(|effect| matches!(effect, Effect::Follow { .. }))
        );
        assert!(notice(&app).contains(said), "{}", notice(&app));
    }
}

#[test]
fn the_footer_offers_to_look_again_only_where_that_leads_on() {
    let offers = |app: &TestApp| app.screen().contains("o look again");
    assert!(offers(&with(ended(
        "contoso-vm",
        &vm_operation(),
        Verdict::Pending
    ))));
    assert!(!offers(&with(following())));
    assert!(!offers(&with(ended(
        "contoso-vm",
        &vm_operation(),
        Verdict::Canceled
    ))));
}

#[test]
fn why_it_is_not_looked_at_again_is_said_with_what_to_do() {
    let mut app = with(ended("contoso-vm", &vm_operation(), Verdict::Pending));
    app.keys("o");
    app.take(Msg::Reply(Reply::FollowError {
        id: "c-contoso-vm".into(),
        why: FollowError::Journal(broken()),
    }));
    assert_eq!(
        notice(&app),
        "contoso-vm is not looked at again: journal: the folder cannot be written; make it writable"
    );
}

#[test]
fn what_could_not_be_resumed_stands_there_until_it_could() {
    let mut app = TestApp::new(quiet());
    app.take(Msg::Reply(Reply::Resumed(Err(broken()))));
    assert!(app.screen().contains("! journal:"), "{}", app.screen());
    assert_eq!(count(&app, &Effect::Resume), 0);
    app.keys("r");
    assert_eq!(count(&app, &Effect::Resume), 1);
    app.take(Msg::Reply(Reply::Resumed(Ok(2))));
    assert!(!app.screen().contains("! journal:"), "{}", app.screen());
    assert!(notice(&app).starts_with("2 cancellations were open"));
    app.keys("r");
    assert_eq!(count(&app, &Effect::Resume), 1, "nothing is left to resume");
}

#[test]
fn the_history_is_asked_for_and_never_waited_for() {
    let mut app = TestApp::new(quiet());
    app.keys("H");
    assert_eq!(count(&app, &Effect::LoadHistory), 1);
    assert!(app.screen().contains("reading the journal"));
    app.press(KeyCode::Enter);
    app.keys("jGgo");
    app.press(KeyCode::Esc);
    assert_eq!(app.model.place(), Place::Offers);
    tell(&mut app, Ok(vec![following().cancellation]));
    assert_eq!(app.model.place(), Place::Offers, "too late, and nobody waits");
}

#[test]
fn a_failure_keeps_what_was_read_and_r_tries_again() {
    let mut app = TestApp::new(quiet());
    app.keys("H");
    tell(&mut app, Ok(vec![following().cancellation]));
    app.keys("r");
    assert_eq!(count(&app, &Effect::LoadHistory), 2);
    assert_eq!(count(&app, &Effect::Refresh), 0);
    tell(&mut app, Err(broken()));
    let screen = app.screen();
    assert!(screen.contains("not read anew since 12:04:31"), "{screen}");
    assert!(screen.contains("contoso-vm"), "{screen}");
}

#[test]
fn the_selection_stays_with_its_cancellation() {
    let old = ended("contoso-old", &app_operation(), Verdict::Canceled).cancellation;
    let mut app = TestApp::new(quiet());
    app.keys("H");
    tell(&mut app, Ok(vec![old.clone()]));
    tell(&mut app, Ok(vec![following().cancellation, old]));
    let pointed = app.model.pointed_cancellation().unwrap();
    assert_eq!(pointed.request.target.offer, OfferId::new("contoso-old"));
}

#[test]
fn what_is_followed_here_is_told_as_it_stands_now() {
    let mut early = following().cancellation;
    early.facts.truncate(1);
    let mut app = with(following());
    app.keys("H");
    tell(&mut app, Ok(vec![early]));
    app.press(KeyCode::Enter);
    assert!(app.screen().contains("running"), "{}", app.screen());
    app.know(Snapshot {
        cancellations: vec![Arc::new(Tracked {
            cancellation: {
                let mut cancellation = following().cancellation;
                cancellation.apply_unrecorded(settled(Verdict::Canceled), at("12:05:00"));
                cancellation
            },
            ..following()
        })]
        .into(),
        ..quiet()
    });
    app.keys("G");
    assert!(app.screen().contains("verdict: canceled · observed"));
}

#[test]
fn a_record_scrolls_to_its_end_and_no_further() {
    let mut app = TestApp::new(quiet());
    app.resize(40, 10);
    app.keys("H");
    tell(&mut app, Ok(vec![following().cancellation]));
    app.press(KeyCode::Enter);
    assert!(app.screen().contains("more"));
    app.keys("Gjj");
    assert!(app.screen().contains("running"), "{}", app.screen());
    assert!(!app.screen().contains("more"));
    app.press(KeyCode::Esc);
    assert!(matches!(app.model.overlays[..], [Overlay::History(_)]));
}
