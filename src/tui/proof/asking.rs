//! What a dialog asks, says, or has no need to ask.

use std::sync::Arc;

use crate::{
    domain::{
        operation::{CancelState, Destination, Operation, Source},
        remote::Remote,
        target::Binding,
        telling,
        verdict::Verdict,
    },
    engine::{Class, Failure, Look, Snapshot},
    tui::{
        fixture::*,
        model::{ReadOnly, Setup},
        msg::{Msg, Reply},
        proof::{looks, notice},
    },
};

#[test]
fn nothing_running_is_nothing_to_confirm() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-db");
    desk.keys("c");
    assert!(desk.screen().contains("looking at contoso-db"));
    desk.answer_look(look(Vec::new(), Source::Submissions));
    desk.rest();
    assert!(desk.screen().contains("Nothing is running on contoso-db"));
    desk.keys("y");
    assert!(desk.cancels().is_empty());
}

/// What is known of contoso-vm, as read at `at`.
fn read(at_time: &str, list: Vec<Operation>) -> Snapshot {
    let mut known = quiet();
    let operations = Remote::Fresh {
        value: Arc::new(look(list, Source::Submissions).operations),
        at: at(at_time),
    };
    Arc::make_mut(&mut known.operations).insert("contoso-vm".into(), operations);
    known
}

#[test]
fn of_several_none_is_asked_for_and_the_sentence_goes_when_one_is_left() {
    let other = || operation(Some(APP), Destination::Preview, "notStarted", "09:20:00");
    let ended = || operation(Some(APP), Destination::Preview, "succeeded", "09:20:00");
    for (left, told, cancels) in [
        (
            vec![vm_operation(), ended()],
            "contoso-vm: one operation is left",
            1,
        ),
        (vec![ended()], "contoso-vm: nothing is in flight by now", 0),
    ] {
        let mut desk = Desk::new(quiet());
        desk.select("contoso-vm");
        desk.keys("c");
        desk.answer_look(look(vec![vm_operation(), other()], Source::Submissions));
        desk.rest();
        let screen = desk.screen();
        assert!(
            screen.contains("2 operations are") && screen.contains(VM) && screen.contains(APP),
            "{screen}"
        );
        desk.know(read("12:04:20", left.clone()));
        assert!(desk.model.confirmation().is_some(), "that was read before");
        desk.know(read("12:04:40", vec![vm_operation(), other()]));
        assert!(desk.model.confirmation().is_some(), "still several");
        desk.know(read("12:04:50", left.clone()));
        assert!(desk.model.confirmation().is_none(), "it goes with what it says");
        assert_eq!(notice(&desk), told);
        desk.keys("c");
        desk.answer_look(look(left, Source::Submissions));
        desk.take(Msg::Painted);
        desk.rest();
        desk.keys("y");
        assert_eq!(desk.cancels().len(), cancels);
    }
}

#[test]
fn of_several_any_key_leaves_without_a_cancel() {
    let other = operation(Some(APP), Destination::Preview, "notStarted", "09:20:00");
    for keys in ["y", "jy", "q"] {
        let mut desk = Desk::new(quiet());
        desk.select("contoso-vm");
        desk.keys("c");
        desk.answer_look(look(vec![vm_operation(), other.clone()], Source::Submissions));
        desk.take(Msg::Painted);
        desk.rest();
        desk.keys(keys);
        assert!(
            desk.model.confirmation().is_none() && desk.cancels().is_empty(),
            "{keys}"
        );
    }
}

#[test]
fn an_older_entry_with_an_unknown_word_is_told_and_is_no_choice() {
    let mut old = operation(Some(APP), Destination::Preview, "aborted", "09:20:00");
    old.version = Some(1);
    let list = vec![vm_operation(), old];
    let mut desk = Desk::new(read("12:04:00", list.clone()));
    desk.select("contoso-vm");
    assert!(!desk.screen().contains("2 active"), "{}", desk.screen());
    desk.keys("c");
    desk.answer_look(look(list, Source::Submissions));
    desk.take(Msg::Painted);
    desk.rest();
    let screen = desk.screen();
    assert!(
        screen.contains("presumed ended, being older than what runs: 86f5e2a0"),
        "{screen}"
    );
    desk.keys("y");
    let [request] = desk.cancels()[..] else {
        panic!("one request")
    };
    assert_eq!(request.target.binding, Binding::of(&vm_operation()));
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
    desk.rest();
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
fn asking_again_tells_of_before_and_names_it() {
    for verdict in [Verdict::Refused, Verdict::Unknown] {
        let snapshot = Snapshot {
            cancellations: vec![ended("contoso-vm", &vm_operation(), verdict).into()].into(),
            ..quiet()
        };
        let mut desk = Desk::new(snapshot);
        desk.ask("contoso-vm", vm_operation());
        let told = format!(
            "asked at 11:51:40: {}; this asks again",
            telling::phrase(verdict, true)
        );
        assert!(desk.screen().contains(&told), "{}", desk.screen());
        desk.keys("y");
        assert_eq!(desk.cancels()[0].again_of, Some("c-contoso-vm".into()));
    }
}

#[test]
fn what_another_run_was_refused_is_told_and_named() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys("c");
    desk.answer_look(Look {
        earlier: vec![ended("contoso-vm", &vm_operation(), Verdict::Refused).cancellation],
        ..look(vec![vm_operation()], Source::Submissions)
    });
    desk.take(Msg::Painted);
    desk.rest();
    assert!(
        desk.screen().contains("refused; this asks again"),
        "{}",
        desk.screen()
    );
    desk.keys("y");
    assert_eq!(desk.cancels()[0].again_of, Some("c-contoso-vm".into()));
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
    desk.rest();
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
    desk.rest();
    assert!(
        desk.screen()
            .contains("the service says ‘tooLate’; you may still try")
    );
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1);
}

#[test]
fn a_name_of_any_length_leaves_the_dialog_whole() {
    let long = "many words and ".repeat(200);
    let mut desk = Desk::new(Snapshot {
        offers: fresh(vec![offer("contoso-vm", &long, "running", "2026-11-22T09:12:00Z")].into()),
        ..quiet()
    });
    let mut operation = vm_operation();
    operation.kind = long.as_str().into();
    operation.state = crate::domain::status::Status::new(&long);
    desk.ask("contoso-vm", operation);
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1, "{}", desk.screen());
}
