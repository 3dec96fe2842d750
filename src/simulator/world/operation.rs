//! An operation: what it is at a moment follows from its plan and from what a cancel made of it.

use std::collections::HashMap;

use jiff::SignedDuration;

use super::steps::{self, StepNow};
use super::{Moment, usual};
use crate::simulator::scenario::{Kind, MessageForm, OperationForm, Quirks, StepForm};

/// An operation of an offer.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// In the list of operations. One that only carries a cancel out is not.
    pub(crate) listed: bool,
    pub(crate) started: Moment,
    /// From when on anybody can see it.
    pub(crate) seen_from: Moment,
    pub(crate) lasts: SignedDuration,
    pub(crate) steps: Vec<StepForm>,
    pub(crate) messages: Vec<MessageForm>,
    pub(crate) quirks: Quirks,
    page_words: HashMap<String, String>,
    /// Until when no answer knows it, after a cancel.
    hidden_until: Option<Moment>,
    /// A word it has for ever.
    pinned: Option<String>,
    ends: String,
    /// The id of the step it fails in, and how long after its start.
    pub(crate) fails: Option<(String, SignedDuration)>,
    /// What a cancel made of it.
    fate: Option<Fate>,
    /// When a cancel stopped its steps.
    pub(crate) frozen: Option<Moment>,
}

/// An end other than by plan.
#[derive(Clone, Debug)]
struct Fate {
    at: Moment,
    word: String,
}

/// Whether an operation with this state has ended.
pub(crate) fn is_end(word: &str) -> bool {
    matches!(
        word,
        "succeeded" | "completed" | "complete" | "canceled" | "failed"
    )
}

impl Operation {
    /// The operation that the form describes, on an offer of this type.
    pub(crate) fn new(id: String, form: &OperationForm, type_id: &str) -> Self {
        let started = form.starts_in.unwrap_or(-form.started);
        let steps = if form.steps.is_empty() {
            usual::steps(form.kind, type_id)
        } else {
            form.steps.clone()
        };
        let (pinned, ended) = match &form.state {
            Some(word) if is_end(word) => (None, Some(word)),
            other => (other.clone(), None),
        };
        let fails = form.fails_in.is_some();
        let ends = if fails {
            "failed"
        } else {
            ended.unwrap_or(&form.ends)
        };
        let fails = (ends == "failed").then(|| steps::failing(form.fails_in.as_deref(), &steps, form.lasts));
        Self {
            id,
            kind: form.kind,
            listed: true,
            started,
            seen_from: if form.queued { Moment::MIN } else { started },
            lasts: form.lasts,
            steps,
            messages: form.messages.clone(),
            quirks: form.quirks.clone(),
            page_words: form.page_words.clone(),
            hidden_until: None,
            pinned,
            ends: ends.to_owned(),
            fails: fails.flatten(),
            fate: None,
            frozen: None,
        }
    }

    /// An operation that does nothing but carry a cancel out, and ends with this word.
    pub(crate) fn carrying_a_cancel(id: String, now: Moment, takes: SignedDuration, word: &str) -> Self {
        let form = OperationForm {
            starts_in: Some(now),
            lasts: takes,
            ends: word.to_owned(),
            steps: vec![usual::cancel_step()],
            ..OperationForm::default()
        };
        Self {
            listed: false,
            ..Self::new(id, &form, "")
        }
    }

    /// When it ends, as things stand; never, when its word is pinned.
    fn end(&self) -> Option<(Moment, &str)> {
        if let Some(fate) = &self.fate {
            return Some((fate.at, &fate.word));
        }
        let takes = self.fails.as_ref().map_or(self.lasts, |(_, after)| *after);
        self.pinned
            .is_none()
            .then(|| (self.started.saturating_add(takes), self.ends.as_str()))
    }

    /// The state word.
    pub(crate) fn state(&self, now: Moment) -> &str {
        match self.end() {
            Some((at, word)) if at <= now => word,
            Some(_) if now < self.started => "notStarted",
            Some(_) => "running",
            None => self.pinned.as_deref().unwrap_or("running"),
        }
    }

    /// What its own route says of its state.
    pub(crate) fn page_state(&self, now: Moment) -> &str {
        let state = self.state(now);
        let usual = if state == "notStarted" {
            "not started"
        } else {
            state
        };
        self.page_words.get(state).map_or(usual, String::as_str)
    }

    /// When it ended, if it has.
    pub(crate) fn ended_at(&self, now: Moment) -> Option<Moment> {
        self.end().map(|(at, _)| at).filter(|at| *at <= now)
    }

    /// Whether it is there and not known to have ended.
    pub(crate) fn is_active(&self, now: Moment) -> bool {
        self.is_seen(now) && self.ended_at(now).is_none()
    }

    /// Whether it is there.
    pub(crate) fn is_seen(&self, now: Moment) -> bool {
        self.seen_from <= now
    }

    /// Whether the answers know it.
    pub(crate) fn is_shown(&self, now: Moment) -> bool {
        self.is_seen(now) && self.hidden_until.is_none_or(|until| until <= now)
    }

    /// No answer knows it until then.
    pub(crate) fn hide_until(&mut self, until: Moment) {
        self.hidden_until = Some(until);
    }

    /// A cancel was accepted that has not taken effect yet.
    pub(crate) fn is_cancelling(&self, now: Moment) -> bool {
        self.frozen.is_some() && self.ended_at(now).is_none()
    }

    /// It is canceled at that moment, and does no more from now on.
    pub(crate) fn cancel(&mut self, now: Moment, at: Moment) {
        self.frozen = Some(now);
        self.fate = Some(Fate {
            at,
            word: "canceled".into(),
        });
    }

    /// It ends by itself at that moment.
    pub(crate) fn end_at(&mut self, at: Moment) {
        self.pinned = None;
        self.fate = Some(Fate {
            at,
            word: self.ends.clone(),
        });
    }

    /// Its steps at this moment.
    pub(crate) fn steps_at(&self, now: Moment) -> Vec<StepNow<'_>> {
        steps::at(self, now)
    }

    /// The last moment at which anything about it changed.
    pub(crate) fn changed(&self, now: Moment) -> Moment {
        let begun = if now < self.started {
            Moment::ZERO
        } else {
            steps::last_change(self, now)
        };
        self.ended_at(now).or(self.frozen).unwrap_or(begun)
    }
}
