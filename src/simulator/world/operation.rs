//! An operation: its state at a moment follows from its plan and from what a cancel made of it.

use std::collections::HashMap;

use jiff::SignedDuration;
use serde::Deserialize;

use super::quirks::Quirks;
use super::step::{self, Step};
use super::time::Moment;

/// An operation: it walks through its steps from its start, unless its state is pinned.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Operation {
    /// The id; made up from the offer and its place when empty.
    pub id: String,
    /// To the preview or to production.
    pub kind: Kind,
    /// Time from its start to the world's start.
    pub started: SignedDuration,
    /// Time from the world's start to its start, instead.
    pub starts_in: Option<SignedDuration>,
    /// It is there, not started, before it starts.
    pub queued: bool,
    /// Time it takes.
    pub lasts: SignedDuration,
    /// A state word it has from its end on, or for ever when the word is not one of an end.
    pub state: Option<String>,
    /// The state word it ends with by itself.
    pub ends: String,
    /// The words of its own route in place of a state word, where the two routes do not share their words.
    pub page_words: HashMap<String, String>,
    /// The id of the step in which it fails, instead; one that fails otherwise does so in its last step.
    pub fails_in: Option<String>,
    /// Its steps; the default ones for its kind and the offer's type when empty.
    pub steps: Vec<Step>,
    /// The service's messages about it; a default one when empty.
    pub messages: Vec<Message>,
    /// Oddities of its entries.
    pub quirks: Quirks,
    /// It does nothing but carry a cancel out, and is in no list.
    #[serde(skip)]
    pub(crate) carries_cancel: bool,
    /// The moment until which no answer knows it, after a cancel.
    #[serde(skip)]
    pub(crate) hidden_until: Option<Moment>,
    /// The moment at which a cancel stopped its steps.
    #[serde(skip)]
    pub(crate) stopped: Option<Moment>,
    /// An end other than by plan, and its word.
    #[serde(skip)]
    pub(crate) end: Option<(Moment, String)>,
}

impl Default for Operation {
    fn default() -> Self {
        Self {
            id: String::new(),
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
            carries_cancel: false,
            hidden_until: None,
            stopped: None,
            end: None,
        }
    }
}

/// The place to which an operation takes the offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// To the preview.
    #[default]
    Publish,
    /// To production.
    GoLive,
}

/// A message about an operation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Message {
    /// The text, HTML.
    pub html: String,
    /// `information` or `error`.
    #[serde(default = "information")]
    pub level: String,
}

fn information() -> String {
    "information".into()
}

/// Checks that an operation with this state has ended.
pub(super) fn is_end(word: &str) -> bool {
    is_success(word) || matches!(word, "canceled" | "failed")
}

/// Checks that an operation with this state has done what it was to do.
pub(crate) fn is_success(word: &str) -> bool {
    matches!(word, "succeeded" | "completed" | "complete")
}

impl Operation {
    /// An operation like this one that starts at that moment, whatever became of this one.
    pub(super) fn again(self, id: String, at: Moment) -> Self {
        Self {
            id,
            state: None,
            starts_in: Some(at),
            queued: false,
            hidden_until: None,
            stopped: None,
            end: None,
            ..self
        }
    }

    /// The moment at which it starts.
    pub(crate) fn start(&self) -> Moment {
        self.starts_in.unwrap_or(-self.started)
    }

    /// The word it has for ever, if it has one.
    fn pinned(&self) -> Option<&str> {
        self.state.as_deref().filter(|word| !is_end(word))
    }

    /// The word it ends with by itself.
    fn own_end(&self) -> &str {
        match (&self.fails_in, &self.state) {
            (Some(_), _) => "failed",
            (None, Some(word)) if is_end(word) => word,
            (None, _) => &self.ends,
        }
    }

    /// The step in which it fails by itself, and how long after its start.
    pub(super) fn failure(&self) -> Option<(&Step, SignedDuration)> {
        (self.own_end() == "failed")
            .then(|| step::failing(self.fails_in.as_deref(), &self.steps, self.lasts))
            .flatten()
    }

    /// Its end, as things stand; none, when its word is pinned.
    fn end(&self) -> Option<(Moment, &str)> {
        if let Some((at, word)) = &self.end {
            return Some((*at, word));
        }
        let takes = self.failure().map_or(self.lasts, |(_, after)| after);
        let by_plan = (self.start().saturating_add(takes), self.own_end());
        self.pinned().is_none().then_some(by_plan)
    }

    /// The state word.
    pub(crate) fn state(&self, now: Moment) -> &str {
        match self.end() {
            Some((at, word)) if at <= now => word,
            Some(_) if now < self.start() => "notStarted",
            Some(_) => "running",
            None => self.pinned().unwrap_or("running"),
        }
    }

    /// The state in the words of its own route.
    pub(crate) fn page_state(&self, now: Moment) -> &str {
        let state = self.state(now);
        match self.page_words.get(state) {
            Some(word) => word,
            None if state == "notStarted" => "not started",
            None => state,
        }
    }

    /// The moment of its end, if it has ended.
    pub(crate) fn ended_at(&self, now: Moment) -> Option<Moment> {
        self.end().map(|(at, _)| at).filter(|at| *at <= now)
    }

    /// Checks that it is there and not known to have ended.
    pub(crate) fn is_active(&self, now: Moment) -> bool {
        self.exists(now) && self.ended_at(now).is_none()
    }

    /// Checks that it is there.
    pub(crate) fn exists(&self, now: Moment) -> bool {
        self.queued || self.start() <= now
    }

    /// Checks that the answers know it.
    pub(super) fn is_shown(&self, now: Moment) -> bool {
        self.exists(now) && self.hidden_until.is_none_or(|until| until <= now)
    }

    /// Checks that it has its place in the list of operations.
    pub(super) fn is_listed(&self) -> bool {
        !self.carries_cancel
    }

    /// Hides it from every answer until then.
    pub(super) fn hide_until(&mut self, until: Moment) {
        self.hidden_until = Some(until);
    }

    /// Checks that a cancel was accepted that has not taken effect yet.
    pub(crate) fn is_canceling(&self, now: Moment) -> bool {
        self.stopped.is_some() && self.ended_at(now).is_none()
    }

    /// Stops it now, and cancels it at that moment.
    pub(super) fn cancel(&mut self, now: Moment, at: Moment) {
        self.stopped = Some(now);
        self.end = Some((at, "canceled".into()));
    }

    /// Ends it by itself at that moment.
    pub(super) fn end_at(&mut self, at: Moment) {
        self.end = Some((at, self.own_end().to_owned()));
    }
}
