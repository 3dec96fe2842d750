//! What it takes to confirm, and what does not do.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    domain::{
        ids::OperationId,
        operation::{Destination, Source},
        target::Binding,
    },
    engine::NotBegun,
    tui::{
        fixture::*,
        model::Asking,
        msg::{Effect, Msg, Reply},
        proof::{QUIET, looks, notice},
    },
};

/// A dialog on the preview publish of `contoso-vm` that was looked at and not painted.
fn unpainted() -> Desk {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    desk.reply_look(look(vec![vm_operation()], Source::Submissions));
    desk
}

#[test]
fn y_cancels_once_what_was_looked_at() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.keys("yy");
    let [request] = desk.cancels()[..] else {
        panic!("one request")
    };
    assert_eq!(
        request.target,
        target("contoso-vm", Binding::Operation(OperationId::new(VM)))
    );
    assert_eq!(request.shown.step, Some("Certification".into()));
    assert_eq!(request.notify, setup().notify);
    assert_eq!(request.again_of, None);
    assert!(desk.model.confirmation().is_none());
    assert!(desk.screen().contains("asked"), "{}", desk.screen());
}

#[test]
fn without_paint_nothing_is_armed() {
    let mut desk = unpainted();
    desk.wait(QUIET);
    desk.wait(QUIET);
    desk.keys("y");
    assert!(desk.cancels().is_empty());
    assert!(desk.model.confirmation().is_some());
}

#[test]
fn a_frame_painted_before_the_look_arrived_does_not_count() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    desk.take(Msg::Painted);
    desk.reply_look(look(vec![vm_operation()], Source::Submissions));
    desk.wait(QUIET);
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

#[test]
fn keys_typed_ahead_restart_the_quiet_time() {
    let mut desk = unpainted();
    desk.take(Msg::Painted);
    for _ in 0..5 {
        desk.wait(Duration::from_millis(399));
        desk.keys("y");
    }
    assert!(desk.cancels().is_empty());
    desk.rest();
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1);
}

#[test]
fn a_key_before_the_screen_told_of_it_restarts_the_quiet_time() {
    let mut desk = unpainted();
    desk.take(Msg::Painted);
    for _ in 0..3 {
        desk.wait(QUIET);
        desk.keys("y");
        desk.take(Msg::Painted);
    }
    assert!(desk.cancels().is_empty());
    desk.rest();
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1);
}

#[test]
fn a_paste_confirms_nothing_types_nothing_and_restarts_the_quiet_time() {
    for operation in [vm_operation(), app_operation()] {
        let mut desk = Desk::new(quiet());
        desk.ask("contoso-app", operation);
        desk.take(Msg::Terminal(Event::Paste("y".to_owned())));
        desk.take(Msg::Terminal(Event::Paste("contoso-app\n".to_owned())));
        assert!(desk.cancels().is_empty());
        assert!(!desk.screen().contains("> contoso-app"));
    }
    let mut desk = unpainted();
    desk.take(Msg::Painted);
    desk.wait(Duration::from_millis(399));
    desk.take(Msg::Terminal(Event::Paste("cy".to_owned())));
    desk.wait(Duration::from_millis(399));
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

#[test]
fn what_follows_a_paste_at_once_confirms_nothing() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    let outcome = desk.take(Msg::Terminal(Event::Paste("x".to_owned())));
    assert!(outcome.redraw, "the screen told how to answer");
    desk.keys("y");
    assert!(desk.cancels().is_empty());
    assert!(!desk.screen().contains("y cancels it"));
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-app", app_operation());
    desk.keys("contoso-a");
    desk.take(Msg::Terminal(Event::Paste("x".to_owned())));
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("pp");
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty(), "what was typed before is gone");
}

#[test]
fn every_other_key_leaves_it_alone() {
    for code in [
        KeyCode::Esc,
        KeyCode::Enter,
        KeyCode::Char('n'),
        KeyCode::Char('q'),
        KeyCode::Char('Y'),
        KeyCode::Down,
    ] {
        let mut desk = Desk::new(quiet());
        desk.ask("contoso-vm", vm_operation());
        desk.press(code);
        assert!(desk.model.confirmation().is_none(), "{code:?}");
        assert_eq!(notice(&desk), "contoso-vm was left alone");
        desk.keys("y");
        assert!(desk.cancels().is_empty());
        assert!(!desk.effects.contains(&Effect::Quit));
    }
}

