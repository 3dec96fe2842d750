//! Decision on each look, and the reason if nothing is allowed.

use super::*;
use crate::domain::{
    ids::{OfferId, Origin, PublisherId},
    operation::Destination,
};
use crate::service::cpp::status;

fn operation(id: &str, state: &str) -> Operation {
    Operation {
        id: Some(id.into()),
        kind: "publish".into(),
        destination: Destination::Preview,
        state: status(state),
        offer_version: None,
        version: None,
        changed_at: None,
    }
}

fn listed(list: Vec<Operation>) -> Operations {
    Operations {
        source: Source::Submissions,
        list,
        detail: None,
        left_out: 0,
        baseline: None,
    }
}

fn operations(list: &[(&str, &str)]) -> Operations {
    listed(list.iter().map(|(id, state)| operation(id, state)).collect())
}

/// Returns the decision on `known`, for the offer of all these tests.
fn allowed<'a>(known: &'a Operations, wanted: Wanted<'_>) -> Result<&'a Operation, Ending> {
    let (origin, publisher, offer) = (
        Origin::marketplace(),
        PublisherId::new("contoso"),
        OfferId::new("vm"),
    );
    let scope = Scope {
        origin: &origin,
        publisher: &publisher,
        offer: &offer,
    };
    allow(known, scope, wanted)
}

fn reason(known: &Operations, wanted: Wanted<'_>) -> String {
    allowed(known, wanted).unwrap_err().error.unwrap().to_string()
}

#[test]
fn only_the_single_wanted_operation_may_be_canceled() {
    use Verdict::{Canceled, FinishedFirst, NothingRunning, Superseded};
    for (list, wanted, expected) in [
        (&[][..], None, Err(NothingRunning)),
        (
            &[("a", "succeeded"), ("b", "canceled")],
            None,
            Err(NothingRunning),
        ),
        (&[("a", "running"), ("b", "failed")], None, Ok("a")),
        (&[("a", "never heard of")], None, Ok("a")),
        (&[("a", "notStarted")], None, Ok("a")),
        (
            &[("a", "running"), ("b", "waitingForApproval")],
            None,
            Err(Superseded),
        ),
        (&[], Some("a"), Err(NothingRunning)),
        (
            &[("b", "succeeded"), ("c", "canceled")],
            Some("a"),
            Err(NothingRunning),
        ),
        (&[("a", "running")], Some("A"), Ok("a")),
        (&[("a", "notStarted"), ("b", "succeeded")], Some("a"), Ok("a")),
        (&[("a", "never heard of")], Some("a"), Ok("a")),
        (&[("b", "running")], Some("a"), Err(Superseded)),
        (&[("a", "running"), ("b", "running")], Some("a"), Err(Superseded)),
        (
            &[("a", "running"), ("b", "waitingForApproval")],
            Some("a"),
            Err(Superseded),
        ),
        (&[("a", "canceled")], Some("a"), Err(Canceled)),
        (&[("a", "canceled"), ("b", "running")], Some("a"), Err(Canceled)),
        (
            &[("a", "succeeded"), ("b", "running")],
            Some("a"),
            Err(FinishedFirst),
        ),
        (&[("a", "failed")], Some("a"), Err(FinishedFirst)),
    ] {
        let known = operations(list);
        let outcome = |wanted: Wanted<'_>| {
            allowed(&known, wanted)
                .map(|one| one.id.as_ref().unwrap().raw().to_owned())
                .map_err(|ending| ending.verdict)
        };
        let expected = expected.map(str::to_owned);
        let Some(wanted) = wanted else {
            assert_eq!(outcome(Wanted::Any), expected, "{list:?}");
            continue;
        };
        let (confirmed, named) = (
            Binding::Operation(wanted.into()),
            OperationName::Id(wanted.into()),
        );
        assert_eq!(
            outcome(Wanted::Confirmed(&confirmed)),
            expected,
            "{list:?} {wanted}"
        );
        assert_eq!(outcome(Wanted::Named(&named)), expected, "{list:?} {wanted}");
    }
}

