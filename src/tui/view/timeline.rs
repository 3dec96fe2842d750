//! The timeline of a cancellation: asked, sent, answered, each look that changed something, verdict.

use jiff::Timestamp;
use ratatui::text::Line;

use crate::{
    domain::{
        answer::{Answer, AnswerClass},
        cancellation::Cancellation,
        fact::{Fact, Observation, PreflightResult, Recorded, Via},
        location::{Lead, Location},
        status::Status,
        target::Binding,
    },
    presentation::{Tone, words},
    tui::{
        model::Model,
        moment::exact,
        view::{paint, story},
        width::cells,
    },
};

/// One entry: when, what, and how that looks.
pub(super) type Entry = (Timestamp, String, Tone);

/// All entries, oldest first. Looks that saw what the one before saw are left out.
pub(super) fn entries(cancellation: &Cancellation) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for Recorded { at, fact, .. } in &cancellation.facts {
        if is_as_confirmed(fact) {
            continue;
        }
        let (text, tone) = told(fact, cancellation);
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

/// An entry as one piece of a line.
pub(super) fn piece(model: &Model, (at, text, tone): Entry) -> Line<'static> {
    let theme = model.theme();
    let time = exact(at, model.now.wall, &model.setup.zone);
    Line::from(vec![
        theme.say(Tone::Quiet, format!("{time} ")),
        theme.say(tone, text),
    ])
}

/// An entry as lines of its own, the words wrapped beside the time.
pub(super) fn wrapped(model: &Model, (at, text, tone): Entry, room: usize) -> Vec<Line<'static>> {
    let time = exact(at, model.now.wall, &model.setup.zone);
    let indent = cells(&time) + 1;
    paint::labelled(&time, &text, tone, indent, room, model.theme())
}

/// What a fact of `cancellation` says in a few words, and how they look.
pub(super) fn told(fact: &Fact, cancellation: &Cancellation) -> (String, Tone) {
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
            format!("verdict: {}", story::verdict(ending, cancellation.went_out())),
            story::tone(ending.verdict),
        ),
    }
}

/// A location, and why it is not called.
pub(super) fn location(location: &Location) -> String {
    match &location.way {
        Lead::Untrusted(why) => format!("{} (not called: {})", location.shown, why.why()),
        Lead::Operation(_) | Lead::Legacy { .. } => location.shown.to_string(),
    }
}

fn seen(preflight: &PreflightResult) -> String {
    preflight.state.as_ref().map_or_else(
        || "looked: gone".to_owned(),
        |state| format!("looked: {}", words(state)),
    )
}

fn answered(answer: &Answer, bound: &Binding) -> (String, Tone) {
    let status = answer.status;
    let (meaning, tone) = match answer.class() {
        AnswerClass::Canceled => ("done, says the service", Tone::Plain),
        AnswerClass::Accepted => ("accepted", Tone::Plain),
        AnswerClass::Throttled => ("throttled", Tone::Open),
        AnswerClass::SignIn => ("not signed in", Tone::Open),
        AnswerClass::Refused => ("refused", Tone::Bad),
        AnswerClass::Uncertain => ("uncertain", Tone::Open),
    };
    let why = answer.error.as_ref().map(|error| format!(": {error}"));
    let leads = match (answer.class(), &answer.location) {
        (AnswerClass::Accepted, location) => format!(" · {}", form(location.as_ref(), bound)),
        (_, Some(location)) => format!(" · {}", form(Some(location), bound)),
        (_, None) => String::new(),
    };
    let why = why.unwrap_or_default();
    (format!("{status} {meaning}{leads}{why}"), tone)
}

/// What a location names, in a few words.
fn form(location: Option<&Location>, bound: &Binding) -> &'static str {
    match location.map(|location| &location.way) {
        None => "no location",
        Some(Lead::Operation(id)) if bound.operation().is_some_and(|bound| bound.is(id)) => {
            "location: this operation"
        }
        Some(Lead::Operation(_)) => "location: another operation",
        Some(Lead::Legacy { .. }) => "location: the older form",
        Some(Lead::Untrusted(_)) => "location: not called",
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
    }
}
