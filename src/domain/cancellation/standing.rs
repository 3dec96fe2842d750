//! What stands of a cancellation, and what that lets others do.

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
fn a_person_may_ask_again_after_what_is_unknown_refused_or_stalled() {
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
fn what_earlier_versions_recorded_stays_as_it_was() {
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

    // What is not so is not written, so that an earlier version reads what it knows.
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
fn each_place_has_its_first_and_its_last_word_since_the_newest_request() {
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
fn the_target_is_as_read_since_the_request_or_as_looked_at_where_none_went_out() {
    for (facts, state) in [
        (vec![], None),
        (vec![looked("running")], Some("running")),
        (vec![Fact::Looked(PreflightResult::default())], None),
        (vec![looked("running"), sending(1)], None),
        // What was read too early to count is kept, and still does not.
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
fn whether_a_request_went_out_and_whether_it_may_have_done_something_are_two_things() {
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
fn what_no_journal_has_taken_gets_its_number_late_and_counts_at_once() {
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
fn what_begins_with_no_claim_is_no_cancellation() {
    let first = Recorded {
        number: 1,
        at: Timestamp::UNIX_EPOCH,
        fact: sending(1),
    };
    assert_eq!(Cancellation::fold("a1".into(), [first]), None);
    assert_eq!(Cancellation::fold("a1".into(), []), None);
}
