//! Every rule of the weighing, a row each. Readings are written as `place@second word`, in the order of arrival;
//! `list@3-8 running` was requested at 3 and arrived at 8, and `now@70` lets time pass.

use super::*;
use crate::engine::{
    failure::{Class, Failure},
    witnesses::Witnesses,
};
use crate::service::cpp::status;

mod ended;
mod offer;
mod silence;

const ANSWERS: [Option<Outcome>; 4] = [
    None,
    Some(Outcome::Refused),
    Some(Outcome::Accepted),
    Some(Outcome::Done),
];

/// Facts beside the readings; seconds count from the request.
#[derive(Clone, Copy)]
struct Row {
    answer: Option<Outcome>,
    answered_at: Option<u64>,
    is_long_ago: bool,
    cancel_failed_at: Option<u64>,
    is_bound_by_id: bool,
    was_read: bool,
    first_offer: Option<&'static str>,
}

/// Answered at once, bound by its id, and nothing else.
const fn after(answer: Option<Outcome>) -> Row {
    Row {
        answer,
        answered_at: Some(0),
        is_long_ago: false,
        cancel_failed_at: None,
        is_bound_by_id: true,
        was_read: false,
        first_offer: None,
    }
}

const LOST: Row = after(None);
const REFUSED: Row = after(Some(Outcome::Refused));
const ACCEPTED: Row = after(Some(Outcome::Accepted));
const CANCELED: Row = after(Some(Outcome::Done));

impl Row {
    const fn answered_at(self, second: u64) -> Self {
        Self {
            answered_at: Some(second),
            ..self
        }
    }

    const fn long_ago(self) -> Self {
        Self {
            is_long_ago: true,
            ..self
        }
    }

    /// Without an id; the preflight look read `first` of the offer.
    const fn unnamed(self, first: &'static str) -> Self {
        Self {
            is_bound_by_id: false,
            first_offer: Some(first),
            ..self
        }
    }

    /// Returns the result of the readings.
    fn weighed(self, readings: &str) -> Weighed {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let (heard, now) = heard(self.first_offer, start, readings);
        let known = Known {
            now,
            answer: self.answer,
            answered_at: self.answered_at.map(at),
            is_long_ago: self.is_long_ago,
            cancel_failed_at: self.cancel_failed_at.map(at),
            is_bound_by_id: self.is_bound_by_id,
            was_read: self.was_read,
        };
        weigh(&heard, &known)
    }

    /// Asserts the result of each row of readings, in the form of [`describe`].
    fn comes_to(self, rows: &[(&str, &str)]) {
        for (readings, outcome) in rows {
            assert_eq!(describe(&self.weighed(readings)), *outcome, "{readings}");
        }
    }
}

/// Returns the witnesses after `readings`, and the time of the last one.
fn heard(first_offer: Option<&str>, start: Instant, readings: &str) -> (Witnesses, Instant) {
    let mut heard = Witnesses {
        first_offer: first_offer.map(status),
        ..Witnesses::default()
    };
    let mut now = start;
    for reading in readings.split(", ").filter(|reading| !reading.is_empty()) {
        let (place, rest) = reading.split_once('@').unwrap();
        let (when, word) = rest.split_once(' ').unwrap_or((rest, ""));
        let (began, there) = when.split_once('-').unwrap_or((when, when));
        let at = |second: &str| start + Duration::from_secs(second.parse().unwrap());
        now = at(there);
        let witness = match place {
            "page" => &mut heard.page,
            "list" => &mut heard.list,
            "offer" => &mut heard.offer,
            _ => continue,
        };
        match word {
            "missing" => witness.record(Word::Missing, at(began), now),
            "closed" => witness.record(Word::Closed, at(began), now),
            "broken" => witness.failed(failure(Some(500), Some("c-1")), at(began), now),
            "cut" => witness.failed(failure(None, None), at(began), now),
            state => witness.record(Word::State(status(state)), at(began), now),
        }
        if let (Some(state), "offer") = (heard.offer.state(), place) {
            heard.first_offer.get_or_insert_with(|| state.clone());
        }
    }
    (heard, now)
}

fn failure(status: Option<u16>, correlation_id: Option<&str>) -> Failure {
    Failure {
        class: Class::Transient,
        request: "state of vm".into(),
        what: "it broke".into(),
        advice: "".into(),
        status,
        correlation_id: correlation_id.map(Into::into),
        retry_after: None,
    }
}

