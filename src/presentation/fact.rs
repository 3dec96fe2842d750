//! Words for each fact of a cancellation, and its timeline: the same on the screen, in the lines of verbs and in the history.

use http::StatusCode;
use jiff::Timestamp;

use crate::{
    domain::{
        answer::{Answer, Outcome},
        cancellation::Cancellation,
        fact::{Fact, Observation, PreflightResult, Recorded, Via},
        ids::OperationId,
        lead::{Lead, LeadsTo},
        operation::CancelState,
        status::{Phase, Status},
        target::Binding,
        verdict::Ending,
    },
    presentation::{Family, Tone, ending, moment, state::words},
};

/// One entry of a timeline: when, what, and how that looks.
pub(crate) type Entry = (Timestamp, String, Tone);

/// The facts that say something new, oldest first: looks that saw what the one before saw are left out.
pub(crate) fn timeline(cancellation: &Cancellation) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for Recorded { at, fact, .. } in &cancellation.facts {
        if is_as_confirmed(fact) {
            continue;
        }
        let (text, tone) = describe(fact, cancellation);
        if entries.last().is_none_or(|(_, last, _)| *last != text) {
            entries.push((*at, text, tone));
        }
    }
    entries
}

/// Whether a look before sending saw what was confirmed: it says nothing new.
fn is_as_confirmed(fact: &Fact) -> bool {
    matches!(fact, Fact::Looked(preflight) if preflight.state.as_ref().is_some_and(Status::is_active))
}

/// What a fact of `cancellation` says in a few words, and how they look.
pub(crate) fn describe(fact: &Fact, cancellation: &Cancellation) -> (String, Tone) {
    match fact {
        Fact::Claimed(_) => ("confirmed".to_owned(), Tone::Plain),
        Fact::Looked(preflight) => (looked(preflight), Tone::Plain),
        Fact::Sending { attempt: 1, .. } => ("cancel sent".to_owned(), Tone::Plain),
        Fact::Sending { attempt, .. } => (format!("cancel sent, attempt {attempt}"), Tone::Plain),
        Fact::Unsent { error } => (format!("did not reach the service: {error}"), Tone::Bad),
        Fact::Answered(answer) => answered(answer, &cancellation.request.target.binding),
        Fact::AnswerLost { error } => (format!("no answer: {error}"), Tone::Open),
        Fact::Observed(observation) => (observed(observation), Tone::Plain),
        Fact::Settled(ending) => (
            format!(
                "verdict: {}",
                ending::with_evidence(ending, cancellation.went_out())
            ),
            Family::of_verdict(ending.verdict).tone(),
        ),
    }
}

/// What a look saw of the operation.
pub(crate) fn looked(preflight: &PreflightResult) -> String {
    preflight.state.as_ref().map_or_else(
        || "looked: not found".to_owned(),
        |state| format!("looked: {}", words(state)),
    )
}

fn answered(answer: &Answer, bound: &Binding) -> (String, Tone) {
    let (meaning, tone) = match answer.outcome {
        _ if answer.is_foreign => (
            " from something on the way, may have been carried out",
            Tone::Open,
        ),
        Outcome::Done | Outcome::Accepted => ("", Tone::Plain),
        Outcome::Throttled | Outcome::SignIn => (", not carried out", Tone::Open),
        Outcome::Refused => ("", Tone::Bad),
        Outcome::Gone => (", there is no such operation any more", Tone::Plain),
        Outcome::Uncertain => (", may have been carried out", Tone::Open),
    };
    let status = status(answer.http_status);
    let leads = match (answer.outcome, &answer.lead) {
        (Outcome::Accepted, location) => format!(", {}", leads_to(location.as_ref(), bound)),
        (_, Some(location)) => format!(", {}", leads_to(Some(location), bound)),
        (_, None) => String::new(),
    };
    let again = answer.retry_after.map_or_else(String::new, |wait| {
        format!(", asks to wait {}", moment::count(wait))
    });
    let why = answer
        .text
        .as_ref()
        .map(|error| unrepeated(error.as_str(), answer.http_status));
    let why = why.filter(|why| !why.is_empty());
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    (format!("{status}{meaning}{leads}{again}{why}"), tone)
}

/// A status as the protocol words it, such as `202 Accepted`.
fn status(code: u16) -> String {
    match reason_phrase(code) {
        "" => code.to_string(),
        phrase => format!("{code} {phrase}"),
    }
}

fn reason_phrase(code: u16) -> &'static str {
    StatusCode::from_u16(code)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

