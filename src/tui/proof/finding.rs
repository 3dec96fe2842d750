//! Finding, sorting and marking: what is shown, in what order, and what stays through a refresh.

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::style::Modifier;

use crate::{
    domain::{ids::OfferId, verdict::Verdict},
    engine::Snapshot,
    tui::{fixture::*, model::Capabilities, proof::notice},
};

fn rows(desk: &Desk) -> Vec<&str> {
    desk.model
        .list
        .rows
        .iter()
        .map(|row| row.id.raw().trim_start_matches("contoso-"))
        .collect()
}

fn selected(desk: &Desk) -> &str {
    desk.model.list.selected.as_ref().map_or("", OfferId::raw)
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
    let mut desk = Desk::new(quiet());
    desk.keys("/vm");
    assert_eq!(rows(&desk), ["vm"]);
    assert!(desk.screen().contains("/ vm   1 of 6\n"), "{}", desk.screen());
    desk.press(KeyCode::Esc);
    desk.keys("/cvm");
    assert_eq!(rows(&desk), ["vm"]);
    assert!(
        desk.screen().contains("/ cvm   1 of 6, by scattered letters"),
        "{}",
        desk.screen()
    );
    desk.keys("x");
    assert!(desk.screen().contains("0 of 6\n"), "{}", desk.screen());
}

#[test]
fn the_selection_goes_to_what_meets_the_text_best() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-app");
    desk.keys("/db");
    desk.press(KeyCode::Enter);
    assert_eq!((rows(&desk), selected(&desk)), (vec!["db"], "contoso-db"));
    desk.press(KeyCode::Esc);
    desk.select("contoso-app");
    desk.keys("/contoso");
    assert_eq!(
        selected(&desk),
        "contoso-app",
        "it has the text as well as the first"
    );
}

#[test]
fn a_refresh_keeps_a_selection_that_others_now_surpass() {
    let mut desk = Desk::new(quiet());
    desk.keys("/cvm");
    desk.press(KeyCode::Enter);
    let mut more = offers();
    more.push(offer("cvm", "Other", "draft", "2026-11-22T08:00:00Z"));
    desk.know(Snapshot {
        offers: fresh(more.into()),
        ..quiet()
    });
    assert_eq!((rows(&desk), selected(&desk)), (vec!["cvm", "vm"], "contoso-vm"));
}

#[test]
fn the_letters_that_were_found_are_underlined() {
    let mut desk = Desk::new(quiet());
    desk.keys("/id:vm");
    let buffer = desk.draw();
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
    let mut desk = Desk::new(quiet());
    desk.keys("/stat:running id:o");
    assert!(
        desk.screen().contains("! perhaps ‘state:’; there is no ‘stat:’"),
        "{}",
        desk.screen()
    );
    desk.press(KeyCode::Esc);
    assert!(!desk.screen().contains("stat:"));
    assert_eq!(rows(&desk).len(), 6);
}

#[test]
fn whoever_begins_to_type_is_told_the_terms() {
    let mut desk = Desk::new(quiet());
    desk.keys("/");
    assert!(desk.screen().contains("state:"), "{}", desk.screen());
    desk.resize(120, 40);
    assert!(desk.screen().contains("!not \"exact\" "), "{}", desk.screen());
    desk.resize(40, 10);
    let screen = desk.screen();
    let narrow = screen.lines().nth(1).unwrap_or_default();
    assert!(narrow.ends_with('…'), "{screen}");
    desk.keys("x");
    assert!(!desk.screen().contains("state:"));
    desk.press(KeyCode::Backspace);
    desk.keys("age:2h");
    assert!(
        desk.screen().contains("write age:>2h or age:<10m"),
        "what helps is whole: {}",
        desk.screen()
    );
}

