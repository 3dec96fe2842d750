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
        proof::{looks, notice},
    },
};

fn selected(desk: &Desk) -> &str {
    desk.model.list.selected.as_ref().map_or("", OfferId::raw)
}

fn rows(desk: &Desk) -> Vec<&str> {
    desk.model.list.rows.iter().map(|offer| offer.id.raw()).collect()
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
    let desk = Desk::new(quiet());
    assert_eq!(
        rows(&desk),
        [
            "contoso-app",
            "contoso-iot",
            "contoso-vm",
            "contoso-db",
            "contoso-old",
            "contoso-wide"
        ]
    );
    assert_eq!(selected(&desk), "contoso-app");
}

#[test]
fn every_way_of_moving_stays_in_the_list() {
    let mut desk = Desk::new(many(100));
    let page = usize::from(desk.model.own_panes().offers.height);
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
        desk.press(code);
        assert_eq!(desk.model.list.cursor, at, "{code:?}");
        let window = desk.model.list.top..desk.model.list.top + page;
        assert!(window.contains(&desk.model.list.cursor));
    }
    desk.control('d');
    assert_eq!(desk.model.list.cursor, page / 2);
    desk.control('u');
    assert_eq!(desk.model.list.cursor, 0);
}

#[test]
fn the_window_moves_by_half_of_itself() {
    let mut desk = Desk::new(many(1000));
    let page = usize::from(desk.model.own_panes().offers.height);
    let mut moves = 0;
    for _ in 0..500 {
        let top = desk.model.list.top;
        desk.keys("j");
        moves += usize::from(desk.model.list.top != top);
    }
    assert!(moves <= 500 / (page / 2) + 1, "{moves}");
}

#[test]
fn the_selection_follows_its_offer() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-old");
    desk.know(busy());
    assert_eq!(selected(&desk), "contoso-old");
    assert_eq!(rows(&desk)[desk.model.list.cursor], "contoso-old");
}

#[test]
fn a_selected_offer_that_vanishes_is_said_and_stays_selected() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    let mut left = offers();
    left.retain(|offer| offer.id.raw() != "contoso-vm");
    desk.know(Snapshot {
        offers: fresh(left.into()),
        ..quiet()
    });
    assert_eq!(selected(&desk), "contoso-vm");
    assert!(desk.screen().contains("contoso-vm is no longer in the list"));
    desk.keys("c");
    assert!(desk.cancels().is_empty() && desk.model.confirmation().is_none());
    desk.keys("k");
    assert_eq!(selected(&desk), "contoso-iot");
}

#[test]
fn the_list_stands_still_under_a_dialog_and_moves_after() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-db");
    desk.keys("c");
    let before: Vec<String> = rows(&desk).into_iter().map(String::from).collect();
    let mut changed = offers();
    changed.push(offer("aaa", "New", "running", "2026-11-22T12:00:00Z"));
    desk.know(Snapshot {
        offers: fresh(changed.into()),
        ..busy()
    });
    assert_eq!(rows(&desk), before);
    desk.press(KeyCode::Esc);
    assert_eq!(rows(&desk)[0], "aaa");
    assert_eq!(selected(&desk), "contoso-db");
}

#[test]
fn the_filter_narrows_while_it_is_typed_stays_and_is_undone() {
    let mut desk = Desk::new(quiet());
    desk.keys("/IoTq");
    assert!(rows(&desk).is_empty());
    assert!(desk.screen().contains("no offer meets ‘IoTq’"));
    desk.press(KeyCode::Backspace);
    assert_eq!(rows(&desk), ["contoso-iot"]);
    desk.press(KeyCode::Enter);
    assert_eq!(desk.model.place(), Place::Offers);
    assert!(desk.screen().contains("/ IoT"));
    assert_eq!(selected(&desk), "contoso-iot");
    desk.press(KeyCode::Esc);
    assert_eq!(rows(&desk).len(), 6);
    assert_eq!(selected(&desk), "contoso-iot");
}

#[test]
fn the_filter_takes_a_paste_but_no_controls() {
    let mut desk = Desk::new(quiet());
    desk.keys("/");
    desk.take(Msg::Terminal(Event::Paste("\u{202e}db\u{1b}\ncy".to_owned())));
    assert_eq!(desk.model.list.filter.value(), "db");
    assert_eq!(rows(&desk), ["contoso-db"]);
}

#[test]
fn in_flight_only_shows_that_and_all_again() {
    let mut desk = Desk::new(quiet());
    desk.keys("f");
    assert_eq!(rows(&desk), ["contoso-app", "contoso-iot", "contoso-vm"]);
    desk.keys("f");
    assert_eq!(rows(&desk).len(), 6);
}

#[test]
fn panes_take_turns() {
    let mut desk = Desk::new(busy());
    for focus in [Focus::Status, Focus::Cancellations, Focus::Offers] {
        desk.press(KeyCode::Tab);
        assert_eq!(desk.model.focus, focus);
    }
    desk.keys("h");
    assert_eq!(desk.model.focus, Focus::Cancellations);
    desk.keys("j");
    let watched = desk.model.watched().unwrap().1;
    assert_eq!(watched.cancellation.id.raw(), "c-contoso-old");
    desk.press(KeyCode::Enter);
    assert!(desk.screen().contains("verdict: canceled · observed"));
    desk.press(KeyCode::Esc);
    desk.keys("l");
    assert_eq!(desk.model.focus, Focus::Offers);
    let mut without = Desk::new(quiet());
    without.keys("ll");
    assert_eq!(without.model.focus, Focus::Offers, "no cancellations, no pane");
}

