//! Current state of a cancellation, and the actions that it allows.

use super::{
    tests::{answer, fold, observed, sending, settled},
    *,
};
use crate::domain::verdict::Evidence;
use crate::service::cpp::{self, status};

fn seen(via: Via, state: &str) -> Fact {
    Fact::Observed(Observation {
        state: status(state),
        via,
    })
}

fn by_answer() -> Fact {
    Fact::Settled(Ending {
        evidence: Some(Evidence::Answer),
        is_open: true,
        ..Ending::new(Verdict::Canceled)
    })
}

fn stalled() -> Fact {
    Fact::Settled(Ending {
        is_stalled: true,
        ..Ending::new(Verdict::Pending)
    })
}

fn lost() -> Fact {
    Fact::AnswerLost {
        error: "reset".into(),
    }
}

fn looked(state: &str) -> Fact {
    Fact::Looked(PreflightResult {
        state: Some(status(state)),
        ..PreflightResult::default()
    })
}

#[test]
fn unknown_refused_and_stalled_may_be_sent_again() {
    for (facts, may_be_asked_again, holds_no_claim, is_open) in [
        (vec![], false, false, true),
        (vec![sending(1)], false, false, true),
        (vec![sending(1), lost()], false, false, true),
        (
            vec![sending(1), lost(), settled(Verdict::Unknown)],
            true,
            false,
            true,
        ),
        (
            vec![sending(1), answer(409), settled(Verdict::Refused)],
            true,
            false,
            false,
        ),
        (
            vec![sending(1), answer(202), settled(Verdict::Pending)],
            false,
            false,
            true,
        ),
        (vec![sending(1), answer(202), stalled()], true, false, true),
        (
            vec![sending(1), answer(202), stalled(), settled(Verdict::Pending)],
            false,
            false,
            true,
        ),
        (vec![sending(1), answer(200), by_answer()], false, true, true),
        (
            vec![sending(1), answer(200), by_answer(), settled(Verdict::Pending)],
            false,
            false,
            true,
        ),
        (
            vec![sending(1), answer(200), by_answer(), settled(Verdict::Canceled)],
            false,
            false,
            false,
        ),
        (
            vec![sending(1), answer(200), settled(Verdict::Canceled)],
            false,
            false,
            false,
        ),
        (
            vec![sending(1), answer(202), settled(Verdict::FinishedFirst)],
            false,
            false,
            false,
        ),
        (vec![settled(Verdict::NotSent)], false, false, false),
        (vec![settled(Verdict::NothingRunning)], false, false, false),
        (vec![settled(Verdict::Superseded)], false, false, false),
    ] {
        let folded = fold(facts.clone());
        assert_eq!(folded.admits(&settled(Verdict::Canceled)), is_open);
        assert_eq!(
            (
                folded.may_be_asked_again(),
                folded.holds_no_claim(),
                folded.is_open()
            ),
            (may_be_asked_again, holds_no_claim, is_open),
            "{facts:?}"
        );
    }
}

