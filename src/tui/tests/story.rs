//! What the status tells of a cancellation: how long it took before, what is stuck, what the service says, and as of when.

use std::{sync::Arc, time::Duration};

use crossterm::event::KeyCode;
use insta::assert_snapshot;

use crate::{
    domain::{
        cancellation::Cancellation,
        operation::{Message, OperationDetail},
        precedent::Precedent,
        remote::Remote,
        verdict::Verdict,
    },
    engine::{Snapshot, Tracked, ports::JournalFailure},
    tui::{
        fixture::*,
        keymap::Place,
        msg::{Effect, Msg, Reply},
    },
};

/// Cancels that were asked for at eleven and seen canceled at these times.
fn before(ends: &[&str]) -> Precedent {
    let one = |end: &&str| {
        let facts = vec![
            ("11:00:00", sending()),
            ("11:00:01", answered(202, None, None)),
            (*end, settled(Verdict::Canceled)),
        ];
        cancellation("c-before", "contoso-old", &vm_operation(), "11:00:00", facts)
    };
    Precedent::of(&ends.iter().map(one).collect::<Vec<Cancellation>>())
}

fn learn(app: &mut TestApp, precedent: Precedent) {
    app.take(Msg::Reply(Reply::Precedent(Ok(precedent))));
}

/// Someone who watches the cancel of `contoso-vm`, after three that took up to two minutes.
fn watching() -> TestApp {
    let mut app = TestApp::new(busy());
    app.select("contoso-vm");
    learn(&mut app, before(&["11:01:00", "11:01:50", "11:02:00"]));
    app
}

/// The same, and what is known of `contoso-vm` is `change`d.
fn knowing(change: impl Fn(&mut Tracked)) -> Snapshot {
    let mut known = busy();
    let mut tracked = following();
    change(&mut tracked);
    let mut all = Vec::clone(&known.cancellations);
    all[0] = Arc::new(tracked);
    known.cancellations = Arc::new(all);
    known
}

fn loads(app: &TestApp) -> usize {
    let load = |effect: &&Effect| **effect == Effect::LoadPrecedent;
    app.effects.iter().filter(load).count()
}

#[test]
fn it_says_how_long_it_usually_takes_and_no_percentage() {
    let mut app = TestApp::new(busy());
    app.select("contoso-vm");
    assert!(!app.screen().contains("usually"), "nothing is known of before");
    learn(&mut app, before(&["11:01:00", "11:01:50", "11:02:00"]));
    let screen = app.screen();
    assert!(
        screen.contains("usually 1 to 2 min (3 earlier cancels)"),
        "{screen}"
    );
    assert!(!screen.contains('%'));
    app.press(KeyCode::Enter);
    let screen = app.screen();
    assert!(
        screen.contains("median 1m 50s, longest 2m 0s, of the newest 3 canceled here"),
        "{screen}"
    );
}

#[test]
fn what_takes_much_longer_is_said_to_be_stuck_and_what_to_do() {
    let mut app = watching();
    app.wait(Duration::from_secs(168));
    assert!(!app.screen().contains("stuck?"), "twice as long is not too long");
    app.wait(Duration::from_secs(1));
    let screen = app.screen();
    assert!(
        screen.contains("! stuck? over 2 times as long as any of 3 before"),
        "{screen}"
    );
    assert!(screen.contains("support can help"), "{screen}");
    let row = screen.lines().rfind(|line| line.contains("contoso-vm")).unwrap();
    assert!(row.contains("stuck?"), "in its row as well: {row}");
}

#[test]
fn what_is_not_up_to_the_service_is_not_stuck() {
    for facts in [
        vec![("12:03:19", looked("running"))],
        vec![("12:03:20", sending()), ("12:03:20", answered(429, None, None))],
        vec![("12:03:20", settled(Verdict::Superseded))],
    ] {
        let known = knowing(|tracked| {
            tracked.cancellation =
                cancellation("c-vm", "contoso-vm", &vm_operation(), "12:03:19", facts.clone());
        });
        let mut app = watching();
        app.know(known);
        app.wait(Duration::from_hours(1));
        assert!(!app.screen().contains("stuck?"), "{}", app.screen());
    }
}

