//! Who is mailed: edited in the confirmation, and sent exactly as that showed it.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use insta::assert_snapshot;

use crate::{
    domain::{confirmation::Address, operation::Source},
    tui::{
        fixture::*,
        keymap::Place,
        msg::{Effect, Msg, Reply},
        tests::{looks, notice},
    },
};

/// Someone who edits whom the preview publish of `contoso-vm` names.
fn editing() -> TestApp {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.press(KeyCode::Tab);
    assert_eq!(app.model.place(), Place::Addresses);
    app
}

fn paste(app: &mut TestApp, text: &str) {
    app.take(Msg::Terminal(Event::Paste(text.to_owned())));
}

/// Whom the one request names.
fn mailed(app: &TestApp) -> Vec<&str> {
    let [request] = app.cancels()[..] else {
        panic!("one request")
    };
    request.notify.iter().map(Address::as_str).collect()
}

#[test]
fn what_is_sent_is_what_the_dialog_showed() {
    let mut app = editing();
    app.control('u');
    app.keys("a@x, b@y");
    app.press(KeyCode::Enter);
    app.take(Msg::Painted);
    assert!(app.screen().contains("mails      a@x, b@y"), "{}", app.screen());
    app.rest();
    app.keys("y");
    assert_eq!(mailed(&app), ["a@x", "b@y"]);
}

#[test]
fn of_several_each_is_sent_with_what_the_dialog_showed() {
    let mut app = TestApp::new(quiet());
    app.keys("*c");
    for effect in app.effects.clone() {
        let Effect::Look { ticket, offer } = effect else {
            continue;
        };
        let seen = match offer.raw() {
            "contoso-vm" => vec![vm_operation()],
            "contoso-app" => vec![app_operation()],
            _ => Vec::new(),
        };
        app.take(Msg::Reply(Reply::Looked {
            ticket,
            offer,
            result: Box::new(Ok(look(seen, Source::Submissions))),
        }));
    }
    app.take(Msg::Painted);
    app.rest();
    app.keys("2");
    app.press(KeyCode::Tab);
    assert_eq!(app.model.place(), Place::Addresses);
    app.control('u');
    app.keys("a@x");
    app.press(KeyCode::Enter);
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty(), "it was not painted anew");
    app.take(Msg::Painted);
    assert!(app.screen().contains("a@x"), "{}", app.screen());
    app.rest();
    app.press(KeyCode::Char('2'));
    app.press(KeyCode::Enter);
    let mailed = app.cancels();
    assert_eq!(mailed.len(), 2);
    for request in mailed {
        assert_eq!(request.notify, ["a@x".parse().unwrap()]);
    }
}

#[test]
fn it_begins_with_whom_the_profile_names_and_may_end_with_nobody() {
    let mut app = editing();
    assert!(app.screen().contains("> release@contoso.com"));
    app.control('w');
    app.control('u');
    app.press(KeyCode::Enter);
    assert!(app.screen().contains("mails      nobody named"));
    app.take(Msg::Painted);
    app.rest();
    app.keys("y");
    assert!(mailed(&app).is_empty());
}

#[test]
fn the_reason_is_shown_as_it_is_typed_and_what_is_no_address_is_not_taken() {
    let mut app = editing();
    app.keys(", ops");
    assert!(app.screen().contains("! `ops` is no mail address"));
    assert!(!app.screen().contains("enter takes it"));
    app.press(KeyCode::Enter);
    assert_eq!(app.model.place(), Place::Addresses);
    app.keys("@x");
    assert!(app.screen().contains("enter takes it"));
    app.press(KeyCode::Enter);
    assert_eq!(app.model.place(), Place::Asked);
    assert!(app.screen().contains("release@contoso.com, ops@x"));
}

#[test]
fn esc_keeps_what_was_named_before() {
    let mut app = editing();
    app.control('u');
    app.keys("nobody@x");
    app.press(KeyCode::Esc);
    assert!(app.model.confirmation().is_some(), "the dialog stays");
    assert_eq!(notice(&app), "");
    app.take(Msg::Painted);
    app.rest();
    app.keys("y");
    assert_eq!(mailed(&app), ["release@contoso.com"]);
}

#[test]
fn nothing_typed_or_pasted_while_they_are_edited_cancels() {
    let mut app = editing();
    app.rest();
    app.rest();
    app.keys("yyy");
    paste(&mut app, "y\ny\r\n");
    app.rest();
    app.control('u');
    paste(&mut app, "a@x\nb@y\n");
    assert!(app.screen().contains("> a@x,b@y"), "{}", app.screen());
    app.press(KeyCode::Enter);
    app.keys("y");
    assert!(app.cancels().is_empty(), "it was not painted anew");
    app.take(Msg::Painted);
    app.wait(Duration::from_millis(399));
    app.keys("y");
    assert!(app.cancels().is_empty(), "and not left alone");
    app.rest();
    app.keys("y");
    assert_eq!(mailed(&app), ["a@x", "b@y"]);
}

#[test]
fn before_the_dialog_is_armed_nothing_is_edited_and_a_held_key_takes_nothing() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.answer_look(look(vec![vm_operation()], Source::Submissions));
    app.press(KeyCode::Tab);
    assert_eq!(app.model.place(), Place::Asked);
    let mut app = editing();
    let held = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Repeat);
    app.take(Msg::Terminal(Event::Key(held)));
    assert_eq!(app.model.place(), Place::Addresses);
}

#[test]
fn a_look_that_grew_old_meanwhile_is_taken_anew_and_keeps_the_addresses() {
    let mut app = editing();
    app.control('u');
    app.keys("a@x");
    app.wait(Duration::from_mins(2));
    assert_eq!(looks(&app), 1, "who types is not interrupted");
    assert_eq!(app.model.place(), Place::Addresses);
    app.press(KeyCode::Enter);
    assert_eq!(looks(&app), 2);
    assert!(app.screen().contains("looking again"));
    app.answer_look(look(vec![vm_operation()], Source::Submissions));
    app.rest();
    app.keys("y");
    assert_eq!(mailed(&app), ["a@x"]);
}

#[test]
fn an_id_typed_before_has_to_be_typed_again() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-app", app_operation());
    app.keys("contoso-app");
    app.press(KeyCode::Tab);
    app.control('u');
    app.keys("a@x");
    app.press(KeyCode::Enter);
    app.take(Msg::Painted);
    app.rest();
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty());
    app.ask("contoso-app", app_operation());
    assert!(app.screen().contains("release@contoso.com"), "of a new dialog");
}

#[test]
fn a_text_longer_than_the_dialog_keeps_its_end_in_view() {
    let mut app = editing();
    app.resize(80, 24);
    app.keys(&", someone.with.a.long.name@example.com".repeat(40));
    let screen = app.screen();
    assert!(screen.contains("someone"), "{screen}");
    assert!(screen.contains("esc keeps what was named before"), "{screen}");
}

#[test]
fn while_they_are_edited() {
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut app = TestApp::new(quiet());
        app.ask("contoso-vm", vm_operation());
        app.press(KeyCode::Tab);
        app.keys(", ops@");
        app.resize(width, height);
        assert_snapshot!(format!("recipients_{width}x{height}"), app.screen());
    }
}
