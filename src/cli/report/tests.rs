//! Each fact has its line in both forms, and the verdict has all its keys.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::*;
use crate::{
    cli::{
        history::text::story,
        io::tests::{Broken, text},
    },
    domain::{
        answer::Answer,
        cancellation::{
            Cancellation,
            tests::{owner, request, sending},
        },
        fact::{Claim, Fact, Observation, PreflightResult, Recorded, Via},
        operation::CancelState,
        verdict::{Ending, Evidence, Verdict},
    },
    presentation::event,
    service::cpp::{self, status},
};

/// A clock that stands still.
pub(crate) struct At(pub(crate) Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A cancellation of these facts after its claim, one a second.
pub(crate) fn cancellation(facts: Vec<Fact>) -> Cancellation {
    let claim = Fact::Claimed(Box::new(Claim {
        request: request(),
        by: owner(),
    }));
    let recorded = std::iter::once(claim)
        .chain(facts)
        .zip(1u32..)
        .map(|(fact, number)| Recorded {
            number: number.into(),
            at: Timestamp::UNIX_EPOCH + i64::from(number - 1).seconds(),
            fact,
        });
    Cancellation::fold("a1".into(), recorded).unwrap()
}

fn answer(status: u16) -> Answer {
    cpp::answer(status, false)
}

/// The first character in `text` that could do something to a terminal.
pub(crate) fn hostile(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.find(|c| *c != '\n' && crate::domain::text::is_unsafe(*c))
}

/// Every kind of fact, and more than one of those that differ inside.
pub(crate) fn every_fact() -> Vec<Fact> {
    let observed = |state, via| {
        Fact::Observed(Observation {
            state: status(state),
            via,
        })
    };
    let location = |raw| Some(cpp::read_location(raw, &request().target));
    vec![
        Fact::Looked(PreflightResult {
            state: Some(status("running")),
            cancel_state: CancelState::CanCancel,
            ..PreflightResult::default()
        }),
        sending(1),
        Fact::Unsent {
            error: "connection refused".into(),
        },
        Fact::Looked(PreflightResult {
            by_offer: false,
            state: None,
            cancel_state: CancelState::Says("too\u{1b}Late".into()),
            others_active: vec!["b\u{202e}2".into()],
            presumed_ended: vec!["a0".into()],
            canceled_before: Vec::new(),
            baseline: None,
        }),
        sending(2),
        Fact::Answered(Answer {
            retry_after: Some(std::time::Duration::from_secs(1)),
            ..answer(429)
        }),
        sending(3),
        Fact::AnswerLost {
            error: "connection reset".into(),
        },
        Fact::Answered(Answer {
            lead: location(
                "/api/publishers/contoso/offers/contoso-vm/operations/5a63deb5-0000-1000-0000-000000000000?api-version=2017-10-31",
            ),
            ..answer(202)
        }),
        Fact::Answered(Answer {
            lead: location("https://elsewhere.example/x"),
            correlation_id: Some("c-1".into()),
            text: Some("too late".into()),
            ..answer(409)
        }),
        observed("running", Via::Operation),
        observed("canceled", Via::Submissions),
        observed("succeeded", Via::OfferStatus),
        observed("failed", Via::Location),
        Fact::Settled(Ending::new(Verdict::Canceled)),
    ]
}

/// What a report in `form` writes about `tracked`, and what it tells beside that.
fn report(form: Form, tracked: &[Tracked], closed_as: Option<Ending>) -> (String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(Timestamp::UNIX_EPOCH);
    let notify = ["a@x".parse().unwrap()];
    let mut report = Report::new(&mut io, form, &clock, &notify);
    for tracked in tracked {
        report.tell(tracked);
    }
    if let Some((ending, tracked)) = closed_as.zip(tracked.last()) {
        let exit = ending.exit();
        let verdict = Final::of(tracked, Timestamp::UNIX_EPOCH + 101.seconds(), ending);
        let about = About::cancellation(&tracked.cancellation, Timestamp::UNIX_EPOCH + 101.seconds());
        report.close(verdict, about, exit);
    }
    (text(&out).to_owned(), text(&err).to_owned())
}

fn joined() -> Tracked {
    Tracked {
        joined: true,
        ..Tracked::new(cancellation(every_fact()))
    }
}

#[test]
fn every_fact_has_its_line_of_text() {
    insta::assert_snapshot!(report(Form::Text, &[joined()], None).0);
}

#[test]
fn every_fact_has_its_line_of_json() {
    let (lines, _) = report(Form::Json, &[joined()], None);
    insta::assert_snapshot!(lines);
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in ["event", "at", "cancellation", "publisher", "offer", "operation"] {
            assert!(line.get(key).is_some(), "{key}: {line}");
        }
    }
    assert_eq!(hostile(&lines), None);
}

#[test]
fn a_fact_is_told_once() {
    let facts = every_fact();
    let early = Tracked::new(cancellation(facts[..2].to_vec()));
    let late = Tracked::new(cancellation(facts[..3].to_vec()));
    let (lines, _) = report(Form::Text, &[early.clone(), early, late], None);
    assert_eq!(lines.lines().count(), 3, "{lines}");
}

