//! Finding, sorting and marking: what is shown, in what order, and what stays through a refresh.

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::style::Modifier;

use crate::{
    domain::{ids::OfferId, verdict::Verdict},
    engine::Snapshot,
    tui::{fixture::*, model::Capabilities, tests::notice},
};

fn rows(app: &TestApp) -> Vec<&str> {
    app.model
        .list
        .rows
        .iter()
        .map(|row| row.id.raw().trim_start_matches("contoso-"))
        .collect()
}

fn selected(app: &TestApp) -> &str {
    app.model.list.selected.as_ref().map_or("", OfferId::raw)
}

/// The same, and one offer at rest went into flight.
fn changed() -> Snapshot {
    let mut changed = offers();
    changed[0] = offer(
        "contoso-db",
        "Contoso Database",
        "running",
        "2026-11-22T12:00:00Z",
    );
    Snapshot {
        offers: fresh(changed.into()),
        ..busy()
    }
}

#[test]
fn letters_here_and_there_count_only_where_nothing_has_the_text() {
    let mut app = TestApp::new(quiet());
    app.keys("/vm");
    assert_eq!(rows(&app), ["vm"]);
    assert!(app.screen().contains("/ vm   1 of 6\n"), "{}", app.screen());
    app.press(KeyCode::Esc);
    app.keys("/cvm");
    assert_eq!(rows(&app), ["vm"]);
    assert!(
        app.screen().contains("/ cvm   1 of 6, fuzzy match"),
        "{}",
        app.screen()
    );
    app.keys("x");
    assert!(app.screen().contains("0 of 6\n"), "{}", app.screen());
}

#[test]
fn the_selection_goes_to_what_meets_the_text_best() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-app");
    app.keys("/db");
    app.press(KeyCode::Enter);
    assert_eq!((rows(&app), selected(&app)), (vec!["db"], "contoso-db"));
    app.press(KeyCode::Esc);
    app.select("contoso-app");
    app.keys("/contoso");
    assert_eq!(
        selected(&app),
        "contoso-app",
        "it has the text as well as the first"
    );
}

#[test]
fn a_refresh_keeps_a_selection_that_others_now_surpass() {
    let mut app = TestApp::new(quiet());
    app.keys("/cvm");
    app.press(KeyCode::Enter);
    let mut more = offers();
    more.push(offer("cvm", "Other", "draft", "2026-11-22T08:00:00Z"));
    app.know(Snapshot {
        offers: fresh(more.into()),
        ..quiet()
    });
    assert_eq!((rows(&app), selected(&app)), (vec!["cvm", "vm"], "contoso-vm"));
}

#[test]
fn the_letters_that_were_found_are_underlined() {
    let mut app = TestApp::new(quiet());
    app.keys("/id:vm");
    let buffer = app.draw();
    let underlined: String = buffer
        .content
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(underlined, "vm");
}

#[test]
fn a_term_that_is_none_is_said_and_the_rest_still_counts() {
    let mut app = TestApp::new(quiet());
    app.keys("/stat:running id:o");
    assert!(
        app.screen().contains("! perhaps ‘state:’; there is no ‘stat:’"),
        "{}",
        app.screen()
    );
    app.press(KeyCode::Esc);
    assert!(!app.screen().contains("stat:"));
    assert_eq!(rows(&app).len(), 6);
}

#[test]
fn whoever_begins_to_type_is_told_the_terms() {
    let mut app = TestApp::new(quiet());
    app.keys("/");
    assert!(app.screen().contains("state:"), "{}", app.screen());
    app.resize(120, 40);
    assert!(app.screen().contains("!not \"exact\" "), "{}", app.screen());
    app.resize(40, 10);
    let screen = app.screen();
    let narrow = screen.lines().nth(1).unwrap_or_default();
    assert!(narrow.ends_with('…'), "{screen}");
    app.keys("x");
    assert!(!app.screen().contains("state:"));
    app.press(KeyCode::Backspace);
    app.keys("age:2h");
    assert!(
        app.screen().contains("write age:>2h or age:<10m"),
        "what helps is whole: {}",
        app.screen()
    );
}

