//! Meaning of a list reading for a target, and of the offer's status in its place.

use super::*;
use crate::domain::{
    ids::Origin,
    operation::{CancelState, Destination},
    target::{Binding, Fingerprint},
};
use crate::service::cpp::status;

fn target(id: Option<&str>) -> Target {
    Target {
        origin: Origin::marketplace(),
        publisher: "contoso".into(),
        offer: "vm".into(),
        binding: match id {
            Some(id) => Binding::Operation(id.into()),
            None => Binding::Fingerprint(Fingerprint {
                destination: Destination::Preview,
                offer_version: None,
                version: None,
                changed_at: None,
            }),
        },
    }
}

/// Builds a list of entries, each by its id (`-` for none) and its state.
fn listed(source: Source, entries: &[(&str, &str)], left_out: usize) -> Operations {
    let entry = |(id, state): &(&str, &str)| Operation {
        id: (*id != "-").then(|| (*id).into()),
        kind: "publish".into(),
        destination: Destination::Preview,
        state: status(state),
        offer_version: None,
        version: None,
        changed_at: None,
    };
    Operations {
        source,
        list: entries.iter().map(entry).collect(),
        detail: None,
        left_out,
        baseline: None,
    }
}

fn failed(class: Class) -> Failure {
    Failure {
        class,
        ..no_information(&target(None))
    }
}

fn detail(state: &str) -> OperationDetail {
    OperationDetail {
        state: status(state),
        cancel_state: CancelState::Unknown,
        steps: Vec::new(),
        messages: Vec::new(),
    }
}

/// Describes the word, or the class of the failure.
fn describe(word: Result<Word, Failure>) -> String {
    match word {
        Ok(Word::State(state)) => state.word().to_string(),
        Ok(word) => format!("{word:?}"),
        Err(failure) => format!("failed {:?}", failure.class),
    }
}

#[test]
fn list_reports_the_state_of_its_single_entry() {
    use Source::{OfferStatus, Submissions};
    for (id, source, entries, left_out, word) in [
        (Some("a"), Submissions, &[("a", "running")][..], 0, "running"),
        (
            Some("A"),
            Submissions,
            &[("b", "failed"), ("a", "running")],
            0,
            "running",
        ),
        (Some("a"), Submissions, &[("a", "running")], 7, "running"),
        (Some("a"), Submissions, &[("b", "running")], 0, "Missing"),
        (Some("a"), Submissions, &[], 0, "Missing"),
        // A truncated list does not prove that an operation is absent.
        (Some("a"), Submissions, &[("b", "running")], 7, "failed Bug"),
        (
            Some("a"),
            Submissions,
            &[("a", "running"), ("a", "failed")],
            0,
            "Missing",
        ),
        // An entry without information about an operation.
        (Some("a"), Submissions, &[("a", "")], 0, "Closed"),
        (Some("a"), Submissions, &[("a", "neverPublished")], 0, "Closed"),
        (Some("a"), Submissions, &[("-", "running")], 0, "Missing"),
        (Some("a"), OfferStatus, &[("-", "running")], 0, "Closed"),
        (None, Submissions, &[("-", "running")], 0, "running"),
        (
            None,
            Submissions,
            &[("a", "failed"), ("-", "running")],
            0,
            "running",
        ),
        // Several possible entries without an id are ambiguous.
        (
            None,
            Submissions,
            &[("-", "failed"), ("-", "running")],
            0,
            "Missing",
        ),
        (None, OfferStatus, &[("-", "running")], 0, "Closed"),
    ] {
        let read = ListRead {
            listed: Ok(listed(source, entries, left_out)),
            offer: None,
        };
        assert_eq!(describe(read.word(&target(id))), word, "{id:?} in {entries:?}");
    }
}

#[test]
fn denied_list_is_closed_and_other_failures_are_failures() {
    for (class, word) in [
        (Class::NotFound, "Closed"),
        (Class::Forbidden, "Closed"),
        (Class::Transient, "failed Transient"),
        (Class::SignIn, "failed SignIn"),
        (Class::Throttled, "failed Throttled"),
        (Class::Foreign, "failed Foreign"),
        (Class::Bug, "failed Bug"),
    ] {
        let read = ListRead {
            listed: Err(failed(class)),
            offer: None,
        };
        for target in [target(Some("a")), target(None)] {
            assert_eq!(describe(read.word(&target)), word);
            assert!(read.offer_word(&target).is_none());
        }
    }
}

