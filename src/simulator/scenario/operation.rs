//! How an operation, its steps and its messages are written down.

use std::collections::HashMap;

use jiff::SignedDuration;
use serde::Deserialize;

use super::Quirks;

/// An operation: it walks through its steps from its start, unless its state is pinned.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct OperationForm {
    /// The id; made up from the offer and its place when absent.
    pub id: Option<String>,
    /// To the preview or to production.
    pub kind: Kind,
    /// How long before the world's start it started.
    pub started: SignedDuration,
    /// How long after the world's start it starts, instead.
    pub starts_in: Option<SignedDuration>,
    /// It is there, not started, before it starts.
    pub queued: bool,
    /// How long it takes.
    pub lasts: SignedDuration,
    /// A state word it has from its end on, or for ever when the word is not one of an end.
    pub state: Option<String>,
    /// The state word it ends with by itself.
    pub ends: String,
    /// What its own route says instead of a state word, where the two routes do not share their words.
    pub page_words: HashMap<String, String>,
    /// The id of the step in which it fails, instead; one that fails otherwise does so in its last step.
    pub fails_in: Option<String>,
    /// Its steps; those usual for its kind and the offer's type when empty.
    pub steps: Vec<StepForm>,
    /// What the service says about it; a usual sentence when empty.
    pub messages: Vec<MessageForm>,
    /// Oddities of its entries.
    pub quirks: Quirks,
}

impl Default for OperationForm {
    fn default() -> Self {
        Self {
            id: None,
            kind: Kind::Publish,
            started: SignedDuration::from_mins(20),
            starts_in: None,
            queued: false,
            lasts: SignedDuration::from_hours(6),
            state: None,
            ends: "succeeded".into(),
            page_words: HashMap::new(),
            fails_in: None,
            steps: Vec::new(),
            messages: Vec::new(),
            quirks: Quirks::default(),
        }
    }
}

/// Where an operation takes the offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// To the preview.
    #[default]
    Publish,
    /// To production.
    GoLive,
}

/// A step.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StepForm {
    /// The id.
    pub id: String,
    /// `stepName`.
    pub name: String,
    /// The description.
    #[serde(default)]
    pub description: String,
    /// `estimatedTimeFrame`, which the service leaves out of some steps.
    pub frame: Option<String>,
    /// Its share of the operation's time, relative to the other steps.
    #[serde(default = "one")]
    pub share: u32,
    /// A status word it always has, instead of the one that follows from the time.
    pub status: Option<String>,
}

fn one() -> u32 {
    1
}

/// A message about an operation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MessageForm {
    /// The text, HTML.
    pub html: String,
    /// `information` or `error`.
    #[serde(default = "information")]
    pub level: String,
}

fn information() -> String {
    "information".into()
}
