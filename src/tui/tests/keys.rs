//! What keys do outside of dialogs.

use std::{sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    domain::{ids::OfferId, remote::Remote, verdict::Verdict},
    engine::Snapshot,
    tui::{
        fixture::*,
        keymap::Place,
        model::Focus,
        msg::{Effect, Msg, Outcome},
        tests::{looks, notice},
    },
};

fn selected(app: &TestApp) -> &str {
    app.model.list.selected.as_ref().map_or("", OfferId::raw)
}

fn rows(app: &TestApp) -> Vec<&str> {
    app.model.list.rows.iter().map(|offer| offer.id.raw()).collect()
}

fn many(count: usize) -> Snapshot {
    let offers: Vec<_> = (0..count)
        .map(|n| {
            offer(
                &format!("offer-{n:05}"),
                "Many",
                "succeeded",
                "2026-11-22T08:00:00Z",
            )
        })
        .collect();
    Snapshot {
        offers: fresh(offers.into()),
        ..Snapshot::default()
    }
}

#[test]
fn what_is_in_flight_stands_on_top_and_the_rest_by_id() {
    let app = TestApp::new(quiet());
    assert_eq!(
        rows(&app),
        [
            "contoso-app",
            "contoso-iot",
            "contoso-vm",
            "contoso-db",
            "contoso-old",
            "contoso-wide"
        ]
    );
    assert_eq!(selected(&app), "contoso-app");
}

#[test]
fn every_way_of_moving_stays_in_the_list() {
    let mut app = TestApp::new(many(100));
    let page = usize::from(app.model.own_panes().offers.height);
    for (code, at) in [
        (KeyCode::Char('j'), 1),
        (KeyCode::Down, 2),
        (KeyCode::Char('k'), 1),
        (KeyCode::Up, 0),
        (KeyCode::Up, 0),
        (KeyCode::Char('G'), 99),
        (KeyCode::Char('j'), 99),
        (KeyCode::Char('g'), 0),
        (KeyCode::End, 99),
        (KeyCode::Home, 0),
        (KeyCode::PageDown, page),
        (KeyCode::PageUp, 0),
    ] {
        app.press(code);
        assert_eq!(app.model.list.cursor, at, "{code:?}");
        let window = app.model.list.top..app.model.list.top + page;
        assert!(window.contains(&app.model.list.cursor));
    }
    app.control('d');
    assert_eq!(app.model.list.cursor, page / 2);
    app.control('u');
    assert_eq!(app.model.list.cursor, 0);
}

#[test]
fn the_window_moves_by_half_of_itself() {
    let mut app = TestApp::new(many(1000));
    let page = usize::from(app.model.own_panes().offers.height);
    let mut moves = 0;
    for _ in 0..500 {
        let top = app.model.list.top;
        app.keys("j");
        moves += usize::from(app.model.list.top != top);
    }
    assert!(moves <= 500 / (page / 2) + 1, "{moves}");
}

#[test]
fn the_selection_follows_its_offer() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-old");
    app.know(busy());
    assert_eq!(selected(&app), "contoso-old");
    assert_eq!(rows(&app)[app.model.list.cursor], "contoso-old");
}

#[test]
fn a_selected_offer_that_vanishes_is_said_and_stays_selected() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    let mut left = offers();
    left.retain(|offer| offer.id.raw() != "contoso-vm");
    app.know(Snapshot {
        offers: fresh(left.into()),
        ..quiet()
    });
    assert_eq!(selected(&app), "contoso-vm");
    assert!(app.screen().contains("contoso-vm is no longer in the list"));
    app.keys("c");
    assert!(app.cancels().is_empty() && app.model.confirmation().is_none());
    app.keys("k");
    assert_eq!(selected(&app), "contoso-iot");
}

#[test]
fn the_list_stands_still_under_a_dialog_and_moves_after() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-db");
    app.keys("c");
    let before: Vec<String> = rows(&app).into_iter().map(String::from).collect();
    let mut changed = offers();
    changed.push(offer("aaa", "New", "running", "2026-11-22T12:00:00Z"));
    app.know(Snapshot {
        offers: fresh(changed.into()),
        ..busy()
    });
    assert_eq!(rows(&app), before);
    app.press(KeyCode::Esc);
    assert_eq!(rows(&app)[0], "aaa");
    assert_eq!(selected(&app), "contoso-db");
}