/// Describes a result as `verdict evidence state`, or the question to be asked.
fn describe(weighed: &Weighed) -> String {
    match weighed {
        Weighed::Settled(ending) => format!(
            "{} {} {}",
            ending.verdict.word(),
            ending.evidence.map_or("-", Evidence::word),
            ending
                .target_state
                .as_ref()
                .map_or("-", |state| state.word().as_str())
        ),
        Weighed::ReadList => "ask list".to_owned(),
        Weighed::ReadPage => "ask page".to_owned(),
        Weighed::Disagree => "disagree".to_owned(),
        Weighed::Open => "open".to_owned(),
    }
}

#[test]
fn canceled_by_either_witness_wins_over_all_else() {
    for answer in ANSWERS {
        for answered_at in [None, Some(0), Some(9)] {
            let row = Row {
                answered_at,
                ..after(answer)
            };
            for readings in [
                "page@2 canceled",
                "list@2 canceled",
                "page@2 completed, list@3 canceled",
                "list@3 canceled, page@4 failed",
                "page@2 running, list@3 canceled",
                "list@3 canceled, page@4 running",
                "page@2 canceled, list@3 running",
                "list@2 completed, page@3 canceled",
                "page@2 missing, list@3 canceled",
                "list@2 canceled, list@4 cut",
            ] {
                let outcome = describe(&row.weighed(readings));
                assert_eq!(outcome, "canceled observed canceled", "{readings} {answer:?}");
            }
        }
    }
}

#[test]
fn outstanding_answer_lets_only_canceled_settle() {
    for answer in ANSWERS {
        let row = Row {
            answered_at: None,
            ..after(answer).long_ago()
        };
        row.comes_to(&[
            ("page@2 completed, list@3 completed", "open"),
            ("page@2 running, list@3 running", "open"),
            (
                "page@2 missing, list@2 missing, page@7 missing, list@7 missing, page@12 missing, list@12 missing",
                "open",
            ),
            ("page@2 completed", "open"),
        ]);
        let unnamed = row.unnamed("running");
        unnamed.comes_to(&[
            ("offer@2 succeeded", "open"),
            ("offer@2 canceled", "canceled offer_status canceled"),
        ]);
    }
}

#[test]
fn refusal_needs_two_later_readings() {
    REFUSED.comes_to(&[
        ("", "open"),
        ("page@2 running", "ask list"),
        ("page@2 running, list@3 running", "refused observed running"),
        ("list@1 running, page@2 quantum", "refused observed quantum"),
        ("page@2 running, list@3 missing", "refused observed running"),
        ("page@2 running, list@3 closed", "refused observed running"),
        ("page@2 running, list@3 cut", "ask list"),
        ("list@2 running", "ask page"),
        ("list@2 running, page@3 cut", "ask page"),
        ("list@2 running, page@3 missing", "refused observed running"),
        ("list@2 running, page@3 closed", "refused observed running"),
        ("page@2 missing, list@3 missing", "open"),
        ("page@2 completed, list@3 running", "disagree"),
        (
            "page@2 completed, list@3 completed",
            "finished_first observed completed",
        ),
    ]);
    REFUSED.answered_at(5).comes_to(&[
        ("page@2 running, list@3 running", "open"),
        ("list@3 running, page@6 running", "ask list"),
        ("page@3 running, list@6 running", "ask page"),
        ("page@3 missing, list@6 running", "ask page"),
        ("page@5 running, list@5 running", "refused observed running"),
    ]);
}

#[test]
fn failed_cancel_operation_needs_later_readings() {
    for answer in [Outcome::Accepted, Outcome::Done] {
        let row = Row {
            cancel_failed_at: Some(10),
            ..after(Some(answer))
        };
        row.comes_to(&[
            ("page@2 running, list@3 running", "open"),
            ("page@9-12 running, list@9-12 running", "open"),
            ("list@3 running, page@10 running", "ask list"),
            ("page@10 running, list@10 running", "refused observed running"),
            ("list@12 running, page@13 missing", "refused observed running"),
            (
                "page@12 completed, list@13 completed",
                "finished_first observed completed",
            ),
        ]);
        let Weighed::Settled(ending) = row.weighed("page@10 running, list@10 running") else {
            panic!("it is refused");
        };
        let error = ending.error.unwrap();
        assert!(
            error.as_str().contains("its own cancel operation failed"),
            "{error}"
        );
        row.answered_at(20).comes_to(&[
            ("page@12 running, list@13 running", "open"),
            ("page@20 running, list@20 running", "refused observed running"),
        ]);
    }
    let lost = Row {
        cancel_failed_at: Some(10),
        ..LOST
    };
    lost.comes_to(&[("page@12 running, list@13 running", "open")]);
    // Without it, an accepted cancel of a running operation is followed.
    ACCEPTED.comes_to(&[("page@12 running, list@13 running", "open")]);
}

