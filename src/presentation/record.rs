//! A cancellation as the history's JSON tells it. Its field names are a promise to scripts.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Fact, Owner, PreflightResult, Recorded, Via},
        ids::{CancellationId, OperationId, Origin},
        lead::Lead,
        status::Status,
        text::SafeText,
        time,
        verdict::{Ending, Evidence, Verdict},
    },
    presentation::{ending, moment, phrase},
};

/// One cancellation. Every key is always there; null is what is not known, or not yet.
#[derive(Serialize)]
pub(crate) struct Record<'a> {
    cancellation: SafeText,
    profile: &'a SafeText,
    origin: &'a Origin,
    publisher: SafeText,
    offer: SafeText,
    operation: Option<SafeText>,
    kind: &'a SafeText,
    destination: Option<SafeText>,
    /// The step under way when it was confirmed.
    step: Option<&'a SafeText>,
    user: &'a SafeText,
    host: &'a SafeText,
    asked_at: Timestamp,
    notify: &'a [Address],
    again_of: Option<SafeText>,
    /// The requests that were sent.
    attempts: u32,
    http_status: Option<u16>,
    location: Option<&'a SafeText>,
    correlation_id: Option<&'a SafeText>,
    /// How it ended, or stands; null where nobody has said yet.
    verdict: Option<Verdict>,
    evidence: Option<Evidence>,
    target_state: Option<&'a Status>,
    also_canceled: Vec<SafeText>,
    error: Option<SafeText>,
    polls: Option<u32>,
    /// From the claim to the verdict.
    elapsed_ms: Option<u64>,
    /// Whether its end is not known yet.
    open: bool,
    facts: Vec<Entry<'a>>,
}

/// One fact and when it was recorded.
#[derive(Serialize)]
struct Entry<'a> {
    at: Timestamp,
    #[serde(flatten)]
    fact: Told<'a>,
}

/// A fact, in the words of the journal and the forms that are safe to show.
#[derive(Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
enum Told<'a> {
    Claimed {
        user: &'a SafeText,
        host: &'a SafeText,
        pid: u32,
        state: &'a Status,
    },
    Looked {
        state: Option<&'a Status>,
        cancel_state: Option<SafeText>,
        others_active: Vec<SafeText>,
        presumed_ended: Vec<SafeText>,
        canceled_before: Vec<SafeText>,
    },
    Sending {
        attempt: u32,
        user: &'a SafeText,
        host: &'a SafeText,
        pid: u32,
    },
    Unsent {
        error: &'a SafeText,
    },
    Answered {
        http_status: u16,
        location: Option<&'a SafeText>,
        retry_after_ms: Option<u64>,
        correlation_id: Option<&'a SafeText>,
        error: Option<&'a SafeText>,
    },
    AnswerLost {
        error: &'a SafeText,
    },
    Observed {
        state: &'a Status,
        via: Via,
    },
    Verdict {
        verdict: Verdict,
        evidence: Option<Evidence>,
        target_state: Option<&'a Status>,
        also_canceled: Vec<SafeText>,
        error: Option<SafeText>,
        polls: u32,
    },
}

impl<'a> Record<'a> {
    pub(crate) fn of(cancellation: &'a Cancellation) -> Self {
        let (request, answer) = (&cancellation.request, cancellation.answer.as_ref());
        let (target, shown) = (&request.target, &request.shown);
        let ending = cancellation.ending.as_ref().map(|(_, ending)| ending);
        let went_out = cancellation.went_out();
        let since_claim = |(at, _): &(Timestamp, Ending)| time::since(cancellation.claimed_at, *at);
        Self {
            cancellation: cancellation.id.shown(),
            profile: &request.profile,
            origin: &target.origin,
            publisher: target.publisher.shown(),
            offer: target.offer.shown(),
            operation: Some(target.name().shown()),
            kind: &shown.kind,
            destination: phrase::destination(&shown.destination),
            step: shown.step.as_ref(),
            user: &cancellation.by.user,
            host: &cancellation.by.host,
            asked_at: cancellation.claimed_at,
            notify: &request.notify,
            again_of: request.again_of.as_ref().map(CancellationId::shown),
            attempts: cancellation.attempts,
            http_status: answer.map(|answer| answer.http_status),
            location: answer.and_then(location),
            correlation_id: answer.and_then(|answer| answer.correlation_id.as_ref()),
            verdict: cancellation.verdict(),
            evidence: ending.and_then(|ending| ending.evidence),
            target_state: ending.and_then(|ending| ending.target_state.as_ref()),
            also_canceled: ending.map_or_else(Vec::new, |ending| ids(&ending.also_canceled)),
            error: ending.and_then(|ending| ending::reason(ending, went_out)),
            polls: ending.map(|ending| ending.polls),
            elapsed_ms: cancellation.ending.as_ref().map(since_claim).map(moment::millis),
            open: cancellation.is_open(),
            facts: cancellation
                .facts
                .iter()
                .map(|recorded| Entry::of(recorded, went_out))
                .collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn of(recorded: &'a Recorded, went_out: bool) -> Self {
        Self {
            at: recorded.at,
            fact: told(&recorded.fact, went_out),
        }
    }
}

fn told(fact: &Fact, went_out: bool) -> Told<'_> {
    match fact {
        Fact::Claimed(claim) => {
            let Owner { user, host, pid, .. } = &claim.by;
            let state = &claim.request.shown.state;
            let pid = *pid;
            Told::Claimed {
                user,
                host,
                pid,
                state,
            }
        }
        Fact::Looked(preflight) => looked(preflight),
        Fact::Sending { attempt, by } => Told::Sending {
            attempt: *attempt,
            user: &by.user,
            host: &by.host,
            pid: by.pid,
        },
        Fact::Unsent { error } => Told::Unsent { error },
        Fact::Answered(answer) => answered(answer),
        Fact::AnswerLost { error } => Told::AnswerLost { error },
        Fact::Observed(observation) => Told::Observed {
            state: &observation.state,
            via: observation.via,
        },
        Fact::Settled(ending) => settled(ending, went_out),
    }
}

fn looked(preflight: &PreflightResult) -> Told<'_> {
    Told::Looked {
        state: preflight.state.as_ref(),
        cancel_state: phrase::cancel_state(&preflight.cancel_state),
        others_active: ids(&preflight.others_active),
        presumed_ended: ids(&preflight.presumed_ended),
        canceled_before: ids(&preflight.canceled_before),
    }
}

fn answered(answer: &Answer) -> Told<'_> {
    Told::Answered {
        http_status: answer.http_status,
        location: location(answer),
        retry_after_ms: answer.retry_after.map(moment::millis),
        correlation_id: answer.correlation_id.as_ref(),
        error: answer.text.as_ref(),
    }
}

fn settled(ending: &Ending, went_out: bool) -> Told<'_> {
    Told::Verdict {
        verdict: ending.verdict,
        evidence: ending.evidence,
        target_state: ending.target_state.as_ref(),
        also_canceled: ids(&ending.also_canceled),
        error: ending::reason(ending, went_out),
        polls: ending.polls,
    }
}

fn location(answer: &Answer) -> Option<&SafeText> {
    answer.lead.as_ref().map(|Lead { shown, .. }| shown)
}

fn ids(ids: &[OperationId]) -> Vec<SafeText> {
    ids.iter().map(OperationId::shown).collect()
}
