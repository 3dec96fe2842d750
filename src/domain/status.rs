//! A state in the word that the service has for it, and what that means for us.
//!
//! The words are open: documentation, samples and answers disagree, so an unknown one is kept and shown as it came. Must
//! not know any word: what it means is said by the service, which reads it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::text::SafeText;

/// A state as the service worded it, and as the service means it. Written as the word alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    word: SafeText,
    phase: Phase,
}

/// What a status word means for whoever waits for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Never published: there is nothing that could be cancelled.
    Idle,
    /// Known, and not begun.
    NotStarted,
    /// Under way.
    Running,
    /// Waiting for a person or for another step.
    Waiting,
    /// Ended well.
    Succeeded,
    /// Ended by a cancel.
    Canceled,
    /// Ended badly.
    Failed,
    /// A word this program does not know, or none.
    Unknown,
}

impl Phase {
    /// Whether this is an end. Everything else counts as active, unknown words included.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled | Self::Failed)
    }
}

impl Status {
    /// The state worded as `word`, which means `phase`.
    #[must_use]
    pub fn new(word: &str, phase: Phase) -> Self {
        Self {
            word: SafeText::new(word),
            phase,
        }
    }

    /// The word as it came, safe to show.
    #[must_use]
    pub fn word(&self) -> &SafeText {
        &self.word
    }

    /// What the word means.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether an operation in this state is not known to have ended.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.phase.has_ended()
    }

    /// Whether nothing can be in flight on an offer in this state: never published, or its last operation has ended.
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

/// Reads the word; its [`Meaning`](crate::domain::meaning::Meaning) is the service's to give.
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
    fn only_a_known_end_is_an_end() {
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
