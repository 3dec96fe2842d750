//! What it takes to confirm, and what does not do.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    domain::{
        ids::OperationId,
        operation::{CancelState, Destination, Source},
        target::Binding,
        text::SafeText,
        verdict::Verdict,
    },
    engine::{Class, Failure, NotBegun, Snapshot},
    tui::{
        fixture::*,
        model::{Asking, ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
    },
};

const QUIET: Duration = Duration::from_millis(400);

fn looks(desk: &Desk) -> usize {
    desk.effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Look { .. }))
        .count()
}

fn notice(desk: &Desk) -> &str {
    desk.model.notice.as_ref().map_or("", SafeText::as_str)
}

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
    desk.wait(QUIET);
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
fn nothing_running_is_nothing_to_confirm() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-db");
    desk.keys("c");
    assert!(desk.screen().contains("looking at contoso-db"));
    desk.answer_look(look(Vec::new(), Source::Submissions));
    desk.wait(QUIET);
    assert!(desk.screen().contains("Nothing is running on contoso-db"));
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

#[test]
fn of_several_one_must_be_chosen_by_moving() {
    let mut desk = Desk::new(quiet());
    let other = operation(Some(APP), Destination::Preview, "notStarted", "09:20:00");
    desk.select("contoso-vm");
    desk.keys("c");
    desk.answer_look(look(vec![vm_operation(), other], Source::Submissions));
    desk.wait(QUIET);
    let screen = desk.screen();
    assert!(screen.contains(VM) && screen.contains(APP), "{screen}");
    desk.keys("y");
    desk.press(KeyCode::Enter);
    assert!(matches!(
        desk.model.confirmation().unwrap().asking,
        Asking::Choosing(_)
    ));
    desk.keys("jj");
    desk.press(KeyCode::Enter);
    desk.wait(QUIET);
    desk.keys("y");
    assert!(desk.cancels().is_empty(), "the chosen one was not painted yet");
    desk.take(Msg::Painted);
    desk.wait(QUIET);
    desk.keys("y");
    let [request] = desk.cancels()[..] else {
        panic!("one request")
    };
    assert_eq!(request.target.binding, Binding::Operation(OperationId::new(APP)));
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
    desk.wait(QUIET);
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
fn a_look_that_failed_says_so() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    desk.take(Msg::Reply(Reply::Looked {
        ticket: 1,
        offer: "contoso-vm".into(),
        result: Box::new(Err(Failure {
            class: Class::Transient,
            request: "GET submissions of contoso-vm".into(),
            what: "timed out after 20 s".into(),
            advice: "try again".into(),
            status: None,
            correlation_id: None,
            retry_after: None,
        })),
    }));
    assert!(desk.screen().contains("timed out after 20 s; try again"));
    desk.take(Msg::Painted);
    desk.wait(QUIET);
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

#[test]
fn what_is_being_cancelled_is_shown_and_not_asked_again() {
    let mut desk = Desk::new(busy());
    desk.select("contoso-vm");
    desk.keys("c");
    assert_eq!(looks(&desk), 0);
    assert_eq!(notice(&desk), "contoso-vm is being cancelled already");
    assert!(desk.screen().contains("Timeline"));
}

#[test]
fn a_confirmed_target_is_not_asked_again_before_it_is_in_a_snapshot() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.keys("yc");
    assert_eq!(looks(&desk), 1);
    assert!(desk.model.confirmation().is_none());
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
fn asking_again_tells_of_before_and_names_it() {
    for verdict in [Verdict::Refused, Verdict::Unknown] {
        let snapshot = Snapshot {
            cancellations: vec![ended("contoso-vm", &vm_operation(), verdict).into()].into(),
            ..quiet()
        };
        let mut desk = Desk::new(snapshot);
        desk.ask("contoso-vm", vm_operation());
        let told = format!("asked at 11:51:40: {}; this asks again", verdict.phrase());
        assert!(desk.screen().contains(&told), "{}", desk.screen());
        desk.keys("y");
        assert_eq!(desk.cancels()[0].again_of, Some("c-contoso-vm".into()));
    }
}

#[test]
fn there_may_be_a_reason_not_to_ask_at_all() {
    for (read_only, word) in [(ReadOnly::Everywhere, "flag"), (ReadOnly::Profile, "profile")] {
        let mut desk = Desk::with(
            Setup {
                read_only: Some(read_only),
                ..setup()
            },
            quiet(),
        );
        desk.keys("c");
        assert!(notice(&desk).starts_with("read-only") && notice(&desk).contains(word));
        assert_eq!(looks(&desk), 0);
    }
    let mut desk = Desk::new(Snapshot {
        offers: fresh(vec![offer("a/b", "Odd", "running", "2026-11-22T08:00:00Z")].into()),
        ..Snapshot::default()
    });
    desk.keys("c");
    assert!(notice(&desk).contains("must not be sent"));
    assert_eq!(looks(&desk), 0);
}

#[test]
fn what_has_no_id_is_bound_by_what_else_is_known_and_says_so() {
    let mut desk = Desk::new(quiet());
    let nameless = operation(None, Destination::Preview, "running", "09:12:00");
    desk.select("contoso-vm");
    desk.keys("c");
    desk.answer_look(look(vec![nameless.clone()], Source::OfferStatus));
    desk.wait(QUIET);
    assert!(desk.screen().contains("from the offer's status alone"));
    desk.keys("y");
    assert_eq!(desk.cancels()[0].target.binding, Binding::of(&nameless));
}

#[test]
fn what_the_service_says_of_cancelling_never_blocks() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    let mut seen = look(vec![vm_operation()], Source::Submissions);
    if let Some(detail) = &mut seen.active[0].detail {
        detail.cancel_state = CancelState::Says("tooLate".into());
    }
    desk.answer_look(seen);
    desk.wait(QUIET);
    assert!(
        desk.screen()
            .contains("the service says ‘tooLate’; you may still try")
    );
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1);
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
    assert!(notice(&desk).starts_with("contoso-vm: read-only: nothing was sent"));
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
