//! Words for each fact of a cancellation, and its timeline.

use jiff::Timestamp;

use crate::{
    domain::{
        answer::{Answer, Outcome},
        cancellation::Cancellation,
        fact::{Fact, Observation, PreflightResult, Recorded, Via},
        ids::OperationId,
        lead::{Lead, LeadsTo},
        operation::CancelState,
        status::Status,
        target::Binding,
        verdict::Ending,
    },
    presentation::{Family, Tone, ending, state::words},
};

/// One entry: when, what, and how that looks.
pub(crate) type Entry = (Timestamp, String, Tone);

/// All entries, oldest first. Looks that saw what the one before saw are left out.
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
        Fact::Claimed(_) => ("asked".to_owned(), Tone::Plain),
        Fact::Looked(preflight) => (seen(preflight), Tone::Plain),
        Fact::Sending { attempt: 1, .. } => ("sent".to_owned(), Tone::Plain),
        Fact::Sending { attempt, .. } => (format!("sent, attempt {attempt}"), Tone::Plain),
        Fact::Unsent { error } => (format!("did not get there: {error}"), Tone::Bad),
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

/// A location, and why it is not called.
pub(crate) fn location_text(location: &Lead) -> String {
    match &location.to {
        LeadsTo::Untrusted(why) => format!("{} (not called: {})", location.shown, why.why()),
        LeadsTo::Operation(_) | LeadsTo::Parts(_) => location.shown.to_string(),
    }
}

fn seen(preflight: &PreflightResult) -> String {
    preflight.state.as_ref().map_or_else(
        || "looked: gone".to_owned(),
        |state| format!("looked: {}", words(state)),
    )
}

fn answered(answer: &Answer, bound: &Binding) -> (String, Tone) {
    let status = answer.http_status;
    let (meaning, tone) = match answer.outcome {
        Outcome::Done => ("done, says the service", Tone::Plain),
        Outcome::Accepted => ("accepted", Tone::Plain),
        Outcome::Throttled => ("throttled", Tone::Open),
        Outcome::SignIn => ("not signed in", Tone::Open),
        Outcome::Refused => ("refused", Tone::Bad),
        Outcome::Gone => ("gone", Tone::Plain),
        Outcome::Uncertain => ("uncertain", Tone::Open),
    };
    let why = answer.text.as_ref().map(|error| format!(": {error}"));
    let leads = match (answer.outcome, &answer.lead) {
        (Outcome::Accepted, location) => format!(" · {}", form(location.as_ref(), bound)),
        (_, Some(location)) => format!(" · {}", form(Some(location), bound)),
        (_, None) => String::new(),
    };
    let why = why.unwrap_or_default();
    (format!("{status} {meaning}{leads}{why}"), tone)
}

/// What a location names, in a few words.
fn form(location: Option<&Lead>, bound: &Binding) -> &'static str {
    match location.map(|location| &location.to) {
        None => "no location",
        Some(LeadsTo::Operation(id)) if bound.operation().is_some_and(|bound| bound.is(id)) => {
            "location: this operation"
        }
        Some(LeadsTo::Operation(_)) => "location: another operation",
        Some(LeadsTo::Parts(_)) => "location: the older form",
        Some(LeadsTo::Untrusted(_)) => "location: not called",
    }
}

fn observed(observation: &Observation) -> String {
    let word = |state: &Status| words(state);
    match observation.via {
        Via::Operation | Via::Submissions if observation.state.is_active() => {
            format!("still {}", word(&observation.state))
        }
        Via::Operation | Via::Submissions => format!("reads {}", word(&observation.state)),
        Via::OfferStatus => format!("the offer says {}", word(&observation.state)),
        Via::Location => format!("the location says {}", word(&observation.state)),
        Via::Absence => "is there no more".to_owned(),
    }
}

/// What a fact holds beyond its own line.
pub(crate) fn details(fact: &Fact) -> Vec<(&'static str, String)> {
    match fact {
        Fact::Answered(answer) => answer_holds(answer),
        Fact::Looked(preflight) => preflight_details(preflight),
        Fact::Settled(ending) => ending_holds(ending),
        Fact::Claimed(_)
        | Fact::Sending { .. }
        | Fact::Unsent { .. }
        | Fact::AnswerLost { .. }
        | Fact::Observed(_) => Vec::new(),
    }
}

fn answer_holds(answer: &Answer) -> Vec<(&'static str, String)> {
    let location = answer.lead.as_ref();
    let id = answer.correlation_id.as_ref();
    let location = location.map(|location| ("location", location_text(location)));
    let id = id.map(|id| ("correlation id", id.to_string()));
    location.into_iter().chain(id).collect()
}

fn preflight_details(preflight: &PreflightResult) -> Vec<(&'static str, String)> {
    let mut held = Vec::new();
    if let CancelState::Says(word) = &preflight.cancel_state {
        held.push(("the service says of cancelling:", word.to_string()));
    }
    if !preflight.others_active.is_empty() {
        held.push(("also active:", ids(&preflight.others_active)));
    }
    if !preflight.presumed_ended.is_empty() {
        held.push(("older, presumed ended:", ids(&preflight.presumed_ended)));
    }
    held
}

fn ending_holds(ending: &Ending) -> Vec<(&'static str, String)> {
    let mut held = Vec::new();
    if let Some(state) = &ending.target_state {
        held.push(("the operation read", words(state)));
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
