//! Meaning of a service's words and codes, as plain functions: for facts that were recorded without it.
//!
//! Journals store the word of a state, and those of earlier versions only the code of an answer. The meaning is given
//! when a journal is opened.

use serde_json::Value;

use crate::domain::{
    answer::Outcome,
    fact::{Fact, Observation},
    status::{Phase, Status},
    text::SafeText,
};

/// Interpretation of a service's words and codes.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// Phase of a status word.
    pub phase: fn(&str) -> Phase,
    /// Meaning of an answer's HTTP status, given whether it may be a foreign one.
    pub outcome: fn(u16, bool) -> Judged,
}

/// Meaning of an answer, beside its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Meaning for the request.
    pub outcome: Outcome,
    /// Whether an intermediary rejected the request.
    pub is_turned_away: bool,
}

impl Meaning {
    /// Reads a fact from its stored form, with its meaning.
    ///
    /// # Errors
    ///
    /// When this program does not know such a fact.
    pub fn read(&self, recorded: &str) -> Result<Fact, serde_json::Error> {
        let read = serde_json::from_str(recorded).or_else(|error| self.completed(recorded).ok_or(error)?);
        let mut fact = read?;
        self.fold(&mut fact);
        Ok(fact)
    }

    /// Reads an answer of an earlier version, with its meaning.
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

    /// Sets the phase of every state in `fact`.
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

    /// Returns the state with the service's word `word`.
    #[must_use]
    pub fn status(&self, word: &str) -> Status {
        let word = SafeText::new(word);
        Status::new(word.as_str(), (self.phase)(word.as_str()))
    }
}