#[test]
fn a_refresh_does_not_take_the_selected_row_out_of_a_filter() {
    let mut app = TestApp::new(quiet());
    app.keys("/state:succeeded");
    app.press(KeyCode::Enter);
    assert_eq!(selected(&app), "contoso-db");
    app.know(changed());
    assert_eq!((rows(&app), selected(&app)), (vec!["db"], "contoso-db"));
    app.keys("/");
    app.press(KeyCode::End);
    app.keys(" ");
    assert_eq!(rows(&app), Vec::<&str>::new(), "typed anew it is judged anew");
}

#[test]
fn a_letter_begins_anew_what_was_typed_before_and_an_arrow_goes_on() {
    let before = |keys: &str| {
        let mut app = TestApp::new(quiet());
        app.keys("/vm");
        app.press(KeyCode::Enter);
        app.keys(keys);
        app
    };
    let typed = |app: &TestApp| app.model.list.filter.value().to_owned();
    let mut app = before("/");
    assert!(
        app.screen()
            .contains("/ vm   letters replace it, → adds to it   1 of 6"),
        "{}",
        app.screen()
    );
    let reversed = app
        .draw()
        .content
        .iter()
        .skip(80)
        .take(80)
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .count();
    assert_eq!(reversed, 2);
    app.keys("db");
    assert_eq!((typed(&app), rows(&app)), ("db".to_owned(), vec!["db"]));
    assert!(!app.screen().contains("letters replace it"));
    let mut app = before("/");
    app.press(KeyCode::Right);
    app.keys("x");
    assert_eq!(typed(&app), "vmx");
    let mut app = before("/");
    app.press(KeyCode::Backspace);
    assert_eq!(typed(&app), "");
    let mut app = before("/");
    app.press(KeyCode::Enter);
    assert_eq!((typed(&app), rows(&app)), ("vm".to_owned(), vec!["vm"]));
}

#[test]
fn every_column_sorts_both_ways_and_says_so() {
    let mut app = TestApp::new(busy());
    app.resize(120, 40);
    let usual = ["app", "iot", "old", "vm", "db", "wide"];
    assert_eq!(rows(&app), usual);
    for (head, there, back) in [
        (
            "OFFER",
            ["app", "db", "iot", "old", "vm", "wide"],
            ["wide", "vm", "old", "iot", "db", "app"],
        ),
        (
            "TO",
            ["app", "iot", "old", "vm", "db", "wide"],
            ["iot", "old", "vm", "app", "db", "wide"],
        ),
        (
            "STATE",
            ["old", "vm", "app", "wide", "db", "iot"],
            ["iot", "db", "wide", "app", "vm", "old"],
        ),
        (
            "STEP",
            ["vm", "app", "db", "iot", "old", "wide"],
            ["vm", "app", "db", "iot", "old", "wide"],
        ),
        (
            "SINCE",
            ["wide", "db", "iot", "app", "old", "vm"],
            ["vm", "old", "app", "iot", "db", "wide"],
        ),
    ] {
        app.keys("s");
        assert!(notice(&app).starts_with("sorted by"), "{}", notice(&app));
        assert_eq!(rows(&app), there, "{head}");
        assert!(app.screen().contains(&format!("{head} ↑")), "{}", app.screen());
        app.keys("S");
        assert_eq!(rows(&app), back, "{head} turned");
        assert!(app.screen().contains(&format!("{head} ↓")), "{}", app.screen());
    }
    app.keys("s");
    assert_eq!(rows(&app), usual);
    app.keys("S");
    assert_eq!(
        (rows(&app), notice(&app)),
        (usual.to_vec(), "s sorts by a column, S turns that round")
    );
}

#[test]
fn the_way_of_an_order_is_told_in_ascii_too() {
    let look = Capabilities {
        unicode: false,
        colour: false,
    };
    let mut app = TestApp::with(crate::tui::model::Setup { look, ..setup() }, quiet());
    app.keys("s");
    assert!(app.screen().contains("OFFER ^"), "{}", app.screen());
    app.keys("S");
    assert!(app.screen().contains("OFFER v"), "{}", app.screen());
}