#[test]
fn a_refresh_does_not_take_the_selected_row_out_of_a_filter() {
    let mut desk = Desk::new(quiet());
    desk.keys("/state:succeeded");
    desk.press(KeyCode::Enter);
    assert_eq!(selected(&desk), "contoso-db");
    desk.know(changed());
    assert_eq!((rows(&desk), selected(&desk)), (vec!["db"], "contoso-db"));
    desk.keys("/");
    desk.press(KeyCode::End);
    desk.keys(" ");
    assert_eq!(rows(&desk), Vec::<&str>::new(), "typed anew it is judged anew");
}

#[test]
fn a_letter_begins_anew_what_was_typed_before_and_an_arrow_goes_on() {
    let before = |keys: &str| {
        let mut desk = Desk::new(quiet());
        desk.keys("/vm");
        desk.press(KeyCode::Enter);
        desk.keys(keys);
        desk
    };
    let typed = |desk: &Desk| desk.model.list.filter.value().to_owned();
    let mut desk = before("/");
    assert!(
        desk.screen()
            .contains("/ vm   letters replace it, → adds to it   1 of 6"),
        "{}",
        desk.screen()
    );
    let reversed = desk
        .draw()
        .content
        .iter()
        .skip(80)
        .take(80)
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .count();
    assert_eq!(reversed, 2);
    desk.keys("db");
    assert_eq!((typed(&desk), rows(&desk)), ("db".to_owned(), vec!["db"]));
    assert!(!desk.screen().contains("letters replace it"));
    let mut desk = before("/");
    desk.press(KeyCode::Right);
    desk.keys("x");
    assert_eq!(typed(&desk), "vmx");
    let mut desk = before("/");
    desk.press(KeyCode::Backspace);
    assert_eq!(typed(&desk), "");
    let mut desk = before("/");
    desk.press(KeyCode::Enter);
    assert_eq!((typed(&desk), rows(&desk)), ("vm".to_owned(), vec!["vm"]));
}

#[test]
fn every_column_sorts_both_ways_and_says_so() {
    let mut desk = Desk::new(busy());
    desk.resize(120, 40);
    let usual = ["app", "iot", "old", "vm", "db", "wide"];
    assert_eq!(rows(&desk), usual);
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
        desk.keys("s");
        assert!(notice(&desk).starts_with("sorted by"), "{}", notice(&desk));
        assert_eq!(rows(&desk), there, "{head}");
        assert!(desk.screen().contains(&format!("{head} ↑")), "{}", desk.screen());
        desk.keys("S");
        assert_eq!(rows(&desk), back, "{head} turned");
        assert!(desk.screen().contains(&format!("{head} ↓")), "{}", desk.screen());
    }
    desk.keys("s");
    assert_eq!(rows(&desk), usual);
    desk.keys("S");
    assert_eq!(
        (rows(&desk), notice(&desk)),
        (usual.to_vec(), "s sorts by a column, S turns that round")
    );
}

#[test]
fn the_way_of_an_order_is_told_in_ascii_too() {
    let look = Capabilities {
        unicode: false,
        colour: false,
    };
    let mut desk = Desk::with(crate::tui::model::Setup { look, ..setup() }, quiet());
    desk.keys("s");
    assert!(desk.screen().contains("OFFER ^"), "{}", desk.screen());
    desk.keys("S");
    assert!(desk.screen().contains("OFFER v"), "{}", desk.screen());
}

#[test]
fn space_marks_and_moves_down_and_a_star_marks_all_that_are_shown() {
    let mut desk = Desk::new(quiet());
    desk.keys("  ");
    assert_eq!(selected(&desk), "contoso-vm");
    assert!(desk.screen().contains("2 marked"), "{}", desk.screen());
    assert!(desk.screen().contains(" *contoso-app"), "{}", desk.screen());
    desk.keys("k ");
    assert_eq!(
        desk.model.list.marks.count(),
        1,
        "a second time takes the mark off"
    );
    desk.keys("*");
    assert_eq!(desk.model.list.marks.count(), 6);
    desk.keys("*");
    assert_eq!(desk.model.list.marks.count(), 0);
}

