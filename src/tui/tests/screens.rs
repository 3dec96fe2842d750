//! The screens themselves, in the three sizes that matter.

use std::{sync::Arc, time::Duration};

use crossterm::event::KeyCode;
use insta::assert_snapshot;
use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

use crate::{
    domain::{
        cancellation::Cancellation,
        operation::{Destination, Source},
        remote::Remote,
        verdict::Verdict,
    },
    engine::{Snapshot, Tracked, ports::JournalFailure},
    presentation::{Row, Tone},
    tui::{
        fixture::*,
        keymap::Place,
        model::{Capabilities, Setup},
        msg::{Effect, Msg, Reply},
    },
};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 10)];

/// Draws what `arrange` makes in every size.
fn shoot(name: &str, arrange: impl Fn() -> TestApp) {
    for (width, height) in SIZES {
        let mut app = arrange();
        app.resize(width, height);
        assert_snapshot!(format!("{name}_{width}x{height}"), app.screen());
    }
}

/// A dialog is armed in the size it is drawn in.
fn shoot_asked(name: &str, ask: impl Fn(&mut TestApp)) {
    for (width, height) in SIZES {
        let mut app = TestApp::new(quiet());
        app.resize(width, height);
        ask(&mut app);
        assert_snapshot!(format!("{name}_{width}x{height}"), app.screen());
    }
}

fn outage() -> Snapshot {
    let calm = busy();
    Snapshot {
        offers: calm.offers.clone().failed(
            "GET offers of contoso: timed out; check the network".into(),
            at("12:05:01"),
        ),
        offers_retry_at: Some(at("12:05:20")),
        sign_in: Some("the token is not accepted; set a new COUNTERMAND_TOKEN".into()),
        ..calm
    }
}

fn on_vm(snapshot: Snapshot) -> TestApp {
    let mut app = TestApp::new(snapshot);
    app.select("contoso-vm");
    app
}

#[test]
fn following_a_cancellation() {
    shoot("following", || on_vm(busy()));
}

#[test]
fn nothing_cancelled_yet() {
    shoot("quiet", || on_vm(quiet()));
}

#[test]
fn before_the_first_answer() {
    shoot("loading", || {
        TestApp::new(Snapshot {
            offers: Remote::Loading,
            ..Snapshot::default()
        })
    });
}

#[test]
fn an_outage_keeps_what_was_known() {
    shoot("outage", || on_vm(outage()));
}

/// Rows and what is followed stay, and what to do stands in the place of what is lost for it.
#[test]
fn sign_in_that_waits_for_a_person() {
    let ask = |snapshot: Snapshot| {
        let mut app = on_vm(snapshot);
        app.take(Msg::Prompted(Some(prompt())));
        app
    };
    shoot("signing-in", || ask(outage()));
    let mut app = ask(busy());
    let outcome = app.take(Msg::Prompted(None));
    assert_eq!(
        outcome.effects,
        [Effect::Refresh],
        "nothing waits for the next round"
    );
    assert!(outcome.redraw && !app.screen().contains("sign in:"));
    assert_eq!(app.take(Msg::Prompted(None)).effects, []);
}

#[test]
fn narrowed_by_a_text() {
    shoot("filter", || {
        let mut app = TestApp::new(busy());
        app.keys("/contoso-i");
        app
    });
}

#[test]
fn details_of_a_cancellation() {
    shoot("details", || {
        let mut app = on_vm(busy());
        app.press(KeyCode::Enter);
        app
    });
}

#[test]
fn help_tells_the_keys_of_the_place_first() {
    let mut app = TestApp::new(quiet());
    app.resize(120, 40);
    app.keys("?");
    let screen = app.screen();
    assert!(screen.contains("Keys of the list of offers"), "{screen}");
    for (keys, _) in app.model.setup.preferences.keymap.lines(Some(Place::Offers)) {
        assert!(screen.contains(&keys), "without scrolling: {keys}\n{screen}");
    }
    shoot("help", || {
        let mut app = TestApp::new(quiet());
        app.keys("?");
        app
    });
}