#[test]
fn offer_is_read_if_the_list_is_denied_or_ambiguous() {
    use Source::{OfferStatus, Submissions};
    for (id, source, entries, is_needed) in [
        (Some("a"), Submissions, &[("a", "running")][..], false),
        (Some("a"), Submissions, &[], false),
        (Some("a"), OfferStatus, &[("-", "running")], false),
        (None, Submissions, &[("-", "running")], false),
        (None, Submissions, &[("a", "running")], true),
        (None, Submissions, &[], true),
        (None, OfferStatus, &[("-", "running")], false),
        (None, OfferStatus, &[], false),
    ] {
        let listed = Ok(listed(source, entries, 0));
        let needed = needs_the_offer(&listed, &target(id));
        assert_eq!(needed, is_needed, "{id:?} in {entries:?} of {source:?}");
    }
    for (class, is_needed) in [
        (Class::NotFound, true),
        (Class::Forbidden, true),
        (Class::Transient, false),
        (Class::SignIn, false),
        (Class::Throttled, false),
        (Class::Foreign, false),
        (Class::Bug, false),
    ] {
        for target in [target(Some("a")), target(None)] {
            let listed = Err(failed(class));
            assert_eq!(needs_the_offer(&listed, &target), is_needed, "{class:?}");
        }
    }
}

#[test]
fn offer_status_is_its_own_word() {
    for (offer, word) in [
        (Ok(detail("running")), "running"),
        (Ok(detail("")), "Closed"),
        (Ok(detail("neverPublished")), "Closed"),
        (Err(failed(Class::NotFound)), "Missing"),
        (Err(failed(Class::Forbidden)), "Closed"),
        (Err(failed(Class::Transient)), "failed Transient"),
        (Err(failed(Class::Foreign)), "failed Foreign"),
    ] {
        let read = ListRead {
            listed: Err(failed(Class::NotFound)),
            offer: Some(offer),
        };
        for target in [target(Some("a")), target(None)] {
            assert_eq!(describe(read.offer_word(&target).unwrap()), word);
        }
    }
}

#[test]
fn offer_status_in_place_of_the_list_is_the_list_word() {
    use Source::{OfferStatus, Submissions};
    for (id, source, entries, word) in [
        (Some("a"), OfferStatus, &[("-", "running")][..], Some("running")),
        (Some("a"), OfferStatus, &[("-", "neverPublished")], Some("Closed")),
        (Some("a"), OfferStatus, &[("-", "")], Some("Closed")),
        (Some("a"), OfferStatus, &[], Some("Closed")),
        (None, OfferStatus, &[("-", "running")], Some("running")),
        // An entry without an id is the only reference to a target without one.
        (
            None,
            Submissions,
            &[("-", "running"), ("b", "failed")],
            Some("running"),
        ),
        (None, Submissions, &[("-", "")], None),
        (None, Submissions, &[("-", "neverPublished")], None),
        (None, Submissions, &[("b", "running")], None),
        (Some("a"), Submissions, &[("a", "running")], None),
        (Some("a"), Submissions, &[("-", "running")], None),
    ] {
        let read = ListRead {
            listed: Ok(listed(source, entries, 0)),
            offer: None,
        };
        let read = read.offer_word(&target(id)).map(describe);
        assert_eq!(read.as_deref(), word, "{id:?} in {entries:?}");
    }
}

#[test]
fn steps_come_from_the_offer_or_else_the_list() {
    let with_detail = |state| Operations {
        detail: Some(detail(state)),
        ..listed(Source::OfferStatus, &[], 0)
    };
    for (listed, offer, state) in [
        (Ok(with_detail("running")), None, Some("running")),
        (
            Ok(with_detail("running")),
            Some(Ok(detail("failed"))),
            Some("failed"),
        ),
        (
            Ok(with_detail("running")),
            Some(Err(failed(Class::Transient))),
            Some("running"),
        ),
        (
            Err(failed(Class::NotFound)),
            Some(Ok(detail("failed"))),
            Some("failed"),
        ),
        (Err(failed(Class::NotFound)), None, None),
        (Ok(listed(Source::Submissions, &[], 0)), None, None),
    ] {
        let detail = ListRead { listed, offer }.detail();
        assert_eq!(detail.map(|detail| detail.state.clone()), state.map(status));
    }
}

#[test]
fn missing_information_names_the_offer_and_a_remedy() {
    let target = target(Some("a"));
    for (failure, what) in [
        (no_information(&target), "says nothing of its state"),
        (too_long(&target), "longer than is read"),
    ] {
        let text = failure.to_string();
        assert!(text.contains("vm") && text.contains(what), "{text}");
        assert!(text.contains("look at the offer in the portal"), "{text}");
        assert_eq!(failure.class, Class::Bug);
    }
}