#[test]
fn the_filter_narrows_while_it_is_typed_stays_and_is_undone() {
    let mut app = TestApp::new(quiet());
    app.keys("/IoTq");
    assert!(rows(&app).is_empty());
    assert!(app.screen().contains("no offer matches ‘IoTq’"));
    app.press(KeyCode::Backspace);
    assert_eq!(rows(&app), ["contoso-iot"]);
    app.press(KeyCode::Enter);
    assert_eq!(app.model.place(), Place::Offers);
    assert!(app.screen().contains("/ IoT"));
    assert_eq!(selected(&app), "contoso-iot");
    app.press(KeyCode::Esc);
    assert_eq!(rows(&app).len(), 6);
    assert_eq!(selected(&app), "contoso-iot");
}

#[test]
fn the_filter_takes_a_paste_but_no_controls() {
    let mut app = TestApp::new(quiet());
    app.keys("/");
    app.take(Msg::Terminal(Event::Paste("\u{202e}db\u{1b}\ncy".to_owned())));
    assert_eq!(app.model.list.filter.value(), "db");
    assert_eq!(rows(&app), ["contoso-db"]);
}

#[test]
fn in_flight_only_shows_that_and_all_again() {
    let mut app = TestApp::new(quiet());
    app.keys("f");
    assert_eq!(rows(&app), ["contoso-app", "contoso-iot", "contoso-vm"]);
    app.keys("f");
    assert_eq!(rows(&app).len(), 6);
}

#[test]
fn panes_take_turns() {
    let mut app = TestApp::new(busy());
    for focus in [Focus::Status, Focus::Cancellations, Focus::Offers] {
        app.press(KeyCode::Tab);
        assert_eq!(app.model.focus, focus);
    }
    app.keys("h");
    assert_eq!(app.model.focus, Focus::Cancellations);
    app.keys("j");
    let watched = app.model.watched().unwrap().1;
    assert_eq!(watched.cancellation.id.raw(), "c-contoso-old");
    app.press(KeyCode::Enter);
    assert!(app.screen().contains("verdict: canceled · observed"));
    app.press(KeyCode::Esc);
    app.keys("l");
    assert_eq!(app.model.focus, Focus::Offers);
    let mut without = TestApp::new(quiet());
    without.keys("ll");
    assert_eq!(without.model.focus, Focus::Offers, "no cancellations, no pane");
}

#[test]
fn leaving_is_never_blocked() {
    for open in ["", "?", "/"] {
        let mut app = TestApp::new(quiet());
        app.keys(open);
        app.control('c');
        assert!(app.effects.contains(&Effect::Quit), "{open:?}");
    }
    for open in ["", "?"] {
        let mut app = TestApp::new(quiet());
        app.keys(open);
        app.keys("q");
        assert!(app.effects.contains(&Effect::Quit), "{open:?}");
    }
    let mut app = TestApp::new(quiet());
    app.keys("cq");
    assert!(!app.effects.contains(&Effect::Quit));
    assert!(app.model.confirmation().is_none());
}

#[test]
fn keys_without_a_meaning_change_nothing() {
    let mut app = TestApp::new(quiet());
    for code in [
        KeyCode::Char('x'),
        KeyCode::Char('['),
        KeyCode::F(5),
        KeyCode::Char('Y'),
    ] {
        assert_eq!(app.press(code), Outcome::default(), "{code:?}");
    }
    let release = KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(app.take(Msg::Terminal(Event::Key(release))), Outcome::default());
}