#[test]
fn a_note_is_told_when_it_changes_and_when_it_has_passed() {
    let with = |note: Option<&str>| Tracked {
        note: note.map(SafeText::new),
        ..Tracked::new(cancellation(Vec::new()))
    };
    let (lines, _) = report(
        Form::Text,
        &[
            with(None),
            with(Some("GET it: timed out; wait")),
            with(Some("GET it: timed out; wait")),
            with(None),
        ],
        None,
    );
    assert_eq!(
        lines,
        "00:00:00  note: GET it: timed out; wait\n00:00:00  note: it has passed: GET it: timed out\n"
    );
}

#[test]
fn what_came_instead_of_an_answer_is_told_once() {
    let error = SafeText::new("POST it: no answer; look again");
    for fact in [
        Fact::AnswerLost { error: error.clone() },
        Fact::Unsent { error: error.clone() },
    ] {
        let with = |note: Option<&SafeText>| Tracked {
            note: note.cloned(),
            ..Tracked::new(cancellation(vec![fact.clone()]))
        };
        let seen = [with(None), with(Some(&error)), with(None)];
        let (lines, _) = report(Form::Text, &seen, None);
        assert_eq!(lines.matches("look again").count(), 1, "{lines}");
        assert!(!lines.contains("passed"), "{lines}");
    }
}

fn followed(verdict: Verdict) -> (Tracked, Ending) {
    let facts = [
        Fact::Sending {
            attempt: 1,
            by: owner(),
        },
        Fact::Answered(answer(202)),
    ];
    let ending = Ending {
        evidence: Some(Evidence::Observed),
        target_state: Some(status("canceled")),
        also_canceled: vec!["b2".into()],
        polls: 12,
        ..Ending::new(verdict)
    };
    (Tracked::new(cancellation(facts.to_vec())), ending)
}

#[test]
fn the_verdict_has_all_its_keys_whatever_is_known() {
    let keys = [
        "verdict",
        "cancellation",
        "publisher",
        "offer",
        "operation",
        "http_status",
        "location",
        "polls",
        "elapsed_ms",
        "evidence",
        "target_state",
        "also_canceled",
        "correlation_id",
        "error",
    ];
    for verdict in Verdict::ALL {
        let (tracked, ending) = followed(verdict);
        let about = About::cancellation(&tracked.cancellation, Timestamp::UNIX_EPOCH);
        let known = Final::of(&tracked, Timestamp::UNIX_EPOCH, ending);
        let unknown = Final::unclaimed(Ending::new(verdict));
        for verdict_line in [known, unknown] {
            let line = Event::Verdict(Box::new(verdict_line)).about(about.clone()).json();
            let line: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert_eq!(line["event"], "verdict");
            assert_eq!(line["verdict"], verdict.word());
            for key in keys {
                assert!(line.get(key).is_some(), "{key}: {line}");
            }
        }
    }
}

#[test]
fn the_verdict_line_reads() {
    let (tracked, ending) = followed(Verdict::Canceled);
    let (lines, told) = report(Form::Json, std::slice::from_ref(&tracked), Some(ending.clone()));
    insta::assert_snapshot!(lines.lines().last().unwrap());
    assert!(told.is_empty());
    let mut sentences = String::new();
    for verdict in Verdict::ALL {
        let (_, ending) = followed(verdict);
        let (lines, _) = report(Form::Text, std::slice::from_ref(&tracked), Some(ending));
        sentences += lines.lines().last().unwrap();
        sentences.push('\n');
    }
    for evidence in [Evidence::Answer, Evidence::OfferStatus] {
        let ending = Ending {
            evidence: Some(evidence),
            ..ending.clone()
        };
        let (lines, _) = report(Form::Text, std::slice::from_ref(&tracked), Some(ending));
        sentences += lines.lines().last().unwrap();
        sentences.push('\n');
    }
    insta::assert_snapshot!(sentences);
}

#[test]
fn an_error_is_told_as_text_too_and_before_the_verdict() {
    let (tracked, _) = followed(Verdict::Refused);
    let ending = Ending::new(Verdict::Refused).because("too late");
    let (lines, told) = report(Form::Json, std::slice::from_ref(&tracked), Some(ending.clone()));
    let events: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["event"].clone())
        .collect();
    assert_eq!(events[events.len() - 2..], ["error", "verdict"]);
    assert_eq!(told, "countermand: too late\n");
    let (lines, told) = report(Form::Text, &[tracked], Some(ending));
    assert!(!lines.contains("too late"));
    assert_eq!(told, "countermand: too late\n");
}

