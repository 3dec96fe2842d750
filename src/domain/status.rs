//! The words the service has for a state, folded to what they mean for us.
//!
//! The words are open: documentation, samples and answers disagree, so an unknown one is kept and shown as it came.

use serde::{Deserialize, Serialize};

use crate::domain::text::SafeText;

/// A state as the service worded it. Compares by the word; [`Status::phase`] is what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(SafeText);

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
    /// The state worded as `word`.
    #[must_use]
    pub fn new(word: &str) -> Self {
        Self(SafeText::new(word))
    }

    /// The word as it came, safe to show.
    #[must_use]
    pub fn word(&self) -> &SafeText {
        &self.0
    }

    /// What the word means; compared without case, blanks and hyphens.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let word: String = self
            .0
            .as_str()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        match word.as_str() {
            "neverpublished" | "draft" => Phase::Idle,
            "notstarted" | "pending" | "queued" => Phase::NotStarted,
            "running" | "inprogress" | "publishing" => Phase::Running,
            "succeeded" | "success" | "completed" | "complete" | "published" | "live" => Phase::Succeeded,
            "canceled" | "cancelled" => Phase::Canceled,
            "failed" | "rejected" => Phase::Failed,
            "blocked" => Phase::Waiting,
            _ if word.starts_with("waiting") => Phase::Waiting,
            _ => Phase::Unknown,
        }
    }

    /// Whether an operation in this state is not known to have ended.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.phase().has_ended()
    }

    /// Whether nothing can be in flight on an offer in this state: never published, or its last operation has ended.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        let phase = self.phase();
        phase == Phase::Idle || phase.has_ended()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_seen_anywhere_fold_to_their_meaning() {
        for (words, phase) in [
            (
                &["running", "Running", "InProgress", "inProgress"][..],
                Phase::Running,
            ),
            (&["notStarted", "not started", "NotStarted"], Phase::NotStarted),
            (
                &["waitingForPublisherReview", "WaitingForApproval", "blocked"],
                Phase::Waiting,
            ),
            (
                &["succeeded", "completed", "complete", "published"],
                Phase::Succeeded,
            ),
            (&["canceled", "Cancelled", "CANCELED"], Phase::Canceled),
            (&["failed", "Rejected"], Phase::Failed),
            (&["neverPublished"], Phase::Idle),
            (&["", "cancelling", "quantum"], Phase::Unknown),
        ] {
            for word in words {
                assert_eq!(Status::new(word).phase(), phase, "{word}");
            }
        }
    }

    #[test]
    fn only_a_known_end_is_an_end() {
        for word in [
            "running",
            "notStarted",
            "waitingForApproval",
            "quantum",
            "",
            "neverPublished",
        ] {
            assert!(Status::new(word).is_active(), "{word}");
        }
    }
}