#[test]
fn unknown_state_of_an_older_entry_is_no_obstacle() {
    let entry = |id: &str, state: &str, version: Option<i64>, day: Option<&str>| Operation {
        version,
        changed_at: day.map(|day| format!("{day}T00:00:00Z").parse().unwrap()),
        ..operation(id, state)
    };
    let (then, now) = (Some("2019-03-01"), Some("2026-03-01"));
    for (what, old, new, is_presumed) in [
        (
            "by time",
            entry("a", "aborted", None, then),
            entry("b", "running", None, now),
            true,
        ),
        (
            "by version",
            entry("a", "aborted", Some(1), None),
            entry("b", "running", Some(2), None),
            true,
        ),
        (
            "the version counts before the time",
            entry("a", "aborted", Some(3), then),
            entry("b", "running", Some(2), now),
            false,
        ),
        (
            "by time where one has no version",
            entry("a", "aborted", Some(3), then),
            entry("b", "running", None, now),
            true,
        ),
        (
            "newer",
            entry("a", "aborted", None, now),
            entry("b", "running", None, then),
            false,
        ),
        (
            "as old",
            entry("a", "aborted", Some(1), now),
            entry("b", "running", Some(1), now),
            false,
        ),
        (
            "as old by time alone",
            entry("a", "aborted", None, now),
            entry("b", "running", None, now),
            false,
        ),
        (
            "of no age",
            entry("a", "aborted", None, None),
            entry("b", "running", None, now),
            false,
        ),
        (
            "nothing runs",
            entry("a", "aborted", None, then),
            entry("b", "quantum", None, now),
            false,
        ),
        (
            "not begun",
            entry("a", "aborted", None, then),
            entry("b", "notStarted", None, now),
            false,
        ),
        (
            "a known word",
            entry("a", "running", None, then),
            entry("b", "running", None, now),
            false,
        ),
        (
            "waiting",
            entry("a", "waitingForApproval", None, then),
            entry("b", "running", None, now),
            false,
        ),
    ] {
        for known in [
            listed(vec![old.clone(), new.clone()]),
            listed(vec![new.clone(), old.clone()]),
        ] {
            let chosen = allowed(&known, Wanted::Any).map_err(|ending| ending.verdict);
            let expected = if is_presumed {
                Ok(&new)
            } else {
                Err(Verdict::Superseded)
            };
            assert_eq!(chosen, expected, "{what}");
            assert_eq!(presumed_ended(&known).len(), usize::from(is_presumed), "{what}");
            assert_eq!(known.active().count(), 2, "nobody claims that it ended");
        }
    }
}

#[test]
fn presumed_ended_operation_is_not_a_target() {
    let at = |day: &str| Some(format!("{day}T00:00:00Z").parse().unwrap());
    let known = listed(vec![
        Operation {
            changed_at: at("2019-03-01"),
            ..operation("old", "aborted")
        },
        Operation {
            changed_at: at("2026-03-01"),
            ..operation("new", "running")
        },
    ]);
    let named = OperationName::Id("old".into());
    assert_eq!(
        reason(&known, Wanted::Named(&named)),
        "what is active is `new` (publish → preview), not `old`; that one reads `aborted`, and is presumed ended"
    );
    let bound = Binding::Operation("old".into());
    let ending = allowed(&known, Wanted::Confirmed(&bound)).unwrap_err();
    assert_eq!(ending.verdict, Verdict::Superseded);
}

#[test]
fn truncated_list_proves_presence_and_not_absence() {
    use Verdict::{Canceled, NotSent, Superseded};
    for (list, named, verdict) in [
        (&[("a", "running")][..], None, NotSent),
        (&[("a", "running")], Some("a"), NotSent),
        (&[("b", "running")], Some("a"), NotSent),
        (&[("b", "succeeded")], None, NotSent),
        (&[("a", "succeeded")], Some("a"), NotSent),
        (&[("a", "canceled")], Some("a"), Canceled),
        (&[("a", "running"), ("b", "running")], None, Superseded),
    ] {
        let known = Operations {
            left_out: 7,
            ..operations(list)
        };
        let name = named.map(|named| OperationName::Id(named.into()));
        let wanted = name.as_ref().map_or(Wanted::Any, Wanted::Named);
        let decided = allowed(&known, wanted).map_err(|ending| ending.verdict);
        assert_eq!(decided, Err(verdict), "{list:?} {named:?}");
    }
}

