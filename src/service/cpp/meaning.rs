//! Meaning of this service's words and statuses.
//!
//! Documentation, samples, and clients disagree about the words, so they are compared without case, spaces, hyphens,
//! and underscores, and any other word is unknown.

use crate::domain::{
    answer::{Answer, Outcome},
    meaning::{Judged, Meaning},
    status::{Phase, Status},
};

/// Meaning for facts that were recorded without it.
pub const MEANING: Meaning = Meaning { phase, outcome };

/// Returns the state with this service's word `word`.
#[must_use]
pub fn status(word: &str) -> Status {
    MEANING.status(word)
}

/// Returns an answer of this service, or a foreign one, with that status and no further content.
#[must_use]
pub fn answer(http_status: u16, is_foreign: bool) -> Answer {
    let Judged {
        outcome,
        is_turned_away,
    } = outcome(http_status, is_foreign);
    Answer {
        is_foreign,
        is_turned_away,
        ..Answer::new(http_status, outcome)
    }
}

fn phase(word: &str) -> Phase {
    let word: String = word
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_'))
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

/// Judges an answer to a cancel. The cancel names no operation, so a 404 is a refusal like any other 4xx.
fn outcome(http_status: u16, is_foreign: bool) -> Judged {
    let own = match http_status {
        200 => Outcome::Done,
        201..=299 => Outcome::Accepted,
        401 => Outcome::SignIn,
        429 => Outcome::Throttled,
        408 => Outcome::Uncertain,
        400..=499 => Outcome::Refused,
        _ => Outcome::Uncertain,
    };
    Judged {
        outcome: if is_foreign { Outcome::Uncertain } else { own },
        is_turned_away: is_foreign && (400..500).contains(&http_status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_known_words_have_their_phase() {
        for (words, phase) in [
            (
                &["running", "Running", "InProgress", "inProgress"][..],
                Phase::Running,
            ),
            (
                &["notStarted", "not started", "not-started", "NOT_STARTED"],
                Phase::NotStarted,
            ),
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
            (
                &["", "cancelling", "quantum", "éfailed", "fai\u{1b}led", "failed?"],
                Phase::Unknown,
            ),
        ] {
            for word in words {
                assert_eq!(status(word).phase(), phase, "{word}");
            }
        }
    }

    #[test]
    fn each_status_has_its_outcome() {
        for (statuses, meant) in [
            (&[200][..], Outcome::Done),
            (&[201, 202, 204], Outcome::Accepted),
            (&[400, 403, 404, 405, 409, 410, 412, 422, 451], Outcome::Refused),
            (&[401], Outcome::SignIn),
            (&[429], Outcome::Throttled),
            (
                &[301, 302, 307, 308, 408, 500, 502, 503, 504, 599, 100, 999],
                Outcome::Uncertain,
            ),
        ] {
            for &status in statuses {
                assert_eq!(outcome(status, false).outcome, meant, "{status}");
                assert!(!outcome(status, false).is_turned_away, "{status}");
                let foreign = outcome(status, true);
                assert_eq!(foreign.outcome, Outcome::Uncertain, "{status} of a stranger");
                assert_eq!(foreign.is_turned_away, (400..500).contains(&status), "{status}");
            }
        }
    }
}
