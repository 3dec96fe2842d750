//! What a dialog asks, says, or has no need to ask.

use std::sync::Arc;

use crate::{
    domain::{
        operation::{CancelState, Destination, Operation, Source},
        remote::Remote,
        target::Binding,
        verdict::Verdict,
    },
    engine::{Class, Failure, Look, Snapshot},
    presentation::ending,
    service::cpp::status,
    tui::{
        fixture::*,
        model::{ReadOnly, Setup},
        msg::{Msg, Reply},
        tests::{looks, notice},
    },
};

#[test]
fn nothing_running_is_nothing_to_confirm() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-db");
    app.keys("c");
    assert!(app.screen().contains("looking at contoso-db"));
    app.answer_look(look(Vec::new(), Source::Submissions));
    assert!(app.model.confirmation().is_none());
    assert_eq!(notice(&app), "contoso-db: nothing in flight");
    app.rest();
    app.keys("y");
    assert!(app.cancels().is_empty());
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
        (vec![ended()], "contoso-vm: nothing in flight by now", 0),
    ] {
        let mut app = TestApp::new(quiet());
        app.select("contoso-vm");
        app.keys("c");
        app.answer_look(look(vec![vm_operation(), other()], Source::Submissions));
        app.rest();
        let screen = app.screen();
        assert!(
            screen.contains("2 operations are") && screen.contains(VM) && screen.contains(APP),
            "{screen}"
        );
        app.know(read("12:04:20", left.clone()));
        assert!(app.model.confirmation().is_some(), "that was read before");
        app.know(read("12:04:40", vec![vm_operation(), other()]));
        assert!(app.model.confirmation().is_some(), "still several");
        app.know(read("12:04:50", left.clone()));
        assert!(app.model.confirmation().is_none(), "it goes with what it says");
        assert_eq!(notice(&app), told);
        app.keys("c");
        app.answer_look(look(left, Source::Submissions));
        app.take(Msg::Painted);
        app.rest();
        app.keys("y");
        assert_eq!(app.cancels().len(), cancels);
    }
}

#[test]
fn of_several_any_key_leaves_without_a_cancel() {
    let other = operation(Some(APP), Destination::Preview, "notStarted", "09:20:00");
    for keys in ["y", "jy", "q"] {
        let mut app = TestApp::new(quiet());
        app.select("contoso-vm");
        app.keys("c");
        app.answer_look(look(vec![vm_operation(), other.clone()], Source::Submissions));
        app.take(Msg::Painted);
        app.rest();
        app.keys(keys);
        assert!(
            app.model.confirmation().is_none() && app.cancels().is_empty(),
            "{keys}"
        );
    }
}

#[test]
fn an_older_entry_with_an_unknown_word_is_told_and_is_no_choice() {
    let mut old = operation(Some(APP), Destination::Preview, "aborted", "09:20:00");
    old.version = Some(1);
    let list = vec![vm_operation(), old];
    let mut app = TestApp::new(read("12:04:00", list.clone()));
    app.select("contoso-vm");
    assert!(!app.screen().contains("2 active"), "{}", app.screen());
    app.keys("c");
    app.answer_look(look(list, Source::Submissions));
    app.take(Msg::Painted);
    app.rest();
    let screen = app.screen();
    assert!(
        screen.contains("presumed ended, being older than what runs: 86f5e2a0"),
        "{screen}"
    );
    app.keys("y");
    let [request] = app.cancels()[..] else {
        panic!("one request")
    };
    assert_eq!(request.target.binding, Binding::of(&vm_operation()));
}