/// What the service says of a status, without the status that it begins by saying once more.
fn unrepeated(error: &str, code: u16) -> &str {
    let (code, phrase) = (code.to_string(), reason_phrase(code));
    let joined = phrase.replace(' ', "");
    let mut rest = error;
    loop {
        let begun = rest.trim_start_matches([' ', ':']);
        let again = [code.as_str(), phrase, joined.as_str()]
            .into_iter()
            .filter(|said| !said.is_empty())
            .find_map(|said| begun.strip_prefix(said))
            .filter(|after| !after.starts_with(char::is_alphanumeric));
        match again {
            Some(after) => rest = after,
            None => return begun,
        }
    }
}

/// What a location leads to, in a few words.
fn leads_to(location: Option<&Lead>, bound: &Binding) -> &'static str {
    match location.map(|location| &location.to) {
        None => "without a location",
        Some(LeadsTo::Operation(id)) if bound.operation().is_some_and(|bound| bound.is(id)) => {
            "tracking this operation"
        }
        Some(LeadsTo::Operation(_)) => "its location names another operation",
        Some(LeadsTo::Parts(_)) => "its location has the older form",
        Some(LeadsTo::Untrusted(_)) => "its location is not followed",
    }
}

/// A location, and why it is not called.
pub(crate) fn location_text(location: &Lead) -> String {
    match &location.to {
        LeadsTo::Untrusted(why) => format!("{} (not called: {})", location.shown, why.why()),
        LeadsTo::Operation(_) | LeadsTo::Parts(_) => location.shown.to_string(),
    }
}

fn observed(observation: &Observation) -> String {
    let state = words(&observation.state);
    match (observation.via, observation.state.phase()) {
        (Via::OfferStatus, _) => format!("the offer's status is {state}"),
        (Via::Location, _) => format!("the location says {state}"),
        (Via::Absence, _) => "operation is there no more".to_owned(),
        (Via::Operation | Via::Submissions, Phase::Canceled) => "operation is canceled".to_owned(),
        (Via::Operation | Via::Submissions, phase) if phase.has_ended() => {
            format!("operation ended: {state}")
        }
        (Via::Operation | Via::Submissions, _) => format!("operation is still {state}"),
    }
}

/// What a fact holds beyond its own line, each with a label that reads on.
pub(crate) fn details(fact: &Fact) -> Vec<(&'static str, String)> {
    match fact {
        Fact::Answered(answer) => of_answer(answer),
        Fact::Looked(preflight) => of_look(preflight),
        Fact::Settled(ending) => of_ending(ending),
        Fact::Claimed(_)
        | Fact::Sending { .. }
        | Fact::Unsent { .. }
        | Fact::AnswerLost { .. }
        | Fact::Observed(_) => Vec::new(),
    }
}

/// The same as the end of a line.
pub(crate) fn details_text(fact: &Fact) -> String {
    let mut text = String::new();
    for (label, value) in details(fact) {
        text.extend(["; ", label, " ", &value]);
    }
    text
}

fn of_answer(answer: &Answer) -> Vec<(&'static str, String)> {
    let location = answer.lead.as_ref();
    let id = answer.correlation_id.as_ref();
    let location = location.map(|location| ("location", location_text(location)));
    let id = id.map(|id| ("correlation id", id.to_string()));
    location.into_iter().chain(id).collect()
}

fn of_look(preflight: &PreflightResult) -> Vec<(&'static str, String)> {
    let mut held = Vec::new();
    if let CancelState::Says(word) = &preflight.cancel_state {
        held.push(("the service says of canceling:", word.to_string()));
    }
    if !preflight.others_active.is_empty() {
        held.push(("also active:", ids(&preflight.others_active)));
    }
    if !preflight.presumed_ended.is_empty() {
        held.push(("older, presumed ended:", ids(&preflight.presumed_ended)));
    }
    held
}

fn of_ending(ending: &Ending) -> Vec<(&'static str, String)> {
    let mut held = Vec::new();
    if let Some(state) = &ending.target_state {
        held.push(("the operation's state:", words(state)));
    }
    if !ending.also_canceled.is_empty() {
        held.push(("also canceled:", ids(&ending.also_canceled)));
    }
    if let Some(error) = ending::bare_reason(ending) {
        held.push(("because:", error.to_string()));
    }
    if ending.polls > 0 {
        held.push(("looks after the request:", ending.polls.to_string()));
    }
    held
}

fn ids(ids: &[OperationId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    ids.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_said_once() {
        for (error, code, rest) in [
            (
                "a signing step is in progress.",
                409,
                "a signing step is in progress.",
            ),
            ("503 Service Unavailable", 503, ""),
            ("503 ServiceUnavailable: 503 try later", 503, "try later"),
            ("Conflict: too late", 409, "too late"),
            ("Conflicting settings", 409, "Conflicting settings"),
            ("4090 is no offer", 409, "4090 is no offer"),
        ] {
            assert_eq!(unrepeated(error, code), rest, "{error}");
        }
    }
}
