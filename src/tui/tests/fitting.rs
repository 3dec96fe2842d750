//! What has room is shown whole, and what has none is said to be there.

use std::sync::Arc;

use crossterm::event::KeyCode;

use crate::{
    domain::{ids::OfferId, remote::Remote, verdict::Verdict},
    engine::{Snapshot, Tracked},
    tui::fixture::*,
};

/// The line of `screen` that has `text`.
fn line<'a>(screen: &'a str, text: &str) -> &'a str {
    let found = screen.lines().find(|line| line.contains(text));
    found.unwrap_or_else(|| panic!("no {text} in\n{screen}"))
}

fn on(width: u16, height: u16, snapshot: Snapshot) -> TestApp {
    let mut app = TestApp::new(snapshot);
    app.resize(width, height);
    app
}

fn many(count: usize) -> Snapshot {
    let offers: Vec<_> = (0..count)
        .map(|at| {
            let id = format!("contoso-{at:02}");
            offer(&id, "Contoso", "succeeded", "2026-11-02T08:00:00Z")
        })
        .collect();
    Snapshot {
        offers: fresh(offers.into()),
        ..Snapshot::default()
    }
}

fn cancelled(offers: &[&str], verdict: Verdict, resumed: bool) -> Snapshot {
    let tracked = offers.iter().map(|offer| {
        Arc::new(Tracked {
            resumed,
            ..ended(offer, &vm_operation(), verdict)
        })
    });
    Snapshot {
        cancellations: Arc::new(tracked.collect()),
        ..quiet()
    }
}

#[test]
fn a_list_that_goes_on_says_which_part_is_shown_and_only_the_window_changes_that() {
    let mut app = on(80, 24, many(40));
    let height = usize::from(app.model.own_panes().offers.height);
    let part = format!("1–{height} of 40");
    for _ in 0..height {
        assert!(line(&app.screen(), "STATE").contains(&part), "{}", app.screen());
        app.keys("j");
    }
    assert!(!line(&app.screen(), "STATE").contains(&part), "the window moved");
    app.keys("G");
    let last = format!("{}–40 of 40", 41 - height);
    assert!(line(&app.screen(), "STATE").contains(&last), "{}", app.screen());
    let short = on(80, 24, many(3)).screen();
    assert!(!line(&short, "STATE").contains(" of "), "{short}");
}

#[test]
fn cancellations_that_have_no_room_are_counted() {
    let ids: Vec<String> = (0..8).map(|at| format!("contoso-{at}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let screen = on(80, 24, cancelled(&ids, Verdict::Canceled, false)).screen();
    let shown = screen
        .lines()
        .filter(|line| line.contains("canceled · observed"))
        .count();
    let title = line(&screen, " Cancellations ");
    assert!(title.contains(&format!(" 1–{shown} of 8 ")), "{screen}");
}

#[test]
fn side_by_side_the_list_says_no_less_than_it_would_alone() {
    let id = "contoso-analytics-eu";
    let calm = quiet();
    let mut offers = crate::tui::fixture::offers();
    offers.push(offer(id, "Contoso", "running", "2026-11-22T09:12:00Z"));
    let mut operations = (*calm.operations).clone();
    let known = operations[&OfferId::new("contoso-vm")].clone();
    operations.insert(id.into(), known);
    let snapshot = Snapshot {
        offers: fresh(offers.into()),
        operations: Arc::new(operations),
        ..calm
    };
    for width in [109, 110, 119] {
        let screen = on(width, 24, snapshot.clone()).screen();
        assert!(screen.contains(&format!(" {id} ")), "{screen}");
        assert!(
            line(&screen, "  contoso-vm ").contains("Certification "),
            "{screen}"
        );
        assert!(screen.contains("Jun 2021"), "{screen}");
    }
}

#[test]
fn the_facts_of_a_cancellation_are_whole_where_there_is_room() {
    for (width, height) in [(80, 40), (110, 30), (120, 40)] {
        let snapshot = cancelled(&["contoso-vm"], Verdict::Refused, false);
        let mut app = on(width, height, snapshot);
        app.select("contoso-vm");
        let screen = app.screen();
        assert!(screen.contains("too late to cancel"), "{width}: {screen}");
    }
}

#[test]
fn two_cancellations_that_begin_alike_can_be_told_apart() {
    let ids = ["contoso-analytics-west", "contoso-analytics-east"];
    let screen = on(120, 40, cancelled(&ids, Verdict::FinishedFirst, true)).screen();
    for id in ids {
        let row = line(&screen, id);
        assert!(
            row.contains("finished first") && row.ends_with("11:52"),
            "{screen}"
        );
    }
    assert!(!screen.contains("resum…"), "{screen}");
}

/// Nothing answers, and what cannot be read says so in one sentence.
fn down(known: &Snapshot) -> Snapshot {
    let why = "GET offers of contoso: refused: no connection to 127.0.0.1:1 (Connection refused (os error 111)); \
               nothing listens there: check the base URL";
    Snapshot {
        offers: known.offers.clone().failed(why.into(), at("12:05:01")),
        offers_retry_at: Some(at("12:05:20")),
        ..known.clone()
    }
}

#[test]
fn a_notice_leads_with_the_reason_and_keeps_its_times() {
    for (width, expected) in [
        (80, "offers: refused since 12:05:01 · next try 12:05:20"),
        (
            120,
            "offers: refused: no connection to 127.0.0.1:1 since 12:05:01, showing 12:04:31 · next try 12:05:20",
        ),
    ] {
        let screen = on(width, 24, down(&quiet())).screen();
        let notice = line(&screen, "! offers:");
        assert_eq!(notice.trim_start_matches(" ! "), expected);
    }
}

#[test]
fn one_reason_is_told_whole_once_on_a_screen() {
    let empty = Snapshot {
        offers: Remote::Loading,
        ..Snapshot::default()
    };
    let screen = on(80, 24, down(&empty)).screen();
    assert_eq!(screen.matches("nothing listens").count(), 1, "{screen}");
    let notice = " ! offers: refused since 12:05:01 · next try 12:05:20";
    assert_eq!(line(&screen, " ! offers:"), notice);

    let note =
        "GET operation 5a63deb5: refused: no connection to 127.0.0.1:1 (os error 111); check the base URL";
    let tracked = Tracked {
        note: Some(note.into()),
        ..following()
    };
    let noted = |known: Snapshot| Snapshot {
        cancellations: Arc::new(vec![Arc::new(tracked.clone())]),
        ..known
    };
    let shown = |known: Snapshot| {
        let mut app = on(80, 24, noted(known));
        app.press(KeyCode::Tab);
        app.press(KeyCode::Tab);
        app.screen()
    };
    let told = shown(down(&empty));
    assert!(told.contains("! GET operation 5a63deb5: refused\n"), "{told}");
    let alone = shown(empty);
    assert!(alone.contains("check the base URL"), "{alone}");
}

#[test]
fn a_sign_in_that_is_lost_is_not_told_as_an_outage_too() {
    let why = "GET offers of contoso: 401 Unauthorized: the token is not accepted; sign in again";
    let known = Snapshot {
        offers: Remote::Loading.failed(why.into(), at("12:05:01")),
        sign_in: Some(why.into()),
        ..Snapshot::default()
    };
    let screen = on(80, 24, known).screen();
    assert_eq!(screen.matches("sign in again").count(), 1, "{screen}");
    assert!(!screen.contains("offers: 401"), "{screen}");
}
