//! How a cancellation ended: the same words on the screen, in the JSON, in the journal and in the exit code.

use serde::{Deserialize, Serialize};

use crate::domain::{ids::OperationId, status::Status, text::SafeText};

/// How a cancellation ended, or stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The operation is cancelled.
    Canceled,
    /// The operation ended by itself before the cancel landed.
    FinishedFirst,
    /// The service would not, and the operation still runs.
    Refused,
    /// Sent; the answer was lost or had no meaning, and reading has not settled it. Open.
    Unknown,
    /// Accepted, and still cancelling when we stopped looking. Open.
    Pending,
    /// Every operation known on the offer had ended: nothing was carried out.
    NothingRunning,
    /// What is active is not what was named or confirmed, or is several: nothing was carried out.
    Superseded,
    /// Nothing was carried out, for the reason in the error.
    NotSent,
}

impl Verdict {
    /// All of them, in the order of the documentation.
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

    /// Whether it always may be replaced when the truth turns out; [`Ending::is_provisional`] knows of the others.
    #[must_use]
    pub fn is_provisional(self) -> bool {
        matches!(self, Self::Unknown | Self::Pending)
    }

    /// The word of the JSON.
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

/// What a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The operation's own state was read.
    Observed,
    /// The service took the cancel on and says itself that the operation cannot be read. Provisional for a day.
    Answer,
    /// Only the state of the offer could be read.
    OfferStatus,
    /// The service has proof that the operation is there no more, and that nothing else has taken it away.
    Absent,
}

impl Evidence {
    /// The word of the JSON.
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

/// Why nothing was carried out, as far as the exit code tells reasons apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// No accepted sign-in.
    SignIn,
    /// The service, the network or the journal did not let us.
    #[default]
    Other,
}

/// A verdict with all that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on, where something was read or answered.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// The operation's state as last read.
    #[serde(default)]
    pub target_state: Option<Status>,
    /// Other operations of the offer found cancelled after our request.
    #[serde(default)]
    pub also_canceled: Vec<OperationId>,
    /// What went wrong and what to do, where something did: the bare reason.
    #[serde(default)]
    pub error: Option<SafeText>,
    /// Why nothing was carried out.
    #[serde(default)]
    pub cause: Cause,
    /// Whether nobody worked on the claim any more, and who waited for it gave it up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abandoned: bool,
    /// How often the service was asked after the request.
    #[serde(default)]
    pub polls: u32,
    /// Whether `canceled` by the answer alone may still be replaced by what is read. What earlier versions recorded may
    /// not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_open: bool,
    /// Whether `pending` has been read as active for so long that a person may ask the service again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_stalled: bool,
}

impl Ending {
    /// A bare ending, to which the caller adds what is known.
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

    /// Whether it still may be replaced when the truth turns out.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.verdict.is_provisional() || self.is_open
    }

    /// The same with an error.
    #[must_use]
    pub fn because(self, error: impl Into<SafeText>) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }

    /// The exit code of a command that ended like this.
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

/// How the program ends. Ordered by gravity: of several, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All is well.
    Done,
    /// Nothing was running.
    NothingRunning,
    /// Something else was running.
    Superseded,
    /// The operation ended by itself.
    FinishedFirst,
    /// The service would not.
    Refused,
    /// Still cancelling.
    Pending,
    /// Not known.
    Unknown,
    /// Something failed.
    Failure,
    /// Usage, settings or read-only; nothing was tried.
    Usage,
    /// No accepted sign-in.
    SignIn,
    /// The terminal went away.
    HangUp,
    /// Asked to terminate.
    Terminated,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// The code for the shell.
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
    fn the_gravest_counts() {
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
    fn each_verdict_has_its_code_and_its_word() {
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
    fn what_stands_for_now_is_told_from_what_stands_for_good() {
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
    fn evidence_has_the_word_of_the_json_and_a_reason_replaces_a_reason() {
        for evidence in [Evidence::Observed, Evidence::Answer, Evidence::OfferStatus] {
            assert_eq!(serde_json::to_value(evidence).unwrap(), evidence.word());
        }
        let ending = Ending {
            polls: 3,
            ..Ending::new(Verdict::NotSent)
        };
        let told = ending.because("a").because("b");
        assert_eq!((told.error, told.polls), (Some("b".into()), 3));
    }
}