#[test]
fn without_any_before_an_hour_is_said_to_be_uncommon() {
    let mut app = TestApp::new(busy());
    app.select("contoso-vm");
    app.wait(Duration::from_hours(1));
    assert!(
        app.screen()
            .contains("stuck? a cancel commonly takes a few minutes")
    );
}

#[test]
fn the_journal_is_read_once_what_was_open_is_taken_up_and_after_each_that_was_canceled() {
    let broken = || JournalFailure("broken".into());
    let mut app = TestApp::new(quiet());
    assert_eq!(loads(&app), 0, "nothing keeps the first frame waiting");
    app.take(Msg::Reply(Reply::Resumed(Err(broken()))));
    assert_eq!(loads(&app), 0);
    app.take(Msg::Reply(Reply::Resumed(Ok(0))));
    assert_eq!(loads(&app), 1);
    learn(&mut app, Precedent::default());
    app.know(knowing(|_| {}));
    assert_eq!(loads(&app), 2, "one of them is canceled");
    app.know(knowing(|tracked| tracked.polls += 1));
    let canceled = |tracked: &mut Tracked| *tracked = ended("contoso-vm", &vm_operation(), Verdict::Canceled);
    app.know(knowing(canceled));
    assert_eq!(loads(&app), 2, "it is being read");
    app.take(Msg::Reply(Reply::Precedent(Err(broken()))));
    assert_eq!(loads(&app), 3, "and once more");
    learn(&mut app, Precedent::default());
    app.know(knowing(|tracked| {
        *tracked = ended("contoso-vm", &vm_operation(), Verdict::Refused);
    }));
    assert_eq!(loads(&app), 3, "a refusal says nothing of how long it takes");
}

#[test]
fn the_answer_is_told_with_what_its_location_names() {
    let of = "https://cloudpartner.azure.com/api";
    for (location, told) in [
        (None, "202 Accepted, without a location"),
        (
            Some(format!(
                "{of}/publishers/contoso/offers/contoso-vm/operations/{VM}"
            )),
            "202 Accepted, tracking this operation",
        ),
        (
            Some(format!(
                "{of}/publishers/contoso/offers/contoso-vm/operations/{APP}"
            )),
            "202 Accepted, its location names another operation",
        ),
        (
            Some(format!("{of}/operations/contoso$contoso-vm$2$preview")),
            "202 Accepted, its location has the older form",
        ),
        (
            Some("https://elsewhere.example/".to_owned()),
            "202 Accepted, its location is not followed",
        ),
    ] {
        let known = knowing(|tracked| {
            let facts = vec![
                ("12:03:20", sending()),
                ("12:03:20", answered(202, location.as_deref(), None)),
            ];
            tracked.cancellation = cancellation("c-vm", "contoso-vm", &vm_operation(), "12:03:19", facts);
        });
        let mut app = TestApp::new(known);
        app.select("contoso-vm");
        assert!(app.screen().contains(told), "{told}:\n{}", app.screen());
    }
}

#[test]
fn a_long_message_is_read_to_its_end_in_the_pane_and_in_the_details() {
    let words: Vec<String> = (0..400).map(|word| format!("word{word}")).collect();
    let message = Message {
        text: format!("{} the-very-end", words.join(" ")).as_str().into(),
        level: "error".into(),
        at: Some(at("12:04:00")),
    };
    let known = knowing(|tracked| {
        tracked.detail = Some(Arc::new(OperationDetail {
            messages: vec![message.clone()],
            ..detail()
        }));
    });
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut pane = TestApp::new(known.clone());
        pane.resize(width, height);
        pane.select("contoso-vm");
        assert!(!pane.screen().contains("the-very-end"));
        assert!(pane.screen().contains(" more "), "{}", pane.screen());
        pane.press(KeyCode::Tab);
        assert!(
            is_read_to_the_end(&mut pane),
            "{width}×{height}:\n{}",
            pane.screen()
        );
        pane.keys("g");
        pane.press(KeyCode::Enter);
        assert!(
            is_read_to_the_end(&mut pane),
            "details {width}×{height}:\n{}",
            pane.screen()
        );
    }
}