#[test]
fn refresh_asks_and_says_so() {
    let mut app = TestApp::new(quiet());
    let answered = |at| Snapshot {
        offers: Remote::Fresh {
            value: offers().into(),
            at,
        },
        ..quiet()
    };
    app.keys("r");
    assert!(app.effects.contains(&Effect::Refresh));
    assert_eq!(notice(&app), "asking the service anew");
    app.know(answered(at("12:05:00")));
    assert_eq!(notice(&app), "asking the service anew", "long enough to be seen");
    app.wait(Duration::from_secs(1));
    assert_eq!(notice(&app), "");
    app.keys("r");
    app.wait(Duration::from_secs(2));
    assert_eq!(notice(&app), "asking the service anew");
    app.know(answered(at("12:05:10")));
    assert_eq!(notice(&app), "", "that has been answered");
    app.keys("r");
    app.know(quiet());
}

#[test]
fn until_someone_is_at_the_keys_the_first_row_is_selected() {
    let still_unknown = || Snapshot {
        operations: Arc::default(),
        ..quiet()
    };
    let mut app = TestApp::new(still_unknown());
    app.know(Snapshot {
        cancellations: vec![Arc::new(following())].into(),
        ..still_unknown()
    });
    let first = |app: &TestApp| app.model.list.rows[0].id.clone();
    assert_eq!(app.model.list.selected, Some(first(&app)));
    app.keys("j");
    let chosen = app.model.list.selected.clone();
    app.know(quiet());
    assert_eq!(app.model.list.selected, chosen);
}

#[test]
fn only_what_changed_is_arranged_anew() {
    let mut app = TestApp::new(quiet());
    let same = Arc::clone(&app.model.known);
    let rows = app.model.list.rows.as_ptr();
    app.know(Snapshot::clone(&same));
    assert_eq!(app.model.list.rows.as_ptr(), rows);
}

#[test]
fn an_open_cancellation_is_told_before_the_offers_are_known() {
    let mut app = TestApp::new(Snapshot {
        cancellations: vec![Arc::new(following())].into(),
        ..Snapshot::default()
    });
    app.press(KeyCode::Tab);
    app.press(KeyCode::Tab);
    assert_eq!(app.model.focus, Focus::Cancellations);
    assert!(app.screen().contains("Canceling for 1m 12s"), "{}", app.screen());
}

#[test]
fn what_the_filter_hides_is_not_selected() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("/zzz");
    app.press(KeyCode::Enter);
    app.wait(Duration::from_secs(1));
    assert!(app.screen().contains("No offer is selected."), "{}", app.screen());
    assert!(!app.screen().contains("contoso-vm"), "{}", app.screen());
    app.press(KeyCode::Enter);
    assert!(app.model.overlays.is_empty());
    app.keys("c");
    assert_eq!(notice(&app), "no offer is selected: there is nothing to cancel");
    assert_eq!(looks(&app), 0);
    app.press(KeyCode::Esc);
    assert_eq!(
        app.model.pointed(),
        Some(&"contoso-vm".into()),
        "it is shown again"
    );
}

#[test]
fn a_newer_cancellation_does_not_take_the_selection_of_the_pane() {
    let mut app = TestApp::new(busy());
    while app.model.place() != Place::Cancellations {
        app.press(KeyCode::Tab);
    }
    let before = app.model.pointed().cloned();
    let mut all = vec![Arc::new(ended("contoso-app", &app_operation(), Verdict::Refused))];
    all.extend(busy().cancellations.iter().cloned());
    app.know(Snapshot {
        cancellations: all.into(),
        ..busy()
    });
    app.wait(Duration::from_secs(1));
    assert_ne!(before, Some("contoso-app".into()));
    assert_eq!(app.model.pointed().cloned(), before);
    // What was selected is gone; the key was for what stands there instead.
    app.know(Snapshot {
        cancellations: vec![Arc::new(ended("contoso-db", &vm_operation(), Verdict::Canceled))].into(),
        ..busy()
    });
    app.keys("k");
    app.know(busy());
    app.know(Snapshot {
        cancellations: vec![
            Arc::new(ended("contoso-app", &app_operation(), Verdict::Refused)),
            Arc::new(ended("contoso-db", &vm_operation(), Verdict::Canceled)),
        ]
        .into(),
        ..busy()
    });
    assert_eq!(app.model.pointed(), Some(&"contoso-db".into()));
}