#[test]
fn several_are_listed_and_others_are_distinguished_from_the_named_one() {
    assert_eq!(
        reason(&operations(&[("a1", "running"), ("b2", "running")]), Wanted::Any),
        "2 operations are active, and the service cannot be told which to cancel: \
         `a1` (publish → preview), `b2` (publish → preview)"
    );
    let many: Vec<_> = (0..7).map(|at| operation(&format!("a{at}"), "running")).collect();
    assert!(reason(&listed(many), Wanted::Any).ends_with("`a4` (publish → preview) and 2 more"));
    let wrong = OperationName::Id("wrong".into());
    assert_eq!(
        reason(&operations(&[("b2", "running")]), Wanted::Named(&wrong)),
        "what is active is `b2` (publish → preview), not `wrong`"
    );
}

#[test]
fn without_ids_a_fingerprint_names_the_running_one() {
    let nameless = Operation {
        id: None,
        ..operation("", "running")
    };
    let known = Operations {
        source: Source::OfferStatus,
        ..listed(vec![nameless.clone()])
    };
    assert_eq!(allowed(&known, Wanted::Any), Ok(&nameless));
    let id = OperationName::Id("a".into());
    let text = reason(&known, Wanted::Named(&id));
    let name = text.split('`').nth(1).unwrap();
    assert_eq!(
        text,
        format!("the service gives no ids here: what is active is `{name}` (publish → preview), not `a`")
    );
    assert_eq!(
        allowed(&known, Wanted::Named(&name.parse().unwrap())),
        Ok(&nameless)
    );
    let other = "fp:000000000000".parse().unwrap();
    let ending = allowed(&known, Wanted::Named(&other)).unwrap_err();
    assert_eq!(ending.verdict, Verdict::Superseded);
}

#[test]
fn presumed_ended_operations_are_named_and_marked() {
    let (origin, publisher, offer) = (
        Origin::marketplace(),
        PublisherId::new("contoso"),
        OfferId::new("vm"),
    );
    let scope = Scope {
        origin: &origin,
        publisher: &publisher,
        offer: &offer,
    };
    let versioned = |version: i64, state: &str| Operation {
        version: Some(version),
        ..operation(&format!("op-{version}"), state)
    };
    let with_old = |old: i64| {
        let aborted = (1..=old).map(|version| versioned(version, "aborted"));
        listed(aborted.chain([versioned(9, "running")]).collect())
    };
    assert_eq!(presumption(&with_old(0), scope), None);
    let text = |old| presumption(&with_old(old), scope).unwrap().to_string();
    assert_eq!(
        text(1),
        "presumed ended, being older than what runs: op-1 (aborted)"
    );
    assert!(text(5).ends_with("op-5 (aborted)"), "{}", text(5));
    assert!(text(7).ends_with("op-5 (aborted) and 2 more"), "{}", text(7));

    let known = with_old(2);
    let marked: Vec<bool> = with_presumption(&known)
        .map(|(_, is_presumed)| is_presumed)
        .collect();
    assert_eq!(marked, [true, true, false]);
}

#[test]
fn already_ended_operation_is_reported_with_state_and_place() {
    for (source, evidence) in [
        (Source::Submissions, Evidence::Observed),
        (Source::OfferStatus, Evidence::OfferStatus),
    ] {
        let known = Operations {
            source,
            ..operations(&[("a", "failed")])
        };
        let bound = Binding::Operation("a".into());
        let ending = allowed(&known, Wanted::Confirmed(&bound)).unwrap_err();
        assert_eq!(ending.evidence, Some(evidence));
        assert_eq!(ending.target_state, Some(status("failed")));
    }
}
