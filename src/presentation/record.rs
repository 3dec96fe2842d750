//! A cancellation as the history's JSON tells it. Its field names are a promise to scripts.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    domain::{
        cancellation::Cancellation,
        confirmation::Address,
        fact::Recorded,
        ids::{CancellationId, Origin},
        status::Status,
        text::SafeText,
        time,
        verdict::{Ending, Evidence, Verdict},
    },
    presentation::{
        ending,
        json::{self, FactJson},
        moment,
    },
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
    facts: Vec<Entry>,
}

/// One fact and when it was recorded.
#[derive(Serialize)]
struct Entry {
    at: Timestamp,
    fact: &'static str,
    #[serde(flatten)]
    held: FactJson,
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
            destination: json::destination(&shown.destination),
            step: shown.step.as_ref(),
            user: &cancellation.by.user,
            host: &cancellation.by.host,
            asked_at: cancellation.claimed_at,
            notify: &request.notify,
            again_of: request.again_of.as_ref().map(CancellationId::shown),
            attempts: cancellation.attempts,
            http_status: answer.map(|answer| answer.http_status),
            location: answer.and_then(|answer| Some(&answer.lead.as_ref()?.shown)),
            correlation_id: answer.and_then(|answer| answer.correlation_id.as_ref()),
            verdict: cancellation.verdict(),
            evidence: ending.and_then(|ending| ending.evidence),
            target_state: ending.and_then(|ending| ending.target_state.as_ref()),
            also_canceled: ending.map_or_else(Vec::new, |ending| json::ids(&ending.also_canceled)),
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

impl Entry {
    fn of(recorded: &Recorded, went_out: bool) -> Self {
        Self {
            at: recorded.at,
            fact: json::name(&recorded.fact),
            held: FactJson::of(&recorded.fact, went_out),
        }
    }
}