/// Scrolls by half pages, each of which is read.
fn is_read_to_the_end(app: &mut TestApp) -> bool {
    (0..600).any(|_| {
        let is_there = app.screen().contains("the-very-end");
        app.control('d');
        is_there
    })
}

#[test]
fn a_pane_says_as_of_when_it_is_known() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    assert!(
        app.screen().contains("c cancels it   as of 12:04:31"),
        "{}",
        app.screen()
    );
    let mut app = watching();
    assert!(!app.screen().contains("as of"), "seen two seconds ago");
    app.wait(Duration::from_secs(30));
    let screen = app.screen();
    assert_eq!(
        screen.matches("as of 12:04:29").count(),
        2,
        "status and row:\n{screen}"
    );
}

#[test]
fn what_is_not_known_says_why() {
    let told = |operations: Option<Remote<_>>| {
        let mut known = quiet();
        let all = Arc::make_mut(&mut known.operations);
        all.remove(&"contoso-vm".into());
        if let Some(operations) = operations {
            all.insert("contoso-vm".into(), operations);
        }
        let mut app = TestApp::new(known);
        app.select("contoso-vm");
        app.screen()
    };
    let timed_out = || "timed out; check the network".into();
    let stale = Remote::Loading.failed(timed_out(), at("12:05:01"));
    let kept = quiet().operations[&"contoso-vm".into()].clone();
    let kept = kept.failed(timed_out(), at("12:05:01"));
    for (operations, words) in [
        (
            None,
            "The offer's state: running; its operations were not looked at yet",
        ),
        (Some(Remote::NotAsked), "its operations were not looked at yet"),
        (
            Some(Remote::Loading),
            "The offer's state: running; looking at its operations…",
        ),
        (
            Some(stale),
            "The offer's state: running; its operations could not be read",
        ),
        (
            Some(kept),
            "! operations: since 12:05:01, showing 12:04:31: timed out",
        ),
    ] {
        let screen = told(operations);
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
}

#[test]
fn an_outage_is_a_line_and_no_dialog_and_a_cancel_looks_first() {
    let calm = quiet();
    let why = || "GET: timed out".into();
    let mut operations = (*calm.operations).clone();
    for known in operations.values_mut() {
        *known = std::mem::take(known).failed(why(), at("12:05:01"));
    }
    let mut app = TestApp::new(Snapshot {
        offers: calm.offers.clone().failed(why(), at("12:05:01")),
        operations: Arc::new(operations),
        ..calm
    });
    app.select("contoso-vm");
    assert_eq!(app.model.place(), Place::Offers);
    assert!(
        app.screen().contains("! offers: timed out since 12:05:01"),
        "{}",
        app.screen()
    );
    app.keys("c");
    let screen = app.screen();
    assert!(
        screen.contains("looking at contoso-vm first: what the list shows could not"),
        "{screen}"
    );
    assert!(screen.contains("since 12:05:01"), "{screen}");
}

#[test]
fn how_it_looks() {
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut usual = watching();
        usual.resize(width, height);
        assert_snapshot!(format!("usual_{width}x{height}"), usual.screen());
        let mut stuck = watching();
        stuck.resize(width, height);
        stuck.know(knowing(|tracked| {
            tracked.looked_at = Some(at("12:08:40"));
            tracked.next_look_at = Some(at("12:09:45"));
            tracked.note = Some("GET operation: timed out; check the network".into());
        }));
        stuck.wait(Duration::from_mins(5));
        assert_snapshot!(format!("stuck_{width}x{height}"), stuck.screen());
    }
}
