//! Repeated denials of the service, three times over ten seconds, let the answer count.

use super::{ACCEPTED, CANCELED, LOST, REFUSED, Row, Weighed};
use crate::domain::verdict::Verdict;

const BY_ANSWER: &str = "canceled answer -";
const BOTH_MISSING: &str =
    "page@2 missing, list@2 missing, page@7 missing, list@7 missing, page@12 missing, list@12 missing";
const LIST_CLOSED: &str =
    "page@2 missing, list@2 closed, page@7 missing, list@7 closed, page@12 missing, list@12 closed";

#[test]
fn unreadable_operation_after_a_200_is_canceled_by_answer() {
    CANCELED.comes_to(&[
        (BOTH_MISSING, BY_ANSWER),
        (LIST_CLOSED, BY_ANSWER),
        (&LIST_CLOSED.replace("missing", "closed"), BY_ANSWER),
        // A network failure is no information, and withdraws none.
        (&format!("{LIST_CLOSED}, page@14 cut, list@14 cut"), BY_ANSWER),
        (
            "page@2 missing, page@4 cut, page@5 closed, page@12 missing, list@2 closed, list@3 missing, list@12 closed",
            BY_ANSWER,
        ),
        (
            "page@2 cut, list@2 cut, page@30 cut, list@30 cut, page@70 cut, list@70 cut",
            "open",
        ),
    ]);
    let Weighed::Settled(ending) = CANCELED.weighed(LIST_CLOSED) else {
        panic!("it is settled");
    };
    assert_eq!(ending.verdict, Verdict::Canceled);
    assert!(ending.is_open && ending.is_provisional());
    assert!(ending.error.unwrap().as_str().contains("cannot be read any more"));
}

#[test]
fn both_witnesses_must_be_silent_for_long() {
    CANCELED.comes_to(&[
        ("page@2 missing, page@7 missing, page@12 missing", "open"),
        ("list@2 closed, list@7 closed, list@12 closed", "open"),
        (
            "page@2 missing, list@2 closed, page@12 missing, list@12 closed",
            "open",
        ),
        (&LIST_CLOSED.replace("@12 missing", "@11 missing"), "open"),
        (&LIST_CLOSED.replace("@12 closed", "@11 closed"), "open"),
        // The requests must span ten seconds, not the wait for an answer.
        (&LIST_CLOSED.replace("@12", "@11-12"), "open"),
        (&LIST_CLOSED.replace("page@7 missing", "page@7 running"), "open"),
        (&LIST_CLOSED.replace("list@7 closed", "list@7 running"), "open"),
        (&LIST_CLOSED.replace("page@12 missing", "page@12 running"), "open"),
    ]);
}

#[test]
fn operation_once_read_is_unreadable_only_if_both_miss_it() {
    for row in [CANCELED, ACCEPTED] {
        let was_read = Row {
            was_read: true,
            ..row
        };
        was_read.comes_to(&[(LIST_CLOSED, "open"), (BOTH_MISSING, BY_ANSWER)]);
    }
}

#[test]
fn a_202_promises_less() {
    ACCEPTED.comes_to(&[
        (BOTH_MISSING, BY_ANSWER),
        (LIST_CLOSED, "open"),
        (&BOTH_MISSING.replace("page@12 missing", "page@12 closed"), "open"),
        (&BOTH_MISSING.replace("list@12 missing", "list@12 closed"), "open"),
        (
            &BOTH_MISSING.replace("page@2 missing", "page@2 closed"),
            BY_ANSWER,
        ),
    ]);
}

#[test]
fn without_an_acceptance_nothing_is_canceled_by_answer() {
    for row in [LOST, REFUSED] {
        row.comes_to(&[(BOTH_MISSING, "open"), (LIST_CLOSED, "open")]);
        row.long_ago()
            .comes_to(&[(BOTH_MISSING, "unknown - -"), (LIST_CLOSED, "unknown - -")]);
    }
}

#[test]
fn running_offer_contradicts_the_answer() {
    CANCELED.comes_to(&[
        (&format!("{LIST_CLOSED}, offer@12 running"), "open"),
        (&format!("{LIST_CLOSED}, offer@12 succeeded"), BY_ANSWER),
        (&format!("{LIST_CLOSED}, offer@12 closed"), BY_ANSWER),
        (&format!("{BOTH_MISSING}, offer@12 running"), BY_ANSWER),
    ]);
}
