//! One of each fact, and of each way a cancellation can stand.

use std::time::Duration;

use crate::{
    domain::{
        answer::Answer,
        cancellation::tests::owner,
        fact::{Fact, Observation, PreflightResult, Via},
        operation::CancelState,
        text::SafeText,
        verdict::{Cause, Ending, Evidence, Verdict},
    },
    engine::Tracked,
    service::cpp,
    tui::fixture::{VM, answered, at, cancellation, looked, observed, sending, vm_operation},
};

fn attempt(attempt: u32) -> Fact {
    Fact::Sending { attempt, by: owner() }
}

fn unsent() -> Fact {
    Fact::Unsent {
        error: "POST …/cancel: connection refused; check the network".into(),
    }
}

fn lost() -> Fact {
    Fact::AnswerLost {
        error: "POST …/cancel: connection reset".into(),
    }
}

/// The answer without a correlation id, changed.
fn answer(status: u16, change: impl FnOnce(&mut Answer)) -> Fact {
    let Fact::Answered(mut answer) = answered(status, None, None) else {
        unreachable!()
    };
    answer.correlation_id = None;
    change(&mut answer);
    Fact::Answered(answer)
}

fn accepted(location: &str) -> Fact {
    answered(202, Some(location), None)
}

fn ending(verdict: Verdict, change: impl FnOnce(&mut Ending)) -> Fact {
    let mut ending = Ending::new(verdict);
    change(&mut ending);
    Fact::Settled(ending)
}

/// What rests on something, with the state that was read.
fn resting(verdict: Verdict, evidence: Evidence, state: &str) -> Fact {
    ending(verdict, |ending| {
        ending.evidence = Some(evidence);
        ending.target_state = Some(cpp::status(state));
        ending.polls = 12;
    })
}

fn by_answer(is_open: bool) -> Fact {
    ending(Verdict::Canceled, |ending| {
        ending.evidence = Some(Evidence::Answer);
        ending.is_open = is_open;
    })
}

fn because(verdict: Verdict, why: &str) -> Fact {
    ending(verdict, |ending| ending.error = Some(SafeText::new(why)))
}

/// Every fact, and more than one of those that differ inside.
pub(super) fn facts() -> Vec<(String, Fact)> {
    let own = format!("/api/publishers/contoso/offers/contoso-vm/operations/{VM}");
    let seen = |state: Option<&str>, change: &dyn Fn(&mut PreflightResult)| {
        let mut seen = PreflightResult {
            state: state.map(cpp::status),
            ..PreflightResult::default()
        };
        change(&mut seen);
        Fact::Looked(seen)
    };
    let mut facts = vec![
        ("looked, as confirmed", looked("running")),
        (
            "looked, waiting",
            seen(Some("waitingForPublisherReview"), &|_| ()),
        ),
        ("looked, ended", looked("succeeded")),
        ("looked, no word", looked("")),
        (
            "looked, the offer alone",
            seen(Some("running"), &|seen| seen.by_offer = true),
        ),
        (
            "looked, gone",
            seen(None, &|seen| {
                seen.cancel_state = CancelState::Says("tooLate".into());
                seen.others_active = vec!["b2".into(), "b3".into()];
                seen.presumed_ended = vec!["a0".into()];
                seen.canceled_before = vec!["a1".into()];
            }),
        ),
        ("sending", attempt(1)),
        ("sending again", attempt(2)),
        ("unsent", unsent()),
        ("answer lost", lost()),
        ("200", answer(200, |_| ())),
        ("200, this operation", answered(200, Some(&own), None)),
        ("202, no location", answer(202, |_| ())),
        ("202, this operation", accepted(&own)),
        (
            "202, another operation",
            accepted("/api/publishers/contoso/offers/contoso-vm/operations/b2"),
        ),
        (
            "202, older form",
            accepted("/api/operations/contoso$contoso-vm$2$preview"),
        ),
        (
            "202, other server",
            accepted("https://elsewhere.example/api/operations/1"),
        ),
        (
            "202, other publisher",
            accepted("/api/publishers/fabrikam/offers/contoso-vm/operations/b2"),
        ),
        (
            "202, other offer",
            accepted("/api/publishers/contoso/offers/contoso-db/operations/b2"),
        ),
        ("202, unknown form", accepted("/somewhere")),
        ("204", answer(204, |_| ())),
        ("302", answer(302, |_| ())),
        ("401", answered(401, None, Some("the token is expired"))),
        ("404", answer(404, |_| ())),
        ("408", answer(408, |_| ())),
        ("409", answered(409, None, Some("a signing step is in progress."))),
        (
            "429",
            answer(429, |answer| answer.retry_after = Some(Duration::from_secs(30))),
        ),
        ("503", answered(503, None, Some("503 Service Unavailable"))),
        (
            "200, foreign",
            answer(200, |answer| *answer = cpp::answer(200, true)),
        ),
        (
            "503, foreign",
            answer(503, |answer| *answer = cpp::answer(503, true)),
        ),
    ];
    for via in [
        Via::Operation,
        Via::Submissions,
        Via::OfferStatus,
        Via::Location,
        Via::Absence,
    ] {
        for state in ["running", "canceled"] {
            let state = cpp::status(state);
            facts.push(("observed", Fact::Observed(Observation { state, via })));
        }
    }
    let named = facts.into_iter().map(|(name, fact)| (name.to_owned(), fact));
    let endings = endings()
        .into_iter()
        .map(|(name, fact)| (format!("settled: {name}"), fact));
    named.chain(endings).collect()
}

