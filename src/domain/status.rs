//! A state in the service's word, with its meaning.
//!
//! The words are open: documentation, samples, and answers disagree, so an unknown word is kept and shown verbatim.
//! Must not know any word: the service's module gives the meaning.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::text::SafeText;

/// A state in the service's word, with its phase. Serialized as the word alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    word: SafeText,
    phase: Phase,
}

/// Meaning of a status word for following.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Never published: nothing to cancel.
    Idle,
    /// Known, and not begun.
    NotStarted,
    /// Under way.
    Running,
    /// Waiting for a person or for another step.
    Waiting,
    /// Ended successfully.
    Succeeded,
    /// Ended by a cancel.
    Canceled,
    /// Ended in failure.
    Failed,
    /// An unknown word, or none.
    Unknown,
}

impl Phase {
    /// Returns true if this is an end. Everything else counts as active, unknown words included.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled | Self::Failed)
    }
}

impl Status {
    /// Creates the state with the word `word`, which means `phase`.
    #[must_use]
    pub fn new(word: &str, phase: Phase) -> Self {
        Self {
            word: SafeText::new(word),
            phase,
        }
    }

    /// Returns the word as received, safe to show.
    #[must_use]
    pub fn word(&self) -> &SafeText {
        &self.word
    }

    /// Returns the meaning of the word.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns true if an operation in this state is not known to have ended.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.phase.has_ended()
    }

    /// Returns true if nothing can be in flight on an offer in this state: never published, or its last operation has
    /// ended.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.phase == Phase::Idle || self.phase.has_ended()
    }
}

impl Default for Status {
    fn default() -> Self {
        Self::new("", Phase::Unknown)
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.word.serialize(serializer)
    }
}

/// Reads the word; its [`Meaning`](crate::domain::meaning::Meaning) comes from the service's module.
impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = SafeText::deserialize(deserializer)?;
        Ok(Self {
            word,
            phase: Phase::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_ends_are_ends() {
        for (phase, is_active, is_at_rest) in [
            (Phase::Idle, true, true),
            (Phase::NotStarted, true, false),
            (Phase::Running, true, false),
            (Phase::Waiting, true, false),
            (Phase::Succeeded, false, true),
            (Phase::Canceled, false, true),
            (Phase::Failed, false, true),
            (Phase::Unknown, true, false),
        ] {
            let state = Status::new("word", phase);
            assert_eq!(
                (state.is_active(), state.is_at_rest()),
                (is_active, is_at_rest),
                "{phase:?}"
            );
        }
    }
}
