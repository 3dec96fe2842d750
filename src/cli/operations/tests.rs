//! The operations of an offer in both forms, and what is asked for them.

use serde_json::Value;

use super::*;
use crate::{
    cli::{
        io::tests::text,
        offers::tests::{Shelf, offer, operation},
    },
    domain::operation::{Message, Step},
    service::cpp::status,
};

fn step(name: &str, state: &str) -> Step {
    Step {
        id: name.into(),
        name: name.into(),
        state: status(state),
        estimate: "< 5 days".into(),
        messages: vec![Message {
            text: "All is\u{202e} well".into(),
            level: "information".into(),
            at: None,
        }],
    }
}

fn shelf() -> Shelf {
    let operations = vec![operation("a1", "running"), operation("a0", "succeeded")];
    Shelf {
        offers: Ok(vec![(offer("contoso-vm", "running"), Some(operations))]),
        detail: Some(OperationDetail {
            state: status("running"),
            cancel_state: CancelState::CanCancel,
            steps: vec![step("Validate", "complete"), step("Certification", "inProgress")],
            messages: Vec::new(),
        }),
        asked: std::sync::Mutex::default(),
    }
}

/// The exit, what was written, and what was told beside it.
async fn list(shelf: &Shelf, all: bool, json: bool) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let args = OperationsArgs {
        offer: "contoso-vm".into(),
        all,
        json,
    };
    let exit = run(shelf, (&Origin::marketplace(), &"contoso".into()), &args, &mut io).await;
    (exit, text(&out).to_owned(), text(&err).to_owned())
}

#[tokio::test]
async fn only_what_is_active_is_asked_for_its_inside() {
    for all in [false, true] {
        let shelf = shelf();
        let (exit, out, _) = list(&shelf, all, false).await;
        assert_eq!(exit, Exit::Done);
        assert_eq!(*shelf.asked.lock().unwrap(), ["contoso-vm", "a1"]);
        assert_eq!(out.lines().count(), if all { 3 } else { 2 });
    }
    insta::assert_snapshot!(list(&shelf(), true, false).await.1);
}

#[tokio::test]
async fn the_json_has_steps_and_messages() {
    let (_, out, _) = list(&shelf(), true, true).await;
    insta::assert_snapshot!(out);
    let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(rows[0]["step"], "Certification");
    assert_eq!(rows[1]["steps"], serde_json::json!([]));
}

#[tokio::test]
async fn an_operation_whose_inside_fails_is_listed_all_the_same() {
    let shelf = Shelf {
        detail: None,
        ..shelf()
    };
    let (exit, out, err) = list(&shelf, false, false).await;
    assert_eq!(exit, Exit::Failure);
    assert!(out.contains("a1"), "{out}");
    assert!(err.contains("try again"), "{err}");
}

#[tokio::test]
async fn an_offer_at_rest_says_so_beside_the_table_alone() {
    let ended = vec![operation("a0", "succeeded")];
    for (operations, all, said) in [
        (
            ended,
            false,
            "nothing runs on contoso-vm; --all lists what has ended as well",
        ),
        (Vec::new(), true, "contoso-vm has no operations"),
    ] {
        let shelf = Shelf {
            offers: Ok(vec![(offer("contoso-vm", "succeeded"), Some(operations))]),
            ..shelf()
        };
        let (exit, out, err) = list(&shelf, all, false).await;
        assert_eq!((exit, out.lines().count()), (Exit::Done, 1), "the header");
        assert_eq!(err, format!("countermand: {said}\n"));
        assert_eq!(list(&shelf, all, true).await.2, "");
    }
}