#[test]
fn minute_without_meaning_is_unknown() {
    for row in [LOST.long_ago(), REFUSED.long_ago()] {
        row.comes_to(&[
            ("", "unknown - -"),
            ("page@2 missing", "unknown - -"),
            (
                "page@2 running, page@9 missing, offer@9 succeeded",
                "unknown offer_status succeeded",
            ),
            ("page@2 missing, list@3 missing", "unknown - -"),
        ]);
    }
    LOST.long_ago().comes_to(&[
        ("page@2 running, list@3 waiting", "unknown observed running"),
        ("list@3 waiting", "unknown observed waiting"),
        // Neither an end nor a disagreement is skipped.
        ("page@2 completed", "ask list"),
        ("page@2 completed, list@3 running", "disagree"),
        (
            "page@2 completed, list@3 completed",
            "finished_first observed completed",
        ),
    ]);
    LOST.comes_to(&[("page@2 running, list@3 running", "open")]);
    for row in [ACCEPTED.long_ago(), CANCELED.long_ago()] {
        row.comes_to(&[("page@2 running, list@3 running", "open"), ("", "open")]);
    }
}

#[test]
fn accepted_and_active_for_ten_minutes_is_stalled() {
    for (readings, named, unnamed) in [
        ("page@600 running, list@600 running", true, false),
        ("page@599 running, list@601 running", false, false),
        ("page@601 running, list@599 running", false, false),
        ("page@601 running", false, false),
        ("list@601 running", false, false),
        ("page@601 completed, list@601 running", false, false),
        ("page@601 running, list@601 missing", false, false),
        ("offer@600 running", false, true),
        ("offer@599 running", false, false),
        ("offer@601 succeeded", false, false),
    ] {
        let start = Instant::now();
        let (heard, _) = heard(None, start, readings);
        let since = start + STALLED;
        assert_eq!(is_stalled(&heard, Some(since), true), named, "{readings}");
        assert_eq!(is_stalled(&heard, Some(since), false), unnamed, "{readings}");
        assert!(!is_stalled(&heard, None, true) && !is_stalled(&heard, None, false));
    }
}

#[test]
fn any_witness_shows_an_end_and_the_offer_only_by_moving() {
    for (first_offer, readings, is_end) in [
        (None, "", false),
        (None, "page@2 running, list@2 running", false),
        (None, "page@2 completed", true),
        (None, "page@2 running, list@2 failed", true),
        (None, "offer@2 succeeded", false),
        (Some("running"), "offer@2 succeeded", true),
        (Some("running"), "offer@2 waiting", false),
        (Some("succeeded"), "offer@2 succeeded", false),
        (None, "page@2 missing, list@2 closed", false),
    ] {
        let (heard, _) = heard(first_offer, Instant::now(), readings);
        assert_eq!(has_an_end(&heard), is_end, "{readings}");
    }
}

#[test]
fn disagreement_names_both_words_and_places() {
    let between = |readings| disagreement(&heard(None, Instant::now(), readings).0);
    assert_eq!(
        between("page@2 completed, list@3 running").unwrap(),
        "the operation's page says completed, the list of submissions says running"
    );
    assert_eq!(
        between("page@2 running, list@3 failed").unwrap(),
        "the operation's page says running, the list of submissions says failed"
    );
    for readings in [
        "page@2 running, list@3 waiting",
        "page@2 completed, list@3 failed",
        "page@2 completed",
        "list@2 completed",
        "page@2 completed, list@3 missing",
    ] {
        assert_eq!(between(readings), None, "{readings}");
    }
}

#[test]
fn pending_stands_only_after_an_acceptance() {
    let state = status("running");
    for (answer, verdict) in [
        (None, Verdict::Unknown),
        (Some(Outcome::Refused), Verdict::Unknown),
        (Some(Outcome::Uncertain), Verdict::Unknown),
        (Some(Outcome::Throttled), Verdict::Unknown),
        (Some(Outcome::SignIn), Verdict::Unknown),
        (Some(Outcome::Accepted), Verdict::Pending),
        (Some(Outcome::Done), Verdict::Pending),
    ] {
        let ending = when_we_stop(answer, Some(&state));
        assert_eq!((ending.verdict, ending.evidence), (verdict, None));
        assert_eq!(ending.target_state, Some(state.clone()));
        assert!(ending.is_provisional());
        assert_eq!(when_we_stop(answer, None).target_state, None);
    }
}