#[test]
fn a_look_that_failed_says_so() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.take(Msg::Reply(Reply::Looked {
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
    assert!(app.screen().contains("timed out after 20 s; try again"));
    app.take(Msg::Painted);
    app.rest();
    app.keys("y");
    assert!(app.cancels().is_empty());
}

#[test]
fn what_is_being_cancelled_is_shown_and_not_asked_again() {
    let mut app = TestApp::new(busy());
    app.select("contoso-vm");
    app.keys("c");
    assert_eq!(looks(&app), 0);
    assert_eq!(notice(&app), "contoso-vm is being cancelled already");
    assert!(app.screen().contains("Timeline"));
}

#[test]
fn a_confirmed_target_is_not_asked_again_before_it_is_in_a_snapshot() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    app.keys("yc");
    assert_eq!(looks(&app), 1);
    assert!(app.model.confirmation().is_none());
}

#[test]
fn asking_again_tells_of_before_and_names_it() {
    for verdict in [Verdict::Refused, Verdict::Unknown] {
        let snapshot = Snapshot {
            cancellations: vec![ended("contoso-vm", &vm_operation(), verdict).into()].into(),
            ..quiet()
        };
        let mut app = TestApp::new(snapshot);
        app.ask("contoso-vm", vm_operation());
        let told = format!(
            "asked at 11:51:40: {}; this asks again",
            ending::label(verdict, true)
        );
        assert!(app.screen().contains(&told), "{}", app.screen());
        app.keys("y");
        assert_eq!(app.cancels()[0].again_of, Some("c-contoso-vm".into()));
    }
}

#[test]
fn what_another_run_was_refused_is_told_and_named() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    app.answer_look(Look {
        earlier: vec![ended("contoso-vm", &vm_operation(), Verdict::Refused).cancellation],
        ..look(vec![vm_operation()], Source::Submissions)
    });
    app.take(Msg::Painted);
    app.rest();
    assert!(
        app.screen().contains("refused; this asks again"),
        "{}",
        app.screen()
    );
    app.keys("y");
    assert_eq!(app.cancels()[0].again_of, Some("c-contoso-vm".into()));
}

#[test]
fn there_may_be_a_reason_not_to_ask_at_all() {
    for (read_only, word) in [(ReadOnly::Everywhere, "flag"), (ReadOnly::Profile, "profile")] {
        let mut app = TestApp::with(
            Setup {
                read_only: Some(read_only),
                ..setup()
            },
            quiet(),
        );
        app.keys("c");
        assert!(notice(&app).starts_with("read-only") && notice(&app).contains(word));
        assert_eq!(looks(&app), 0);
    }
    let mut app = TestApp::new(Snapshot {
        offers: fresh(vec![offer("a/b", "Odd", "running", "2026-11-22T08:00:00Z")].into()),
        ..Snapshot::default()
    });
    app.keys("c");
    assert!(notice(&app).contains("must not be sent"));
    assert_eq!(looks(&app), 0);
}

#[test]
fn what_has_no_id_is_bound_by_what_else_is_known_and_says_so() {
    let mut app = TestApp::new(quiet());
    let nameless = operation(None, Destination::Preview, "running", "09:12:00");
    app.select("contoso-vm");
    app.keys("c");
    app.answer_look(look(vec![nameless.clone()], Source::OfferStatus));
    app.rest();
    assert!(app.screen().contains("from the offer's status alone"));
    app.keys("y");
    assert_eq!(app.cancels()[0].target.binding, Binding::of(&nameless));
}

#[test]
fn what_the_service_says_of_cancelling_never_blocks() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys("c");
    let mut seen = look(vec![vm_operation()], Source::Submissions);
    if let Some(detail) = &mut seen.active[0].detail {
        detail.cancel_state = CancelState::Says("tooLate".into());
    }
    app.answer_look(seen);
    app.rest();
    assert!(
        app.screen()
            .contains("the service says ‘tooLate’; you may still try")
    );
    app.keys("y");
    assert_eq!(app.cancels().len(), 1);
}

#[test]
fn a_name_of_any_length_leaves_the_dialog_whole() {
    let long = "many words and ".repeat(200);
    let mut app = TestApp::new(Snapshot {
        offers: fresh(vec![offer("contoso-vm", &long, "running", "2026-11-22T09:12:00Z")].into()),
        ..quiet()
    });
    let mut operation = vm_operation();
    operation.kind = long.as_str().into();
    operation.state = status(&long);
    app.ask("contoso-vm", operation);
    app.keys("y");
    assert_eq!(app.cancels().len(), 1, "{}", app.screen());
}