#[test]
fn records_of_earlier_versions_read_back_unchanged() {
    let old = |json: &str| cpp::MEANING.read(json).unwrap();
    let answered = r#"{"fact":"answered","status":200,"location":null,"correlation_id":null,"retry_after":null,"error":null}"#;
    let folded = fold(vec![
        sending(1),
        old(answered),
        old(r#"{"fact":"settled","verdict":"canceled","evidence":"answer","polls":3}"#),
    ]);
    assert_eq!(folded.stage, Stage::Settled, "it was final, and is");
    assert!(!folded.holds_no_claim() && !folded.is_open());

    let folded = fold(vec![
        sending(1),
        old(answered),
        old(r#"{"fact":"settled","verdict":"pending"}"#),
    ]);
    assert!(folded.is_open() && !folded.may_be_asked_again() && !folded.holds_no_claim());

    // Only true flags are written, so that an earlier version can read the rest.
    for fact in [answer(202), settled(Verdict::Canceled)] {
        let written = serde_json::to_string(&fact).unwrap();
        for field in ["is_foreign", "is_open", "is_stalled", "abandoned"] {
            assert!(!written.contains(field), "{written}");
        }
    }
    for fact in [by_answer(), stalled()] {
        let written = serde_json::to_string(&fact).unwrap();
        assert_eq!(old(&written), fact, "{written}");
    }
}

#[test]
fn first_and_last_state_per_place_count_since_the_newest_request() {
    let folded = fold(vec![
        sending(1),
        seen(Via::Operation, "queued"),
        answer(429),
        sending(2),
        answer(202),
        seen(Via::Operation, "running"),
        seen(Via::OfferStatus, "publishing"),
        seen(Via::Location, "inProgress"),
        seen(Via::Operation, "completed"),
        seen(Via::OfferStatus, "live"),
    ]);
    let read = |via| {
        let word = |state: Option<&Status>| state.map(|state| state.word().to_string());
        (word(folded.first_read(via)), word(folded.last_read(via)))
    };
    let words = |first: &str, last: &str| (Some(first.to_owned()), Some(last.to_owned()));
    assert_eq!(read(Via::Operation), words("running", "completed"));
    assert_eq!(read(Via::OfferStatus), words("publishing", "live"));
    assert_eq!(read(Via::Location), words("inProgress", "inProgress"));
    assert_eq!(read(Via::Submissions), (None, None));
    assert_eq!(folded.location_state, Some(status("inProgress")));
}

#[test]
fn target_state_is_read_since_the_request_or_by_the_preflight() {
    for (facts, state) in [
        (vec![], None),
        (vec![looked("running")], Some("running")),
        (vec![Fact::Looked(PreflightResult::default())], None),
        (vec![looked("running"), sending(1)], None),
        // A reading from before the answer is kept without effect.
        (vec![observed("running"), sending(1)], None),
        (vec![looked("running"), sending(1), answer(429)], None),
        (
            vec![
                looked("queued"),
                sending(1),
                observed("running"),
                observed("failed"),
            ],
            Some("failed"),
        ),
        (
            vec![looked("running"), sending(1), seen(Via::Location, "failed")],
            None,
        ),
        (
            vec![
                sending(1),
                observed("running"),
                answer(429),
                looked("queued"),
                sending(2),
            ],
            None,
        ),
    ] {
        assert_eq!(
            fold(facts.clone()).target_state().cloned(),
            state.map(status),
            "{facts:?}"
        );
    }
}

#[test]
fn went_out_and_may_have_been_carried_out_are_distinct() {
    for (facts, went_out, may_have_been, was_sent) in [
        (vec![], false, false, false),
        (vec![looked("running")], false, false, false),
        (vec![sending(1)], true, true, true),
        (vec![sending(1), answer(429)], true, false, false),
        (
            vec![sending(1), answer(401), settled(Verdict::NotSent)],
            true,
            false,
            false,
        ),
        (
            vec![sending(1), answer(429), settled(Verdict::Superseded)],
            true,
            false,
            false,
        ),
        (
            vec![sending(1), answer(429), settled(Verdict::NothingRunning)],
            true,
            false,
            false,
        ),
        (vec![sending(1), lost()], true, true, true),
        (vec![sending(1), answer(202)], true, true, true),
        (
            vec![sending(1), answer(202), settled(Verdict::Canceled)],
            true,
            false,
            true,
        ),
        (vec![settled(Verdict::NotSent)], false, false, false),
    ] {
        let folded = fold(facts.clone());
        assert_eq!(
            (
                folded.went_out(),
                folded.may_have_been_carried_out(),
                folded.was_sent()
            ),
            (went_out, may_have_been, was_sent),
            "{facts:?}"
        );
    }
}

#[test]
fn unrecorded_fact_counts_at_once_and_is_numbered_later() {
    let mut folded = fold(vec![sending(1)]);
    let newest = folded.newest();
    assert!(folded.apply_unrecorded(answer(202), Timestamp::UNIX_EPOCH));
    assert!(folded.apply_unrecorded(observed("running"), Timestamp::UNIX_EPOCH));
    assert!(!folded.apply_unrecorded(answer(409), Timestamp::UNIX_EPOCH));
    assert_eq!(
        (folded.newest(), folded.target_state()),
        (newest, Some(&status("running")))
    );
    folded.recorded_late(newest + 1);
    folded.recorded_late(newest + 2);
    let numbers: Vec<u64> = folded.facts.iter().map(|fact| fact.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, UNRECORDED]);
    assert_eq!(folded.newest(), newest + 2);

    // One that is known already changes nothing.
    let known = folded.clone();
    let again = Recorded {
        fact: observed("canceled"),
        ..known.facts[2].clone()
    };
    assert!(folded.apply(again));
    assert_eq!(folded, known);
}

#[test]
fn facts_without_a_claim_are_no_cancellation() {
    let first = Recorded {
        number: 1,
        at: Timestamp::UNIX_EPOCH,
        fact: sending(1),
    };
    assert_eq!(Cancellation::fold("a1".into(), [first]), None);
    assert_eq!(Cancellation::fold("a1".into(), []), None);
}