#[test]
fn a_held_key_is_no_answer() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    for kind in [KeyEventKind::Repeat, KeyEventKind::Release] {
        let key = KeyEvent::new_with_kind(KeyCode::Char('y'), KeyModifiers::NONE, kind);
        desk.take(Msg::Terminal(Event::Key(key)));
    }
    assert!(desk.cancels().is_empty());
}

#[test]
fn what_may_be_production_wants_the_id() {
    let unknown = operation(
        Some(APP),
        Destination::Unknown("canary".into()),
        "running",
        "11:40:00",
    );
    for operation in [app_operation(), unknown] {
        let mut desk = Desk::new(quiet());
        desk.ask("contoso-app", operation);
        assert!(desk.screen().contains("LIVE"));
        desk.keys("y");
        desk.press(KeyCode::Enter);
        assert!(desk.screen().contains("That is not the offer's id"));
        desk.press(KeyCode::Backspace);
        desk.keys("contoso-ap");
        desk.press(KeyCode::Enter);
        assert!(desk.cancels().is_empty());
        desk.keys("p");
        assert!(desk.screen().contains("enter cancels it"));
        desk.press(KeyCode::Enter);
        assert_eq!(desk.cancels().len(), 1);
    }
}

#[test]
fn an_empty_answer_leaves_production_alone() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-app", app_operation());
    desk.press(KeyCode::Enter);
    assert!(desk.model.confirmation().is_none());
    assert!(desk.cancels().is_empty());
}

#[test]
fn after_a_minute_it_looks_again() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    assert_eq!(looks(&desk), 1);
    desk.wait(Duration::from_mins(1));
    assert_eq!(looks(&desk), 2);
    desk.keys("y");
    assert!(desk.cancels().is_empty());
    desk.answer_look(look(vec![vm_operation()], Source::Submissions));
    desk.rest();
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1);
}

#[test]
fn an_answer_to_an_older_look_is_dropped() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    desk.press(KeyCode::Esc);
    desk.keys("c");
    desk.take(Msg::Reply(Reply::Looked {
        ticket: 1,
        offer: "contoso-vm".into(),
        result: Box::new(Ok(look(vec![vm_operation()], Source::Submissions))),
    }));
    assert_eq!(desk.model.confirmation().unwrap().asking, Asking::Looking);
}

#[test]
fn a_cancellation_that_begins_elsewhere_takes_the_question_away() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.know(busy());
    assert!(desk.model.confirmation().is_none());
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

#[test]
fn a_screen_that_changed_has_to_be_painted_and_left_alone_anew() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.resize(100, 30);
    desk.wait(QUIET);
    desk.keys("y");
    assert!(desk.cancels().is_empty());
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.control('z');
    assert!(desk.effects.contains(&Effect::Suspend));
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

#[test]
fn a_dialog_that_does_not_fit_is_never_armed() {
    for (width, height) in [(40, 10), (39, 24), (80, 9), (0, 0)] {
        let mut desk = Desk::new(quiet());
        desk.select("contoso-vm");
        desk.resize(width, height);
        desk.keys("c");
        desk.answer_look(look(vec![vm_operation()], Source::Submissions));
        desk.wait(QUIET);
        desk.keys("y");
        assert!(desk.cancels().is_empty(), "{width}×{height}");
    }
}

#[test]
fn what_did_not_begin_is_said_and_can_be_asked_again() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.keys("y");
    let asked = desk.cancels()[0].target.clone();
    desk.take(Msg::Reply(Reply::NotBegun {
        target: asked,
        why: NotBegun::ReadOnly,
    }));
    assert!(notice(&desk).starts_with("contoso-vm: read-only; nothing was sent"));
    desk.keys("j");
    desk.keys("k");
    assert!(desk.screen().contains("not begun: read-only"));
    desk.ask("contoso-vm", vm_operation());
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 2);
}

#[test]
fn what_began_is_told_by_the_snapshot_alone() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.keys("y");
    let asked = desk.cancels()[0].target.clone();
    desk.take(Msg::Reply(Reply::Began {
        target: asked,
        id: "c-vm".into(),
    }));
    assert_eq!(desk.model.requests.asked.len(), 1);
    desk.know(busy());
    assert!(desk.model.requests.asked.is_empty());
    assert!(desk.screen().contains("cancelling"));
}
