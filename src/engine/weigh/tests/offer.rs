//! State of the offer: the only witness of a target without an id, and nearly none with one.

use super::{ACCEPTED, CANCELED, LOST, REFUSED, Row};

const CLOSED: &str = "list@2 closed, list@7 closed, list@12 closed";
const BY_OFFER: &str = "canceled offer_status canceled";

#[test]
fn offer_settles_nothing_while_the_list_is_readable() {
    for row in [LOST, REFUSED, ACCEPTED, CANCELED] {
        let row = Row {
            first_offer: Some("running"),
            ..row
        };
        row.comes_to(&[
            ("offer@3 succeeded", "open"),
            ("offer@3 canceled", "open"),
            ("page@2 missing, list@2 missing, offer@3 succeeded", "open"),
            ("page@2 missing, list@2 missing, offer@3 canceled", "open"),
            ("page@2 missing, list@2 closed, offer@3 canceled", "open"),
            (
                "page@2 missing, list@2 missing, list@7 missing, list@12 missing, offer@12 canceled",
                "open",
            ),
        ]);
    }
}

#[test]
fn moved_offer_counts_if_nothing_else_is_readable() {
    for row in [LOST, ACCEPTED, CANCELED] {
        let moved = Row {
            first_offer: Some("running"),
            ..row
        };
        let comes_to = |page: &str, rest: &str, outcome| {
            moved.comes_to(&[(&format!("{page}, {CLOSED}, {rest}"), outcome)]);
        };
        comes_to("page@2 missing", "offer@12 canceled", BY_OFFER);
        comes_to("page@2 missing", "offer@12 succeeded", "open");
        comes_to("page@2 missing", "offer@12 failed", "open");
        comes_to("page@2 missing", "list@13 missing, offer@13 canceled", "open");
        comes_to("page@2 running", "offer@12 canceled", "open");
        // A page that fails by the network may still have a word; one that fails by the service has none.
        comes_to(
            "page@2 cut",
            "page@12 cut, page@30 cut, offer@30 canceled",
            "open",
        );
        comes_to("page@2 broken", "page@12 broken, offer@12 canceled", "open");
        let breaks = "page@7 broken, page@12 broken, offer@12 canceled";
        comes_to("page@2 broken", breaks, BY_OFFER);
        comes_to("page@1 running, page@2 broken", breaks, BY_OFFER);

        let unmoved = Row {
            first_offer: Some("canceled"),
            ..row
        };
        let gone = format!("page@2 missing, {CLOSED}, offer@12 canceled");
        unmoved.comes_to(&[(&gone, "open")]);
    }
}

#[test]
fn offer_is_the_only_witness_without_an_id() {
    for row in [LOST, REFUSED, ACCEPTED, CANCELED] {
        row.unnamed("running").comes_to(&[
            ("offer@2 canceled", BY_OFFER),
            ("offer@2 succeeded", "finished_first offer_status succeeded"),
            (
                "offer@2 waiting, offer@4 failed",
                "finished_first offer_status failed",
            ),
            (
                "offer@2 succeeded, offer@4 cut",
                "finished_first offer_status succeeded",
            ),
            // Neither of the others can be a witness of it.
            ("page@2 canceled, list@2 canceled", "open"),
            ("page@2 completed, list@2 completed", "open"),
        ]);
        row.unnamed("running").answered_at(5).comes_to(&[
            ("offer@2 succeeded", "ask list"),
            ("offer@4-6 succeeded", "ask list"),
            (
                "offer@2 succeeded, offer@5 succeeded",
                "finished_first offer_status succeeded",
            ),
            ("offer@2 canceled", BY_OFFER),
        ]);
    }
}

#[test]
fn unchanged_end_does_not_count() {
    for row in [LOST, REFUSED, ACCEPTED, CANCELED] {
        for end in ["succeeded", "canceled"] {
            row.unnamed(end).comes_to(&[(&format!("offer@2 {end}"), "open")]);
        }
        let unseen = Row {
            first_offer: None,
            ..row.unnamed("")
        };
        unseen.comes_to(&[
            ("offer@2 succeeded", "open"),
            ("offer@2 canceled", "open"),
            ("offer@2 running, offer@4 canceled", BY_OFFER),
        ]);
    }
}

#[test]
fn without_an_id_refusal_and_answer_count_by_the_offer() {
    let silent = "offer@2 missing, offer@7 missing, offer@12 missing";
    let refused = REFUSED.unnamed("running");
    refused.comes_to(&[
        ("", "open"),
        ("offer@2 running", "refused offer_status running"),
        ("offer@2 cut", "open"),
        (silent, "open"),
    ]);
    refused.answered_at(5).comes_to(&[
        ("offer@4 running", "open"),
        ("offer@5 running", "refused offer_status running"),
    ]);
    for row in [ACCEPTED, CANCELED] {
        row.unnamed("running").comes_to(&[
            ("offer@2 running", "open"),
            (silent, "canceled answer -"),
            ("offer@2 missing, offer@12 missing", "open"),
            ("offer@2 missing, offer@7 missing, offer@11 missing", "open"),
        ]);
        let was_read = Row {
            was_read: true,
            ..row.unnamed("running")
        };
        was_read.comes_to(&[(silent, "open")]);
    }
    let lost = LOST.unnamed("running");
    lost.comes_to(&[(silent, "open"), ("offer@2 running", "open")]);
    lost.long_ago().comes_to(&[
        (silent, "unknown - -"),
        ("offer@2 running", "unknown offer_status running"),
    ]);
}