#[test]
fn nothing_is_written_to_a_reader_that_has_gone() {
    let mut err = Vec::new();
    let mut io = Io {
        out: &mut Broken(std::io::ErrorKind::BrokenPipe),
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(Timestamp::UNIX_EPOCH);
    let mut report = Report::new(&mut io, Form::Json, &clock, &[]);
    report.tell(&joined());
    assert!(report.is_unread());
    let (tracked, _) = followed(Verdict::Refused);
    let ending = Ending::new(Verdict::Refused).because("too late");
    let about = About::cancellation(&tracked.cancellation, clock.now());
    report.close(Final::of(&tracked, clock.now(), ending), about, Exit::Refused);
    assert!(err.is_empty(), "a closed pipe is silent");
}

#[test]
fn what_has_no_ending_stands_as_its_stage_says() {
    let sending = || Fact::Sending {
        attempt: 1,
        by: owner(),
    };
    for (facts, verdict) in [
        (vec![], Verdict::NotSent),
        (vec![sending()], Verdict::Unknown),
        (vec![sending(), Fact::Answered(answer(202))], Verdict::Pending),
        (vec![sending(), Fact::Answered(answer(200))], Verdict::Pending),
        (vec![sending(), Fact::Answered(answer(409))], Verdict::Unknown),
        (vec![sending(), Fact::Answered(answer(429))], Verdict::NotSent),
        (
            vec![sending(), Fact::AnswerLost { error: "x".into() }],
            Verdict::Unknown,
        ),
        (
            vec![Fact::Settled(Ending::new(Verdict::Superseded))],
            Verdict::Superseded,
        ),
    ] {
        assert_eq!(
            event::standing(&Tracked::new(cancellation(facts.clone()))).verdict,
            verdict,
            "{facts:?}"
        );
    }
}

#[test]
fn who_joined_is_told_that_the_other_session_has_not_got_it_carried_out_yet() {
    for (facts, told) in [
        (
            vec![],
            "requested by another session, not sent yet; `countermand follow a1` waits for it",
        ),
        (
            vec![sending(1), Fact::Answered(answer(429))],
            "requested by another session, not carried out yet; `countermand follow a1` waits for it",
        ),
    ] {
        let tracked = Tracked {
            joined: true,
            ..Tracked::new(cancellation(facts))
        };
        let ending = event::standing(&tracked);
        assert_eq!(ending.verdict, Verdict::NotSent);
        let last = Final::of(&tracked, Timestamp::UNIX_EPOCH, ending);
        assert_eq!(last.error.unwrap().as_str(), told);
    }
}

#[test]
fn in_a_conversation_a_line_names_the_offer_and_tells_only_what_is_news() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(Timestamp::UNIX_EPOCH);
    let mut report = Report::new(&mut io, Form::Text, &clock, &[]).conversing();
    let facts = every_fact();
    report.tell(&Tracked::new(cancellation(facts[..9].to_vec())));
    let resumed = Tracked {
        resumed: true,
        ..Tracked::new(Cancellation {
            id: "b2".into(),
            ..cancellation(facts[..9].to_vec())
        })
    };
    report.tell(&resumed);
    insta::assert_snapshot!(text(&out));
}

/// What came before an ending: nothing, a look, a request that never got there, one that was answered, one without an
/// answer.
fn timelines() -> Vec<Vec<Fact>> {
    let looked = Fact::Looked(PreflightResult::default());
    let sent = |then: Fact| vec![looked.clone(), sending(1), then];
    let unsent = Fact::Unsent {
        error: "connection refused".into(),
    };
    let lost = Fact::AnswerLost {
        error: "connection reset".into(),
    };
    let mut timelines = vec![vec![], vec![looked.clone()], sent(unsent), sent(lost)];
    timelines.extend([200, 202, 401, 409, 429, 503].map(|status| sent(Fact::Answered(answer(status)))));
    timelines
}

#[test]
fn no_sentence_denies_what_went_out() {
    for (facts, verdict) in timelines()
        .into_iter()
        .flat_map(|facts| Verdict::ALL.map(|verdict| (facts.clone(), verdict)))
    {
        for reason in ["why", "why; nothing was sent", "nothing was carried out: why"] {
            let ending = Ending::new(verdict).because(reason);
            let mut facts = facts.clone();
            facts.push(Fact::Settled(ending.clone()));
            let tracked = Tracked::new(cancellation(facts));
            if tracked.cancellation.ending.is_none() {
                continue; // Nothing that can be true after these facts.
            }
            let went_out = tracked.cancellation.went_out();
            let came_to_nothing = matches!(
                verdict,
                Verdict::NotSent | Verdict::NothingRunning | Verdict::Superseded
            );
            for form in [Form::Text, Form::Json] {
                let one = std::slice::from_ref(&tracked);
                let (out, err) = report(form, one, Some(ending.clone()));
                let told = format!("{out}{err}{}", story(&tracked.cancellation, &TimeZone::UTC));
                let denies = told.contains("nothing was sent") || told.contains("not sent");
                assert!(!went_out || !denies, "{told}");
                assert!(went_out || !came_to_nothing || denies, "{told}");
                assert_eq!(
                    told.contains("not carried out: why"),
                    came_to_nothing && went_out,
                    "{told}"
                );
            }
        }
    }
}