#[test]
fn leaving_is_never_blocked() {
    for open in ["", "?", "/"] {
        let mut desk = Desk::new(quiet());
        desk.keys(open);
        desk.control('c');
        assert!(desk.effects.contains(&Effect::Quit), "{open:?}");
    }
    for open in ["", "?"] {
        let mut desk = Desk::new(quiet());
        desk.keys(open);
        desk.keys("q");
        assert!(desk.effects.contains(&Effect::Quit), "{open:?}");
    }
    let mut desk = Desk::new(quiet());
    desk.keys("cq");
    assert!(!desk.effects.contains(&Effect::Quit));
    assert!(desk.model.confirmation().is_none());
}

#[test]
fn keys_without_a_meaning_change_nothing() {
    let mut desk = Desk::new(quiet());
    for code in [
        KeyCode::Char('x'),
        KeyCode::Char('['),
        KeyCode::F(5),
        KeyCode::Char('Y'),
    ] {
        assert_eq!(desk.press(code), Outcome::default(), "{code:?}");
    }
    let release = KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(desk.take(Msg::Terminal(Event::Key(release))), Outcome::default());
}

#[test]
fn refresh_asks_and_says_so() {
    let mut desk = Desk::new(quiet());
    let answered = |at| Snapshot {
        offers: Remote::Fresh {
            value: offers().into(),
            at,
        },
        ..quiet()
    };
    desk.keys("r");
    assert!(desk.effects.contains(&Effect::Refresh));
    assert_eq!(notice(&desk), "asking the service anew");
    desk.know(answered(at("12:05:00")));
    assert_eq!(notice(&desk), "asking the service anew", "long enough to be seen");
    desk.wait(Duration::from_secs(1));
    assert_eq!(notice(&desk), "");
    desk.keys("r");
    desk.wait(Duration::from_secs(2));
    assert_eq!(notice(&desk), "asking the service anew");
    desk.know(answered(at("12:05:10")));
    assert_eq!(notice(&desk), "", "that has been answered");
    desk.keys("r");
    desk.know(quiet());
}

#[test]
fn until_someone_is_at_the_keys_the_first_row_is_selected() {
    let still_unknown = || Snapshot {
        operations: Arc::default(),
        ..quiet()
    };
    let mut desk = Desk::new(still_unknown());
    desk.know(Snapshot {
        cancellations: vec![Arc::new(following())].into(),
        ..still_unknown()
    });
    let first = |desk: &Desk| desk.model.list.rows[0].id.clone();
    assert_eq!(desk.model.list.selected, Some(first(&desk)));
    desk.keys("j");
    let chosen = desk.model.list.selected.clone();
    desk.know(quiet());
    assert_eq!(desk.model.list.selected, chosen);
}

#[test]
fn only_what_changed_is_arranged_anew() {
    let mut desk = Desk::new(quiet());
    let same = Arc::clone(&desk.model.known);
    let rows = desk.model.list.rows.as_ptr();
    desk.know(Snapshot::clone(&same));
    assert_eq!(desk.model.list.rows.as_ptr(), rows);
}

#[test]
fn an_open_cancellation_is_told_before_the_offers_are_known() {
    let mut desk = Desk::new(Snapshot {
        cancellations: vec![Arc::new(following())].into(),
        ..Snapshot::default()
    });
    desk.press(KeyCode::Tab);
    desk.press(KeyCode::Tab);
    assert_eq!(desk.model.focus, Focus::Cancellations);
    assert!(
        desk.screen().contains("Cancelling for 1m 12s"),
        "{}",
        desk.screen()
    );
}

#[test]
fn what_the_filter_hides_is_not_selected() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("/zzz");
    desk.press(KeyCode::Enter);
    desk.wait(Duration::from_secs(1));
    assert!(
        desk.screen().contains("No offer is selected."),
        "{}",
        desk.screen()
    );
    assert!(!desk.screen().contains("contoso-vm"), "{}", desk.screen());
    desk.press(KeyCode::Enter);
    assert!(desk.model.overlays.is_empty());
    desk.keys("c");
    assert_eq!(notice(&desk), "no offer is selected: there is nothing to cancel");
    assert_eq!(looks(&desk), 0);
    desk.press(KeyCode::Esc);
    assert_eq!(
        desk.model.pointed(),
        Some(&"contoso-vm".into()),
        "it is shown again"
    );
}

#[test]
fn a_newer_cancellation_does_not_take_the_selection_of_the_pane() {
    let mut desk = Desk::new(busy());
    while desk.model.place() != Place::Cancellations {
        desk.press(KeyCode::Tab);
    }
    let before = desk.model.pointed().cloned();
    let mut all = vec![Arc::new(ended("contoso-app", &app_operation(), Verdict::Refused))];
    all.extend(busy().cancellations.iter().cloned());
    desk.know(Snapshot {
        cancellations: all.into(),
        ..busy()
    });
    desk.wait(Duration::from_secs(1));
    assert_ne!(before, Some("contoso-app".into()));
    assert_eq!(desk.model.pointed().cloned(), before);
    // What was selected is gone; the key was for what stands there instead.
    desk.know(Snapshot {
        cancellations: vec![Arc::new(ended("contoso-db", &vm_operation(), Verdict::Canceled))].into(),
        ..busy()
    });
    desk.keys("k");
    desk.know(busy());
    desk.know(Snapshot {
        cancellations: vec![
            Arc::new(ended("contoso-app", &app_operation(), Verdict::Refused)),
            Arc::new(ended("contoso-db", &vm_operation(), Verdict::Canceled)),
        ]
        .into(),
        ..busy()
    });
    assert_eq!(desk.model.pointed(), Some(&"contoso-db".into()));
}
