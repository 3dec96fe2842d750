//! The lines of a report: what happened, as JSON and for a reader. Their field names are a promise to scripts.

mod fact;
mod text;
mod verdict;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    domain::{
        cancellation::Cancellation,
        confirmation::{Address, Shown},
        status::Status,
        target::Target,
        text::SafeText,
        verdict::Verdict,
    },
    presentation::json::{self, FactJson},
};

pub(crate) use fact::{joined, line, looked, tells};
pub(crate) use verdict::{Final, standing};

/// One line: what happened, and to what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Line {
    #[serde(flatten)]
    pub(crate) event: Event,
    #[serde(flatten)]
    pub(crate) about: About,
}

/// What a line is about. Every line has all of it; null is what is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct About {
    /// When it happened.
    pub(crate) at: Timestamp,
    /// The cancellation; none before the claim.
    pub(crate) cancellation: Option<SafeText>,
    pub(crate) publisher: SafeText,
    /// The offer; none where an id leads to no cancellation.
    pub(crate) offer: Option<SafeText>,
    /// The operation, by its id, or by its fingerprint where the service gives none; none before one was chosen.
    pub(crate) operation: Option<SafeText>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// An open cancellation of another run, and of the same operation, is followed.
    Joined {
        by: SafeText,
        since: Timestamp,
        /// The provisional verdict that stood when we came; null where there was none.
        standing: Option<Verdict>,
        /// Addresses that were asked for and that it does not mail.
        not_mailed: Vec<Address>,
    },
    /// What hinders right now; null when it has passed.
    Note {
        note: Option<SafeText>,
        /// For a reader: what hindered until now.
        #[serde(skip)]
        passed: Option<SafeText>,
    },
    /// What would be canceled, if this were no dry run.
    WouldCancel {
        kind: SafeText,
        destination: Option<SafeText>,
        state: Status,
        step: Option<SafeText>,
        notify: Vec<Address>,
        /// For a reader: kind and destination.
        #[serde(skip)]
        course: String,
    },
    /// What went wrong, before the verdict that follows from it.
    Error { error: SafeText },
    /// How it ended, or stands.
    Verdict(Box<Final>),
    /// A fact as it was recorded, or a look before anything was.
    #[serde(untagged)]
    Fact(Box<FactLine>),
}

/// A fact, for scripts and for a reader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FactLine {
    event: &'static str,
    #[serde(flatten)]
    fact: FactJson,
    #[serde(skip)]
    text: String,
    /// What of it is wanted by those who study it.
    #[serde(skip)]
    details: String,
}

impl About {
    /// A line about `target` before there is a cancellation.
    pub(crate) fn target(target: &Target, at: Timestamp) -> Self {
        Self {
            at,
            cancellation: None,
            publisher: target.publisher.shown(),
            offer: Some(target.offer.shown()),
            operation: Some(target.name().shown()),
        }
    }

    /// A line about `cancellation`.
    pub(crate) fn cancellation(cancellation: &Cancellation, at: Timestamp) -> Self {
        Self {
            cancellation: Some(cancellation.id.shown()),
            ..Self::target(&cancellation.request.target, at)
        }
    }
}

impl Event {
    /// The line for it.
    pub(crate) fn about(self, about: About) -> Line {
        Line { event: self, about }
    }

    /// What a dry run found.
    pub(crate) fn would_cancel(shown: &Shown, notify: &[Address]) -> Self {
        Self::WouldCancel {
            kind: shown.kind.clone(),
            destination: json::destination(&shown.destination),
            state: shown.state.clone(),
            step: shown.step.clone(),
            notify: notify.to_vec(),
            course: crate::domain::operation::course(&shown.kind, &shown.destination),
        }
    }
}

impl Line {
    /// The same for a person who can ask for the rest: a look on the way is no news, and nobody listens to an address or
    /// a number that nothing is wrong with.
    pub(crate) fn brief(self) -> Option<Self> {
        let Self { mut event, about } = self;
        if let Event::Fact(line) = &mut event {
            match &line.fact {
                FactJson::Looked { .. } => return None,
                FactJson::Answered { error: None, .. } => line.details.clear(),
                _ => {}
            }
        }
        Some(Self { event, about })
    }

    /// The line as one JSON object.
    pub(crate) fn json(&self) -> String {
        // Plain data with text keys: there is nothing in it that could not be written as JSON.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}