#[test]
fn every_verdict_in_its_row() {
    shoot("verdicts", || {
        let operation = |id: &str| operation(Some(id), Destination::Preview, "running", "09:12:00");
        let told = [
            ("contoso-app", Verdict::Refused),
            ("contoso-db", Verdict::FinishedFirst),
            ("contoso-old", Verdict::Canceled),
            ("contoso-vm", Verdict::Unknown),
            ("contoso-wide", Verdict::NotSent),
        ];
        let cancellations = told.map(|(offer, verdict)| {
            let operation = match offer {
                "contoso-vm" => vm_operation(),
                "contoso-app" => app_operation(),
                _ => operation(offer),
            };
            Arc::new(match verdict {
                Verdict::NotSent => unsent(offer, &operation),
                _ => ended(offer, &operation, verdict),
            })
        });
        on_vm(Snapshot {
            cancellations: Arc::new(cancellations.into()),
            ..quiet()
        })
    });
}

#[test]
fn asked_about_the_preview() {
    shoot_asked("asked_preview", |app| app.ask("contoso-vm", vm_operation()));
}

#[test]
fn asked_about_production() {
    shoot_asked("asked_live", |app| {
        app.ask("contoso-app", app_operation());
        app.keys("contoso-a");
    });
}

#[test]
fn not_armed_yet() {
    shoot_asked("unarmed", |app| {
        app.select("contoso-vm");
        app.keys("c");
        let nameless = operation(None, Destination::Preview, "running", "09:12:00");
        app.answer_look(look(vec![nameless], Source::OfferStatus));
    });
}

#[test]
fn several_of_which_none_can_be_canceled() {
    shoot_asked("several", |app| {
        app.select("contoso-vm");
        app.keys("c");
        let other = operation(Some(APP), Destination::Live, "notStarted", "09:20:00");
        app.answer_look(look(vec![vm_operation(), other], Source::Submissions));
    });
}

/// What another process, and one that is gone, had left open; of the service nothing is known yet.
fn after_a_restart() -> Snapshot {
    let resumed = Tracked {
        resumed: true,
        ..following()
    };
    let joined = Tracked {
        joined: true,
        ..Tracked::new(cancellation(
            "c-app",
            "contoso-app",
            &app_operation(),
            "11:58:00",
            vec![("11:58:01", sending()), ("11:58:02", answered(202, None, None))],
        ))
    };
    Snapshot {
        offers: Remote::Loading,
        cancellations: vec![Arc::new(resumed), Arc::new(joined)].into(),
        ..Snapshot::default()
    }
}

#[test]
fn what_was_open_before_says_so() {
    shoot("resumed", || {
        let mut app = TestApp::new(after_a_restart());
        app.press(KeyCode::Tab);
        app.press(KeyCode::Tab);
        app
    });
}

#[test]
fn what_was_open_cannot_be_read() {
    shoot("unresumed", || {
        let mut app = on_vm(quiet());
        let why = JournalFailure("the file belongs to a newer countermand; use that one".into());
        app.take(Msg::Reply(Reply::Resumed(Err(why))));
        app
    });
}

/// What the journal tells: of this run, of another profile, of a year ago.
fn known_to_the_journal() -> Vec<Cancellation> {
    let old = operation(None, Destination::Preview, "canceled", "11:52:05");
    let mut foreign = ended("fabrikam-backup", &app_operation(), Verdict::Refused).cancellation;
    foreign.request.profile = "test".into();
    let open = ended("contoso-iot", &app_operation(), Verdict::Unknown).cancellation;
    let mut ancient = ended("contoso-old", &old, Verdict::Canceled).cancellation;
    ancient.claimed_at = "2025-03-01T08:00:00Z".parse().unwrap();
    ancient.ending.as_mut().unwrap().0 = "2025-03-01T08:04:30Z".parse().unwrap();
    vec![following().cancellation, open, foreign, ancient]
}

fn in_history(told: Result<Vec<Cancellation>, JournalFailure>) -> TestApp {
    let mut app = on_vm(busy());
    app.keys("H");
    app.take(Msg::Reply(Reply::History(Box::new(told))));
    app
}

#[test]
fn the_history() {
    shoot("history", || {
        let mut app = in_history(Ok(known_to_the_journal()));
        app.keys("j");
        app
    });
}

#[test]
fn the_history_before_it_is_read_empty_and_broken() {
    let mut app = on_vm(busy());
    app.keys("H");
    assert_snapshot!("history_loading_80x24", app.screen());
    assert_snapshot!("history_empty_80x24", in_history(Ok(Vec::new())).screen());
    let broken = JournalFailure("it cannot be read (disk I/O error); check the disk".into());
    assert_snapshot!("history_broken_80x24", in_history(Err(broken)).screen());
}

#[test]
fn all_of_one_cancellation() {
    shoot("record", || {
        let mut app = in_history(Ok(known_to_the_journal()));
        app.press(KeyCode::Enter);
        app
    });
}

