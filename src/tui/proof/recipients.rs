//! Who is mailed: edited in the confirmation, and sent exactly as that showed it.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use insta::assert_snapshot;

use crate::{
    domain::{confirmation::Address, operation::Source},
    tui::{
        fixture::*,
        keymap::Place,
        msg::Msg,
        proof::{looks, notice},
    },
};

/// Someone who edits whom the preview publish of `contoso-vm` names.
fn editing() -> Desk {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.press(KeyCode::Tab);
    assert_eq!(desk.model.place(), Place::Addresses);
    desk
}

fn paste(desk: &mut Desk, text: &str) {
    desk.take(Msg::Terminal(Event::Paste(text.to_owned())));
}

/// Whom the one request names.
fn mailed(desk: &Desk) -> Vec<&str> {
    let [request] = desk.cancels()[..] else {
        panic!("one request")
    };
    request.notify.iter().map(Address::as_str).collect()
}

#[test]
fn what_is_sent_is_what_the_dialog_showed() {
    let mut desk = editing();
    desk.control('u');
    desk.keys("a@x, b@y");
    desk.press(KeyCode::Enter);
    desk.take(Msg::Painted);
    assert!(desk.screen().contains("mails      a@x, b@y"), "{}", desk.screen());
    desk.rest();
    desk.keys("y");
    assert_eq!(mailed(&desk), ["a@x", "b@y"]);
}

#[test]
fn it_begins_with_whom_the_profile_names_and_may_end_with_nobody() {
    let mut desk = editing();
    assert!(desk.screen().contains("> release@contoso.com"));
    desk.control('w');
    desk.control('u');
    desk.press(KeyCode::Enter);
    assert!(desk.screen().contains("mails      nobody named"));
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("y");
    assert!(mailed(&desk).is_empty());
}

#[test]
fn the_reason_is_shown_as_it_is_typed_and_what_is_no_address_is_not_taken() {
    let mut desk = editing();
    desk.keys(", ops");
    assert!(desk.screen().contains("! `ops` is no mail address"));
    assert!(!desk.screen().contains("enter takes it"));
    desk.press(KeyCode::Enter);
    assert_eq!(desk.model.place(), Place::Addresses);
    desk.keys("@x");
    assert!(desk.screen().contains("enter takes it"));
    desk.press(KeyCode::Enter);
    assert_eq!(desk.model.place(), Place::Asked);
    assert!(desk.screen().contains("release@contoso.com, ops@x"));
}

#[test]
fn esc_keeps_what_was_named_before() {
    let mut desk = editing();
    desk.control('u');
    desk.keys("nobody@x");
    desk.press(KeyCode::Esc);
    assert!(desk.model.confirmation().is_some(), "the dialog stays");
    assert_eq!(notice(&desk), "");
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("y");
    assert_eq!(mailed(&desk), ["release@contoso.com"]);
}

#[test]
fn nothing_typed_or_pasted_while_they_are_edited_cancels() {
    let mut desk = editing();
    desk.rest();
    desk.rest();
    desk.keys("yyy");
    paste(&mut desk, "y\ny\r\n");
    desk.rest();
    desk.control('u');
    paste(&mut desk, "a@x\nb@y\n");
    assert!(desk.screen().contains("> a@x,b@y"), "{}", desk.screen());
    desk.press(KeyCode::Enter);
    desk.keys("y");
    assert!(desk.cancels().is_empty(), "it was not painted anew");
    desk.take(Msg::Painted);
    desk.wait(Duration::from_millis(399));
    desk.keys("y");
    assert!(desk.cancels().is_empty(), "and not left alone");
    desk.rest();
    desk.keys("y");
    assert_eq!(mailed(&desk), ["a@x", "b@y"]);
}

#[test]
fn before_the_dialog_is_armed_nothing_is_edited_and_a_held_key_takes_nothing() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    desk.answer_look(look(vec![vm_operation()], Source::Submissions));
    desk.press(KeyCode::Tab);
    assert_eq!(desk.model.place(), Place::Asked);
    let mut desk = editing();
    let held = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Repeat);
    desk.take(Msg::Terminal(Event::Key(held)));
    assert_eq!(desk.model.place(), Place::Addresses);
}

#[test]
fn a_look_that_grew_old_meanwhile_is_taken_anew_and_keeps_the_addresses() {
    let mut desk = editing();
    desk.control('u');
    desk.keys("a@x");
    desk.wait(Duration::from_mins(2));
    assert_eq!(looks(&desk), 1, "who types is not interrupted");
    assert_eq!(desk.model.place(), Place::Addresses);
    desk.press(KeyCode::Enter);
    assert_eq!(looks(&desk), 2);
    assert!(desk.screen().contains("looking again"));
    desk.answer_look(look(vec![vm_operation()], Source::Submissions));
    desk.rest();
    desk.keys("y");
    assert_eq!(mailed(&desk), ["a@x"]);
}

#[test]
fn an_id_typed_before_has_to_be_typed_again() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-app", app_operation());
    desk.keys("contoso-app");
    desk.press(KeyCode::Tab);
    desk.control('u');
    desk.keys("a@x");
    desk.press(KeyCode::Enter);
    desk.take(Msg::Painted);
    desk.rest();
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty());
    desk.ask("contoso-app", app_operation());
    assert!(desk.screen().contains("release@contoso.com"), "of a new dialog");
}

#[test]
fn a_text_longer_than_the_dialog_keeps_its_end_in_view() {
    let mut desk = editing();
    desk.resize(80, 24);
    desk.keys(&", someone.with.a.long.name@example.com".repeat(40));
    let screen = desk.screen();
    assert!(screen.contains("someone"), "{screen}");
    assert!(screen.contains("esc keeps what was named before"), "{screen}");
}

#[test]
fn while_they_are_edited() {
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut desk = Desk::new(quiet());
        desk.ask("contoso-vm", vm_operation());
        desk.press(KeyCode::Tab);
        desk.keys(", ops@");
        desk.resize(width, height);
        assert_snapshot!(format!("recipients_{width}x{height}"), desk.screen());
    }
}