/// Every ending.
fn endings() -> Vec<(&'static str, Fact)> {
    vec![
        ("canceled", ending(Verdict::Canceled, |_| ())),
        (
            "canceled, observed",
            resting(Verdict::Canceled, Evidence::Observed, "canceled"),
        ),
        (
            "canceled, by offer status",
            resting(Verdict::Canceled, Evidence::OfferStatus, "canceled"),
        ),
        (
            "canceled, by its absence",
            ending(Verdict::Canceled, |ending| {
                ending.evidence = Some(Evidence::Absent);
            }),
        ),
        ("canceled, by its answer, open", by_answer(true)),
        ("canceled, by its answer", by_answer(false)),
        (
            "canceled with others",
            ending(Verdict::Canceled, |ending| {
                ending.evidence = Some(Evidence::Observed);
                ending.also_canceled = vec!["0d2c7a11-77aa-4e0e-b0f3-9f3cf0a1b002".into(), "b2".into()];
                ending.polls = 1;
            }),
        ),
        (
            "canceled before",
            because(Verdict::Canceled, "it had ended already when it was looked at"),
        ),
        (
            "finished first",
            resting(Verdict::FinishedFirst, Evidence::Observed, "succeeded"),
        ),
        (
            "finished first, failed, by offer status",
            resting(Verdict::FinishedFirst, Evidence::OfferStatus, "failed"),
        ),
        ("finished first, no state", ending(Verdict::FinishedFirst, |_| ())),
        ("refused", ending(Verdict::Refused, |_| ())),
        (
            "refused, with why",
            ending(Verdict::Refused, |ending| {
                ending.target_state = Some(cpp::status("running"));
                ending.error = Some("409 Conflict: a signing step is in progress.".into());
            }),
        ),
        ("unknown", because(Verdict::Unknown, "the answer was lost")),
        (
            "unknown, given up",
            ending(Verdict::Unknown, |ending| ending.abandoned = true),
        ),
        (
            "pending",
            ending(Verdict::Pending, |ending| {
                ending.target_state = Some(cpp::status("running"));
                ending.polls = 40;
            }),
        ),
        (
            "pending, stalled",
            ending(Verdict::Pending, |ending| ending.is_stalled = true),
        ),
        (
            "nothing running",
            because(
                Verdict::NothingRunning,
                "every operation known on the offer has ended",
            ),
        ),
        (
            "superseded",
            because(Verdict::Superseded, "the offer now runs another operation (b2)"),
        ),
        (
            "not sent",
            because(Verdict::NotSent, "the journal cannot be written; make room"),
        ),
        (
            "not sent, sign-in",
            ending(Verdict::NotSent, |ending| {
                ending.cause = Cause::SignIn;
                ending.error = Some("the token was not accepted twice; sign in again".into());
            }),
        ),
        (
            "not sent, as earlier versions said it",
            because(
                Verdict::NotSent,
                "nothing was carried out: why before anything was sent; nothing was sent",
            ),
        ),
    ]
}