#[test]
fn space_marks_and_moves_down_and_a_star_marks_all_that_are_shown() {
    let mut app = TestApp::new(quiet());
    app.keys("  ");
    assert_eq!(selected(&app), "contoso-vm");
    assert!(app.screen().contains("2 marked"), "{}", app.screen());
    assert!(app.screen().contains(" *contoso-app"), "{}", app.screen());
    app.keys("k ");
    assert_eq!(
        app.model.list.marks.count(),
        1,
        "a second time takes the mark off"
    );
    app.keys("*");
    assert_eq!(app.model.list.marks.count(), 6);
    app.keys("*");
    assert_eq!(app.model.list.marks.count(), 0);
}

#[test]
fn marks_that_are_hidden_are_said_and_esc_takes_marks_off_after_the_filter() {
    let mut app = TestApp::new(quiet());
    app.keys("  /id:app");
    app.press(KeyCode::Enter);
    assert!(
        app.screen().contains("2 marked, 1 of them hidden"),
        "{}",
        app.screen()
    );
    app.press(KeyCode::Esc);
    assert_eq!(
        (app.model.list.marks.count(), app.model.list.marks.hidden()),
        (2, 0)
    );
    app.press(KeyCode::Esc);
    assert_eq!(app.model.list.marks.count(), 0);
}

#[test]
fn a_star_marks_nothing_that_is_hidden_and_unmarks_nothing_either() {
    let mut app = TestApp::new(quiet());
    app.keys(" /id:db");
    app.press(KeyCode::Enter);
    app.keys("*");
    assert_eq!(
        (app.model.list.marks.count(), app.model.list.marks.hidden()),
        (2, 1)
    );
    app.keys("*");
    assert_eq!(
        (app.model.list.marks.count(), app.model.list.marks.hidden()),
        (1, 1)
    );
}

#[test]
fn a_mark_on_what_is_gone_is_forgotten_and_an_outage_forgets_none() {
    let mut app = TestApp::new(quiet());
    app.keys("*");
    app.know(Snapshot {
        offers: quiet().offers.failed("timed out".into(), at("12:05:00")),
        ..quiet()
    });
    assert_eq!(app.model.list.marks.count(), 6);
    let mut fewer = offers();
    fewer.truncate(2);
    app.know(Snapshot {
        offers: fresh(fewer.into()),
        ..quiet()
    });
    assert_eq!(
        (app.model.list.marks.count(), app.model.list.marks.hidden()),
        (2, 0)
    );
}

#[test]
fn everything_survives_a_refresh() {
    let mut app = TestApp::new(quiet());
    app.keys("ssS/id:contoso");
    app.press(KeyCode::Enter);
    app.select("contoso-iot");
    app.keys(" ");
    app.select("contoso-old");
    let (sort, filter) = (app.model.list.sort, app.model.list.filter.value().to_owned());
    for known in [busy(), changed(), quiet()] {
        app.know(known);
        assert_eq!(selected(&app), "contoso-old");
        assert!(app.model.list.marks.has(&"contoso-iot".into()));
        assert_eq!(
            (app.model.list.sort, app.model.list.filter.value()),
            (sort, &*filter)
        );
    }
}

proptest! {
    #[test]
    fn no_refresh_moves_the_selection_or_a_mark(
        keys in "[jkGg sSf*/o:a-]{0,20}", which in prop::collection::vec(0usize..4, 1..6),
    ) {
        let mut app = TestApp::new(quiet());
        app.keys(&keys);
        app.press(KeyCode::Enter);
        app.take(crate::tui::msg::Msg::Terminal(crossterm::event::Event::FocusGained));
        let held = (app.model.list.selected.clone(), app.model.list.marks.count());
        let vm = vm_operation();
        for which in which {
            app.know(match which {
                0 => quiet(),
                1 => busy(),
                2 => changed(),
                _ => Snapshot {
                    cancellations: vec![std::sync::Arc::new(ended("contoso-vm", &vm, Verdict::Unknown))].into(),
                    ..quiet()
                },
            });
            prop_assert_eq!(&held, &(app.model.list.selected.clone(), app.model.list.marks.count()));
            let marks = &app.model.list.marks;
            let shown = app.model.list.marked().count();
            prop_assert_eq!((marks.shown(), marks.hidden()), (shown, marks.count() - shown));
        }
    }
}