#[test]
fn ascii_alone() {
    let look = Capabilities {
        unicode: false,
        colour: false,
    };
    let banner = Some("demo: a simulator on this machine; nothing here is real".into());
    let mut app = TestApp::with(
        Setup {
            look,
            banner,
            ..setup()
        },
        busy(),
    );
    app.select("contoso-vm");
    let screen = app.screen();
    assert!(screen.is_ascii(), "{screen}");
    let buffer = app.draw();
    assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset));
    assert_snapshot!("ascii_80x24", screen);
}

#[test]
fn a_window_too_small_says_so() {
    let mut app = TestApp::new(busy());
    app.resize(30, 5);
    assert_snapshot!(app.screen(), @r"
    This window is 30×5;
    countermand needs 40×10. q
    quits.
    ");
}

#[test]
fn colour_and_weight_stand_beside_words() {
    let mut app = on_vm(busy());
    app.wait(Duration::from_secs(1));
    let buffer = app.draw();
    let style_of = |word: &str| {
        let width = usize::from(buffer.area.width);
        let text: Vec<String> = buffer
            .content
            .chunks(width)
            .map(|row| row.iter().map(Cell::symbol).collect())
            .collect();
        let (y, x) = text
            .iter()
            .enumerate()
            .find_map(|(y, row)| row.find(word).map(|byte| (y, row[..byte].chars().count())))
            .unwrap();
        let cell = &buffer.content[y * width + x];
        (cell.fg, cell.modifier)
    };
    let (colour, weight) = style_of("LIVE");
    assert_eq!(colour, Color::Red);
    assert!(weight.contains(Modifier::BOLD));
    assert_eq!(style_of("canceled").0, Color::Green);
    assert_eq!(style_of("Canceling for").0, Color::Magenta);
    assert!(style_of("contoso-vm  ").1.contains(Modifier::REVERSED));
    assert!(!style_of("contoso-app").1.contains(Modifier::REVERSED));
}

#[test]
fn what_finished_first_is_no_success_and_tells_how_it_ended() {
    let snapshot = Snapshot {
        cancellations: vec![Arc::new(ended(
            "contoso-vm",
            &vm_operation(),
            Verdict::FinishedFirst,
        ))]
        .into(),
        ..quiet()
    };
    let mut app = on_vm(snapshot);
    let screen = app.screen();
    assert!(
        screen.matches("finished first: succeeded").count() > 1,
        "{screen}"
    );
    let known = &app.model.known;
    let row = Row::of(
        known,
        &app.model.requests,
        app.model.offer(&"contoso-vm".into()).unwrap(),
    );
    assert_eq!(
        (row.state.as_str(), row.family.tone()),
        ("finished first: succeeded", Tone::Bad)
    );
    app.resize(50, 20);
    let screen = app.screen();
    let row = screen.lines().find(|line| line.starts_with("▸ contoso-vm"));
    assert!(row.is_some_and(|row| row.ends_with("finished first")), "{screen}");
}

#[test]
fn what_hinders_stands_whole_where_the_offers_would_and_in_the_details() {
    let advice = "set a new COUNTERMAND_TOKEN, such as from az account get-access-token, then start again";
    let sign_in = format!("the token of the environment is not accepted by the service; {advice}");
    let failed = |offers: Remote<_>| offers.failed("GET offers: not signed in".into(), at("12:05:01"));
    let empty = Snapshot {
        offers: failed(Remote::Loading),
        sign_in: Some(sign_in.as_str().into()),
        ..Snapshot::default()
    };
    let full = Snapshot {
        offers: failed(quiet().offers),
        sign_in: Some(sign_in.as_str().into()),
        ..quiet()
    };
    for (width, height) in [(80, 24), (120, 40)] {
        for (snapshot, keys) in [(&empty, 0), (&full, 1)] {
            let mut app = on(width, height, snapshot.clone());
            (0..keys).for_each(|_| drop(app.press(KeyCode::Enter)));
            let screen = app.screen();
            let words: Vec<&str> = screen.split_whitespace().filter(|word| *word != "│").collect();
            assert!(words.join(" ").contains(advice), "{screen}");
            assert!(words.join(" ").contains("GET offers: not signed in"), "{screen}");
        }
    }
}

fn on(width: u16, height: u16, snapshot: Snapshot) -> TestApp {
    let mut app = TestApp::new(snapshot);
    app.resize(width, height);
    app
}