/// A cancellation of these facts. One that its stage does not admit leaves it as it was, so that every list of facts is
/// checked against the ending that it is for.
fn tracked(facts: Vec<Fact>) -> Option<Tracked> {
    let mut cancellation = cancellation("c-vm", "contoso-vm", &vm_operation(), "12:03:19", Vec::new());
    for (fact, second) in facts.into_iter().zip(20..) {
        if !cancellation.apply_unrecorded(fact, at(&format!("12:03:{second}"))) {
            return None;
        }
    }
    Some(Tracked::new(cancellation))
}

/// What can come before an ending: nothing, requests that did nothing, and requests that may have done something.
fn beginnings() -> Vec<(&'static str, Vec<Fact>)> {
    vec![
        ("asked", vec![]),
        ("sending", vec![sending()]),
        ("unsent", vec![sending(), unsent()]),
        ("throttled", vec![sending(), answer(429, |_| ())]),
        ("not signed in", vec![sending(), answer(401, |_| ())]),
        ("200", vec![sending(), answer(200, |_| ())]),
        ("202", vec![sending(), answer(202, |_| ())]),
        ("409", vec![sending(), answer(409, |_| ())]),
        ("503", vec![sending(), answer(503, |_| ())]),
        ("lost", vec![sending(), lost()]),
        (
            "202, still running",
            vec![sending(), answer(202, |_| ()), observed("running")],
        ),
    ]
}

/// Every way a cancellation can stand.
pub(super) fn standings() -> Vec<(String, Tracked)> {
    let mut standings = Vec::new();
    for (name, facts) in beginnings() {
        let Some(followed) = tracked(facts) else {
            continue;
        };
        let left = Tracked {
            is_followed: false,
            ..followed.clone()
        };
        standings.push((name.to_owned(), followed));
        standings.push((format!("{name}, left"), left));
    }
    let accepted = || tracked(vec![sending(), answer(202, |_| ())]).into_iter();
    standings.extend(accepted().map(|one| ("202, joined".to_owned(), Tracked { joined: true, ..one })));
    standings.extend(accepted().map(|one| ("202, resumed".to_owned(), Tracked { resumed: true, ..one })));
    standings.extend(accepted().map(|one| {
        let hindered = Tracked {
            note: Some("GET operations: timed out; wait".into()),
            next_look_at: Some(at("12:04:40")),
            polls: 3,
            ..one
        };
        ("202, hindered".to_owned(), hindered)
    }));
    let stuck = tracked(vec![sending(), answer(202, |_| ())]).map(|one| {
        let mut stuck = one;
        stuck.cancellation.claimed_at = at("09:00:00");
        stuck
    });
    standings.extend(stuck.map(|one| ("202, stuck".to_owned(), one)));
    for (name, ending) in endings() {
        let after = |before: &[&'static str]| {
            let mut beginnings = beginnings().into_iter().filter(|one| before.contains(&one.0));
            beginnings.find_map(|(before, facts)| {
                let facts = facts.into_iter().chain([ending.clone()]).collect();
                Some((before, tracked(facts)?))
            })
        };
        // Once without a request, once after one that did nothing, and once after one that may have done something.
        let befores: [&[&str]; 3] = [&["asked"], &["unsent"], &["202", "409", "lost"]];
        for (before, ended) in befores.into_iter().filter_map(after) {
            if ended.cancellation.is_open() {
                standings.push((format!("{before}, {name}, watched"), ended.clone()));
            }
            let left = Tracked {
                is_followed: false,
                ..ended
            };
            standings.push((format!("{before}, {name}"), left));
        }
    }
    standings
}