#[test]
fn marks_that_are_hidden_are_said_and_esc_takes_marks_off_after_the_filter() {
    let mut desk = Desk::new(quiet());
    desk.keys("  /id:app");
    desk.press(KeyCode::Enter);
    assert!(
        desk.screen().contains("2 marked, 1 of them hidden"),
        "{}",
        desk.screen()
    );
    desk.press(KeyCode::Esc);
    assert_eq!(
        (desk.model.list.marks.count(), desk.model.list.marks.hidden()),
        (2, 0)
    );
    desk.press(KeyCode::Esc);
    assert_eq!(desk.model.list.marks.count(), 0);
}

#[test]
fn a_star_marks_nothing_that_is_hidden_and_unmarks_nothing_either() {
    let mut desk = Desk::new(quiet());
    desk.keys(" /id:db");
    desk.press(KeyCode::Enter);
    desk.keys("*");
    assert_eq!(
        (desk.model.list.marks.count(), desk.model.list.marks.hidden()),
        (2, 1)
    );
    desk.keys("*");
    assert_eq!(
        (desk.model.list.marks.count(), desk.model.list.marks.hidden()),
        (1, 1)
    );
}

#[test]
fn a_mark_on_what_is_gone_is_forgotten_and_an_outage_forgets_none() {
    let mut desk = Desk::new(quiet());
    desk.keys("*");
    desk.know(Snapshot {
        offers: quiet().offers.failed("timed out".into(), at("12:05:00")),
        ..quiet()
    });
    assert_eq!(desk.model.list.marks.count(), 6);
    let mut fewer = offers();
    fewer.truncate(2);
    desk.know(Snapshot {
        offers: fresh(fewer.into()),
        ..quiet()
    });
    assert_eq!(
        (desk.model.list.marks.count(), desk.model.list.marks.hidden()),
        (2, 0)
    );
}

#[test]
fn everything_survives_a_refresh() {
    let mut desk = Desk::new(quiet());
    desk.keys("ssS/id:contoso");
    desk.press(KeyCode::Enter);
    desk.select("contoso-iot");
    desk.keys(" ");
    desk.select("contoso-old");
    let (sort, filter) = (desk.model.list.sort, desk.model.list.filter.value().to_owned());
    for known in [busy(), changed(), quiet()] {
        desk.know(known);
        assert_eq!(selected(&desk), "contoso-old");
        assert!(desk.model.list.marks.has(&"contoso-iot".into()));
        assert_eq!(
            (desk.model.list.sort, desk.model.list.filter.value()),
            (sort, &*filter)
        );
    }
}

proptest! {
    #[test]
    fn no_refresh_moves_the_selection_or_a_mark(
        keys in "[jkGg sSf*/o:a-]{0,20}", which in prop::collection::vec(0usize..4, 1..6),
    ) {
        let mut desk = Desk::new(quiet());
        desk.keys(&keys);
        desk.press(KeyCode::Enter);
        desk.take(crate::tui::msg::Msg::Terminal(crossterm::event::Event::FocusGained));
        let held = (desk.model.list.selected.clone(), desk.model.list.marks.count());
        let vm = vm_operation();
        for which in which {
            desk.know(match which {
                0 => quiet(),
                1 => busy(),
                2 => changed(),
                _ => Snapshot {
                    cancellations: vec![std::sync::Arc::new(ended("contoso-vm", &vm, Verdict::Unknown))].into(),
                    ..quiet()
                },
            });
            prop_assert_eq!(&held, &(desk.model.list.selected.clone(), desk.model.list.marks.count()));
            let marks = &desk.model.list.marks;
            let shown = desk.model.list.marked().count();
            prop_assert_eq!((marks.shown(), marks.hidden()), (shown, marks.count() - shown));
        }
    }
}
