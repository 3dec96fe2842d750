//! What it takes to confirm, and what does not do.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    domain::{
        ids::OperationId,
        operation::{Destination, Source},
        target::Binding,
    },
    engine::StartError,
    tui::{
        fixture::*,
        msg::{Effect, Msg, Reply},
        tests::{QUIET, looks, notice},
    },
};

/// A dialog on the preview publish of `contoso-vm` that was looked at and not painted.
fn unpainted() -> TestApp {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.reply_look(look(vec![vm_operation()], Source::Submissions));
    app
}

#[test]
fn y_cancels_once_what_was_looked_at() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.keys("yy");
    let [request] = app.cancels()[..] else {
        panic!("one request")
    };
    assert_eq!(
        request.target,
        target("contoso-vm", Binding::Operation(OperationId::new(VM)))
    );
    assert_eq!(request.shown.step, Some("Certification".into()));
    assert_eq!(request.notify, setup().notify);
    assert_eq!(request.again_of, None);
    assert!(app.model.confirmation().is_none());
    assert!(app.screen().contains("confirmed"), "{}", app.screen());
}

#[test]
fn without_paint_nothing_is_armed() {
    let mut app = unpainted();
    app.wait(QUIET);
    app.wait(QUIET);
    app.keys("y");
    assert!(app.cancels().is_empty());
    assert!(app.model.confirmation().is_some());
}

#[test]
fn a_frame_painted_before_the_look_arrived_does_not_count() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.take(Msg::Painted);
    app.reply_look(look(vec![vm_operation()], Source::Submissions));
    app.wait(QUIET);
    app.keys("y");
    assert!(app.cancels().is_empty());
}

#[test]
fn keys_typed_ahead_restart_the_quiet_time() {
    let mut app = unpainted();
    app.take(Msg::Painted);
    for _ in 0..5 {
        app.wait(Duration::from_millis(399));
        app.keys("y");
    }
    assert!(app.cancels().is_empty());
    app.rest();
    app.keys("y");
    assert_eq!(app.cancels().len(), 1);
}

#[test]
fn a_key_before_the_screen_told_of_it_restarts_the_quiet_time() {
    let mut app = unpainted();
    app.take(Msg::Painted);
    for _ in 0..3 {
        app.wait(QUIET);
        app.keys("y");
        app.take(Msg::Painted);
    }
    assert!(app.cancels().is_empty());
    app.rest();
    app.keys("y");
    assert_eq!(app.cancels().len(), 1);
}

#[test]
fn a_paste_confirms_nothing_types_nothing_and_restarts_the_quiet_time() {
    for operation in [vm_operation(), app_operation()] {
        let mut app = TestApp::new(quiet());
        app.ask("contoso-app", operation);
        app.take(Msg::Terminal(Event::Paste("y".to_owned())));
        app.take(Msg::Terminal(Event::Paste("contoso-app\n".to_owned())));
        assert!(app.cancels().is_empty());
        assert!(!app.screen().contains("> contoso-app"));
    }
    let mut app = unpainted();
    app.take(Msg::Painted);
    app.wait(Duration::from_millis(399));
    app.take(Msg::Terminal(Event::Paste("cy".to_owned())));
    app.wait(Duration::from_millis(399));
    app.keys("y");
    assert!(app.cancels().is_empty());
}

#[test]
fn key_right_after_a_paste_confirms_nothing() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    let outcome = app.take(Msg::Terminal(Event::Paste("x".to_owned())));
    assert!(outcome.redraw, "the screen told how to answer");
    app.keys("y");
    assert!(app.cancels().is_empty());
    assert!(!app.screen().contains("y cancels it"));
    let mut app = TestApp::new(quiet());
    app.ask("contoso-app", app_operation());
    app.keys("contoso-a");
    app.take(Msg::Terminal(Event::Paste("x".to_owned())));
    app.take(Msg::Painted);
    app.rest();
    app.keys("pp");
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty(), "what was typed before is gone");
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
        let mut app = TestApp::new(quiet());
        app.ask("contoso-vm", vm_operation());
        app.press(code);
        assert!(app.model.confirmation().is_none(), "{code:?}");
        assert_eq!(notice(&app), "contoso-vm was left alone");
        app.keys("y");
        assert!(app.cancels().is_empty());
        assert!(!app.effects.contains(&Effect::Quit));
    }
}

