//! Verdicts of a cancellation: the same words on the screen, in the JSON, in the journal, and in the exit code.

use serde::{Deserialize, Serialize};

use crate::domain::{ids::OperationId, status::Status, text::SafeText};

/// Verdict of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The operation is canceled.
    Canceled,
    /// The operation ended by itself before the cancel took effect.
    FinishedFirst,
    /// The service refused, and the operation is still running.
    Refused,
    /// Sent; the answer was lost or meaningless, and reading has not settled it. Open.
    Unknown,
    /// Accepted, and still canceling when following stopped. Open.
    Pending,
    /// Every known operation on the offer had ended: nothing was carried out.
    NothingRunning,
    /// The active operation is not the named or confirmed one, or there are several: nothing was carried out.
    Superseded,
    /// Nothing was carried out, for the reason in the error.
    NotSent,
}

impl Verdict {
    /// All verdicts, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Canceled,
        Self::FinishedFirst,
        Self::Refused,
        Self::Unknown,
        Self::Pending,
        Self::NothingRunning,
        Self::Superseded,
        Self::NotSent,
    ];

    /// Returns true if it always may be replaced by a later reading; [`Ending::is_provisional`] covers the others.
    #[must_use]
    pub fn is_provisional(self) -> bool {
        matches!(self, Self::Unknown | Self::Pending)
    }

    /// Returns the JSON word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Canceled => "canceled",
            Self::FinishedFirst => "finished_first",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::NothingRunning => "nothing_running",
            Self::Superseded => "superseded",
            Self::NotSent => "not_sent",
        }
    }
}

/// Evidence of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The operation's own state was read.
    Observed,
    /// The service accepted the cancel and itself denies reading the operation. Provisional for a day.
    Answer,
    /// Only the state of the offer could be read.
    OfferStatus,
    /// The service proves that the operation is gone, and that nothing else has removed it.
    Absent,
}

impl Evidence {
    /// Returns the JSON word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Answer => "answer",
            Self::OfferStatus => "offer_status",
            Self::Absent => "absent",
        }
    }
}

/// Cause of nothing being carried out, as far as exit codes distinguish it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// No accepted sign-in.
    SignIn,
    /// Prevented by the service, the network, or the journal.
    #[default]
    Other,
}

/// A verdict with its evidence and details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The verdict.
    pub verdict: Verdict,
    /// Its evidence, if a state was read or an answer came.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// The operation's state as last read.
    #[serde(default)]
    pub target_state: Option<Status>,
    /// Other operations of the offer found canceled after the request.
    #[serde(default)]
    pub also_canceled: Vec<OperationId>,
    /// Error and remedy, without further context.
    #[serde(default)]
    pub error: Option<SafeText>,
    /// Cause of nothing being carried out.
    #[serde(default)]
    pub cause: Cause,
    /// Whether the claim was given up as dead by a waiting session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abandoned: bool,
    /// Number of reads after the request.
    #[serde(default)]
    pub polls: u32,
    /// Whether `canceled` by the answer alone may still be replaced by a reading. Records of earlier versions may not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_open: bool,
    /// Whether `pending` has been read as active for so long that a person may send again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_stalled: bool,
}

impl Ending {
    /// Creates an ending without details, which the caller adds.
    #[must_use]
    pub fn new(verdict: Verdict) -> Self {
        Self {
            verdict,
            evidence: None,
            target_state: None,
            also_canceled: Vec::new(),
            error: None,
            cause: Cause::Other,
            abandoned: false,
            polls: 0,
            is_open: false,
            is_stalled: false,
        }
    }

    /// Returns true if it may still be replaced by a later reading.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.verdict.is_provisional() || self.is_open
    }

    /// Returns the ending with an error.
    #[must_use]
    pub fn because(self, error: impl Into<SafeText>) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }

    /// Returns the exit code of a command that ended like this.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.verdict {
            Verdict::Canceled => Exit::Done,
            Verdict::FinishedFirst => Exit::FinishedFirst,
            Verdict::Refused => Exit::Refused,
            Verdict::Unknown => Exit::Unknown,
            Verdict::Pending => Exit::Pending,
            Verdict::NothingRunning => Exit::NothingRunning,
            Verdict::Superseded => Exit::Superseded,
            Verdict::NotSent => match self.cause {
                Cause::SignIn => Exit::SignIn,
                Cause::Other => Exit::Failure,
            },
        }
    }
}

/// Exit of the program. Ordered by severity: the most severe one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success.
    Done,
    /// Nothing was running.
    NothingRunning,
    /// Another operation was running.
    Superseded,
    /// The operation ended by itself.
    FinishedFirst,
    /// The service refused.
    Refused,
    /// Still canceling.
    Pending,
    /// Unknown.
    Unknown,
    /// A failure.
    Failure,
    /// Usage, settings, or read-only; nothing was tried.
    Usage,
    /// No accepted sign-in.
    SignIn,
    /// The terminal was closed.
    HangUp,
    /// Terminated.
    Terminated,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// Returns the code for the shell.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failure => 1,
            Self::Usage => 2,
            Self::FinishedFirst => 3,
            Self::Refused => 4,
            Self::SignIn => 5,
            Self::Unknown => 6,
            Self::Pending => 7,
            Self::NothingRunning => 8,
            Self::Superseded => 9,
            Self::HangUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_severe_exit_wins() {
        let by_gravity = [130, 5, 1, 6, 7, 4, 3, 9, 8, 0];
        let mut exits = [
            Exit::Done,
            Exit::Failure,
            Exit::FinishedFirst,
            Exit::Refused,
            Exit::SignIn,
            Exit::Unknown,
            Exit::Pending,
            Exit::NothingRunning,
            Exit::Superseded,
            Exit::Interrupted,
        ];
        exits.sort_by(|a, b| b.cmp(a));
        assert_eq!(exits.map(Exit::code), by_gravity);
    }

    #[test]
    fn each_verdict_has_its_exit_code_and_word() {
        let codes = Verdict::ALL.map(|verdict| Ending::new(verdict).exit().code());
        assert_eq!(codes, [0, 3, 4, 6, 7, 8, 9, 1]);
        let sign_in = Ending {
            cause: Cause::SignIn,
            ..Ending::new(Verdict::NotSent)
        };
        assert_eq!(sign_in.exit().code(), 5);
        for verdict in Verdict::ALL {
            let word = serde_json::to_value(verdict).unwrap();
            assert_eq!(word, verdict.word());
        }
    }

    #[test]
    fn provisional_and_final_endings_are_distinguished() {
        for verdict in Verdict::ALL {
            let open = matches!(verdict, Verdict::Unknown | Verdict::Pending);
            assert_eq!(verdict.is_provisional(), open);
            assert_eq!(Ending::new(verdict).is_provisional(), open);
        }
        let by_answer = Ending {
            is_open: true,
            ..Ending::new(Verdict::Canceled)
        };
        assert!(by_answer.is_provisional());
        assert_eq!(by_answer.exit(), Exit::Done);
    }

    #[test]
    fn evidence_has_its_json_word_and_reasons_replace_each_other() {
        for evidence in [Evidence::Observed, Evidence::Answer, Evidence::OfferStatus] {
            assert_eq!(serde_json::to_value(evidence).unwrap(), evidence.word());
        }
        let ending = Ending {
            polls: 3,
            ..Ending::new(Verdict::NotSent)
        };
        let replaced = ending.because("a").because("b");
        assert_eq!((replaced.error, replaced.polls), (Some("b".into()), 3));
    }
}
