//! What the words and codes of a service mean, as plain functions: for facts that were recorded without it.
//!
//! Journals hold the word of a state, and those of earlier versions the code of an answer alone. Which service's
//! meaning they are read with is said where a journal is opened.

use serde_json::Value;

use crate::domain::{
    answer::Outcome,
    fact::{Fact, Observation},
    status::{Phase, Status},
    text::SafeText,
};

/// What a service means by what it says.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// What the word of a state means.
    pub phase: fn(&str) -> Phase,
    /// What the HTTP status of an answer to a cancel means, given whether it may be a stranger's.
    pub outcome: fn(u16, bool) -> Judged,
}

/// What an answer means, beside what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What it means for what was asked.
    pub outcome: Outcome,
    /// Whether a stranger turned the request away.
    pub is_turned_away: bool,
}

impl Meaning {
    /// A fact as a journal holds it, with what it means.
    ///
    /// # Errors
    /// When it is no fact that this program knows.
    pub fn read(&self, recorded: &str) -> Result<Fact, serde_json::Error> {
        let read = serde_json::from_str(recorded).or_else(|error| self.completed(recorded).ok_or(error)?);
        let mut fact = read?;
        self.fold(&mut fact);
        Ok(fact)
    }

    /// An answer of an earlier version, with what it meant.
    fn completed(&self, recorded: &str) -> Option<Result<Fact, serde_json::Error>> {
        let mut value: Value = serde_json::from_str(recorded).ok()?;
        let fields = value.as_object_mut()?;
        if fields.get("fact")? != "answered" || fields.contains_key("outcome") {
            return None;
        }
        let status = fields.get("status")?.as_u64()?.try_into().ok()?;
        let is_foreign = fields.get("is_foreign").is_some_and(|foreign| foreign == true);
        let judged = (self.outcome)(status, is_foreign);
        fields.insert("outcome".to_owned(), serde_json::to_value(judged.outcome).ok()?);
        fields.insert("is_turned_away".to_owned(), judged.is_turned_away.into());
        Some(serde_json::from_value(value))
    }

    /// Gives every state in `fact` its meaning.
    fn fold(&self, fact: &mut Fact) {
        let state = match fact {
            Fact::Claimed(claim) => Some(&mut claim.request.shown.state),
            Fact::Looked(preflight) => preflight.state.as_mut(),
            Fact::Observed(Observation { state, .. }) => Some(state),
            Fact::Settled(ending) => ending.target_state.as_mut(),
            Fact::Sending { .. } | Fact::Unsent { .. } | Fact::Answered(_) | Fact::AnswerLost { .. } => None,
        };
        if let Some(state) = state {
            *state = self.status(state.word().as_str());
        }
    }

    /// The state that the service words as `word`.
    #[must_use]
    pub fn status(&self, word: &str) -> Status {
        let word = SafeText::new(word);
        Status::new(word.as_str(), (self.phase)(word.as_str()))
    }
}
