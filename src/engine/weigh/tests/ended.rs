//! No end rests on one witness.

use super::{ACCEPTED, CANCELED, LOST, REFUSED, Row};

const BY_PAGE: &str = "finished_first observed completed";
const BY_LIST: &str = "finished_first observed succeeded";

fn for_every_answer(rows: &[(&str, &str)]) {
    for row in [LOST, LOST.long_ago(), REFUSED, ACCEPTED, CANCELED] {
        row.comes_to(rows);
    }
}

#[test]
fn end_on_the_page_waits_for_a_later_list() {
    for_every_answer(&[
        ("page@2 completed", "ask list"),
        ("list@1 running, page@2 completed", "ask list"),
        // A reading that began before the end may have missed it.
        ("page@2-4 completed, list@3 running", "ask list"),
        ("page@2 completed, list@3 cut", "ask list"),
        ("list@1 missing, page@2 completed", "ask list"),
        ("page@2 completed, list@3 succeeded", BY_PAGE),
        ("page@2 completed, list@3 failed", BY_PAGE),
        ("page@2-3 completed, list@3 succeeded", BY_PAGE),
        // An end stays an end.
        ("list@1 succeeded, page@2 completed", BY_PAGE),
        ("page@2 completed, page@4 completed, list@3-5 succeeded", BY_PAGE),
    ]);
}

#[test]
fn ended_and_active_witnesses_disagree() {
    for_every_answer(&[
        ("page@2 completed, list@3 running", "disagree"),
        ("page@2 failed, list@3 waitingForApproval", "disagree"),
        ("page@2 completed, list@3 quantum", "disagree"),
        (
            "page@2 completed, list@3 running, page@4 completed, now@900",
            "disagree",
        ),
        ("list@2 succeeded, page@3 running", "disagree"),
        (
            "list@2 succeeded, page@3 running, list@9 succeeded, now@900",
            "disagree",
        ),
        ("page@2 completed, list@3 running, list@9 succeeded", BY_PAGE),
        ("list@2 succeeded, page@3 running, page@9 completed", BY_PAGE),
    ]);
}

#[test]
fn list_without_the_operation_is_awaited_for_a_minute() {
    for_every_answer(&[
        ("page@2 completed, list@3 missing", "disagree"),
        ("page@2 completed, list@3 missing, now@61", "disagree"),
        ("page@2 completed, list@3 missing, now@62", BY_PAGE),
        (
            "page@1-2 completed, page@9 completed, list@10 missing, now@62",
            BY_PAGE,
        ),
        (
            "page@2 completed, list@3 missing, list@61 running, now@62",
            "disagree",
        ),
    ]);
    ACCEPTED.answered_at(5).comes_to(&[
        ("page@2 completed, list@6 missing, now@64", "disagree"),
        ("page@2 completed, list@6 missing, now@65", BY_PAGE),
    ]);
}

#[test]
fn end_read_before_the_answer_needs_another_list() {
    for row in [LOST, REFUSED, ACCEPTED, CANCELED] {
        row.answered_at(5).comes_to(&[
            ("page@2 completed, list@3 succeeded", "ask list"),
            ("page@2 completed, list@4-6 succeeded", "ask list"),
            ("page@2 completed, list@3 succeeded, list@5 succeeded", BY_PAGE),
            (
                "page@2 completed, list@3 succeeded, list@6 canceled",
                "canceled observed canceled",
            ),
            ("list@1 succeeded, page@6 completed", "ask list"),
            ("list@2 succeeded, page@3 missing", "ask list"),
            ("list@2 succeeded, page@6 missing", "ask list"),
            ("list@2 succeeded, page@3 missing, list@6 succeeded", "ask page"),
            ("list@2 succeeded, list@6 succeeded, page@7 missing", BY_LIST),
        ]);
    }
}

#[test]
fn end_on_the_list_waits_for_the_page_or_its_silence() {
    for_every_answer(&[
        ("list@2 succeeded", "ask page"),
        ("page@1 running, list@2 succeeded", "ask page"),
        ("page@1 missing, list@2 succeeded", "ask page"),
        ("list@2-4 succeeded, page@3 missing", "ask page"),
        ("list@2 succeeded, page@3 missing", BY_LIST),
        ("list@2 succeeded, page@2 closed", BY_LIST),
        (
            "list@2 succeeded, page@3 cut, page@9 cut, page@99 cut",
            "ask page",
        ),
    ]);
}

#[test]
fn page_broken_three_times_over_ten_seconds_is_silent() {
    for_every_answer(&[
        ("list@2 succeeded, page@3 broken, page@13 broken", "ask page"),
        (
            "list@2 succeeded, page@3 broken, page@8 broken, page@12 broken",
            "ask page",
        ),
        (
            "list@2 succeeded, page@3 broken, page@8 broken, page@13 broken",
            BY_LIST,
        ),
        (
            "list@2 succeeded, page@3 broken, page@8 cut, page@9 broken, page@20 broken",
            "ask page",
        ),
        (
            "list@2 succeeded, page@3 broken, page@8 running, page@9 broken, page@20 broken",
            "disagree",
        ),
        (
            "page@1 broken, page@2 broken, page@11 broken, list@12 succeeded",
            "ask page",
        ),
        (
            "page@1 broken, page@2 broken, page@11 broken, list@11 succeeded",
            BY_LIST,
        ),
    ]);
}

#[test]
fn permanently_unreadable_list_is_replaced_by_the_offer() {
    let closed =
        |offer: &str| format!("page@2 completed, list@3 closed, list@8 closed, list@13 closed{offer}");
    for row in [LOST, ACCEPTED, CANCELED] {
        for (offer, outcome) in [
            ("", "disagree"),
            // Unchanged: it may show an earlier operation.
            (", offer@13 canceled", "disagree"),
            (", offer@13 running", BY_PAGE),
            (", offer@13 succeeded", BY_PAGE),
            (", offer@13 missing", BY_PAGE),
            (", offer@13 cut", "disagree"),
        ] {
            row.comes_to(&[(&closed(offer), outcome)]);
        }
        let moved = Row {
            first_offer: Some("running"),
            ..row
        };
        moved.comes_to(&[(&closed(", offer@13 canceled"), "canceled offer_status canceled")]);
        row.comes_to(&[
            ("page@2 completed, list@3 closed, offer@3 canceled", "disagree"),
            (
                "page@2 completed, list@3 closed, list@9 closed, list@12 closed, offer@12 running",
                "disagree",
            ),
            (
                "page@2 completed, list@3 closed, list@13 closed, offer@13 running",
                "disagree",
            ),
            (
                "page@2 completed, list@3 running, list@4 closed, list@13 closed, offer@13 running",
                "disagree",
            ),
        ]);
        // For the offer, the reading after the end counts.
        let row: Row = row.answered_at(14);
        row.comes_to(&[
            (&closed(", offer@13 running, list@15 closed"), "disagree"),
            (&closed(", list@15 closed, offer@15 running"), BY_PAGE),
        ]);
    }
}