#[test]
fn a_held_key_is_no_answer() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    for kind in [KeyEventKind::Repeat, KeyEventKind::Release] {
        let key = KeyEvent::new_with_kind(KeyCode::Char('y'), KeyModifiers::NONE, kind);
        app.take(Msg::Terminal(Event::Key(key)));
    }
    assert!(app.cancels().is_empty());
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
        let mut app = TestApp::new(quiet());
        app.ask("contoso-app", operation);
        assert!(app.screen().contains("LIVE"));
        app.keys("y");
        app.press(KeyCode::Enter);
        assert!(app.screen().contains("That is not the offer's id"));
        app.press(KeyCode::Backspace);
        app.keys("contoso-ap");
        app.press(KeyCode::Enter);
        assert!(app.cancels().is_empty());
        app.keys("p");
        assert!(app.screen().contains("enter cancels it"));
        app.press(KeyCode::Enter);
        assert_eq!(app.cancels().len(), 1);
    }
}

#[test]
fn an_empty_answer_leaves_production_alone() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-app", app_operation());
    app.press(KeyCode::Enter);
    assert!(app.model.confirmation().is_none());
    assert!(app.cancels().is_empty());
}

#[test]
fn after_a_minute_it_looks_again() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    assert_eq!(looks(&app), 1);
    app.wait(Duration::from_mins(1));
    assert_eq!(looks(&app), 2);
    app.keys("y");
    assert!(app.cancels().is_empty());
    app.answer_look(look(vec![vm_operation()], Source::Submissions));
    app.rest();
    app.keys("y");
    assert_eq!(app.cancels().len(), 1);
}

#[test]
fn an_answer_to_an_older_look_is_dropped() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.press(KeyCode::Esc);
    app.keys("c");
    app.take(Msg::Reply(Reply::Looked {
        ticket: 1,
        offer: "contoso-vm".into(),
        result: Box::new(Ok(look(vec![vm_operation()], Source::Submissions))),
    }));
    assert!(app.model.confirmation().unwrap().proposal.is_looking());
}

#[test]
fn a_cancellation_that_begins_elsewhere_takes_the_question_away() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.know(busy());
    assert!(app.model.confirmation().is_none());
    app.keys("y");
    assert!(app.cancels().is_empty());
}

#[test]
fn a_screen_that_changed_has_to_be_painted_and_left_alone_anew() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.resize(100, 30);
    app.wait(QUIET);
    app.keys("y");
    assert!(app.cancels().is_empty());
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.control('z');
    assert!(app.effects.contains(&Effect::Suspend));
    app.keys("y");
    assert!(app.cancels().is_empty());
}

#[test]
fn a_dialog_that_does_not_fit_is_never_armed() {
    for (width, height) in [(40, 10), (39, 24), (80, 9), (0, 0)] {
        let mut app = TestApp::new(quiet());
        app.select("contoso-vm");
        app.resize(width, height);
        app.keys("c");
        app.answer_look(look(vec![vm_operation()], Source::Submissions));
        app.wait(QUIET);
        app.keys("y");
        assert!(app.cancels().is_empty(), "{width}×{height}");
    }
}

#[test]
fn in_a_small_window_one_is_read_to_its_end_as_several_are() {
    let mut app = unpainted();
    app.resize(40, 10);
    app.take(Msg::Painted);
    app.rest();
    assert!(
        app.screen().contains("more lines to read first"),
        "{}",
        app.screen()
    );
    app.keys("y");
    assert!(app.cancels().is_empty());
    for _ in 0..9 {
        app.press(KeyCode::PageDown);
        app.take(Msg::Painted);
    }
    app.rest();
    app.keys("y");
    assert_eq!(app.cancels().len(), 1, "{}", app.screen());
}

#[test]
fn a_field_that_takes_no_more_says_so() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-app", app_operation());
    app.keys(&"x".repeat(31));
    assert!(app.screen().contains("No more fits"), "{}", app.screen());
    app.press(KeyCode::Backspace);
    assert!(!app.screen().contains("No more fits"), "{}", app.screen());
}

#[test]
fn what_did_not_begin_is_said_and_can_be_asked_again() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.keys("y");
    let asked = app.cancels()[0].target.clone();
    app.take(Msg::Reply(Reply::StartError {
        target: asked,
        why: StartError::ReadOnly,
    }));
    assert!(notice(&app).starts_with("contoso-vm: read-only; nothing was sent"));
    app.keys("j");
    app.keys("k");
    assert!(app.screen().contains("not begun: read-only"));
    app.ask("contoso-vm", vm_operation());
    app.keys("y");
    assert_eq!(app.cancels().len(), 2);
}

#[test]
fn what_began_is_told_by_the_snapshot_alone() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.keys("y");
    let asked = app.cancels()[0].target.clone();
    app.take(Msg::Reply(Reply::Began {
        target: asked,
        id: "c-vm".into(),
    }));
    assert_eq!(app.model.requests.asked.len(), 1);
    app.know(busy());
    assert!(app.model.requests.asked.is_empty());
    assert!(app.screen().contains("canceling"));
}
