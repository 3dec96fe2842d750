//! How far a cancellation has come, and what may happen next: a total state machine over the facts.

use crate::domain::{answer::AnswerClass, fact::Fact, verdict::Verdict};

/// How far a cancellation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing has been sent that could have been carried out.
    Claimed,
    /// A request is on its way; without an answer it may have been carried out.
    Sending,
    /// The service answered something that means something.
    Answered(AnswerClass),
    /// Sent, and no answer tells whether it was carried out.
    Uncertain,
    /// A final verdict stands.
    Settled,
}

impl Stage {
    /// The stage after `fact`; nothing where this stage does not admit it.
    pub(super) fn after(self, fact: &Fact) -> Option<Self> {
        match (self, fact) {
            (Self::Settled, _) | (_, Fact::Claimed(_)) => None,
            (Self::Claimed, Fact::Looked(_)) | (Self::Sending, Fact::Unsent { .. }) => Some(Self::Claimed),
            (Self::Claimed, Fact::Sending { .. }) => Some(Self::Sending),
            (Self::Sending, Fact::AnswerLost { .. }) => Some(Self::Uncertain),
            (Self::Sending, Fact::Answered(answer)) => Some(match answer.class() {
                class if class.was_not_carried_out() => Self::Claimed,
                AnswerClass::Uncertain => Self::Uncertain,
                class => Self::Answered(class),
            }),
            // Somebody else may read while the sender still waits for its answer, which then counts all the same.
            (Self::Sending | Self::Answered(_) | Self::Uncertain, Fact::Observed(_)) => Some(self),
            (_, Fact::Settled(ending)) if self.admits(ending.verdict) => Some(if ending.is_provisional() {
                self
            } else {
                Self::Settled
            }),
            (
                Self::Claimed,
                Fact::Unsent { .. } | Fact::AnswerLost { .. } | Fact::Answered(_) | Fact::Observed(_),
            )
            | (Self::Sending, Fact::Looked(_) | Fact::Sending { .. })
            | (
                Self::Answered(_) | Self::Uncertain,
                Fact::Looked(_)
                | Fact::Sending { .. }
                | Fact::Unsent { .. }
                | Fact::AnswerLost { .. }
                | Fact::Answered(_),
            )
            | (_, Fact::Settled(_)) => None,
        }
    }

    /// Whether a verdict can be true at this stage.
    fn admits(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::NothingRunning | Verdict::Superseded | Verdict::NotSent => self == Self::Claimed,
            Verdict::Canceled | Verdict::FinishedFirst => self != Self::Settled,
            Verdict::Refused => matches!(
                self,
                Self::Answered(AnswerClass::Refused | AnswerClass::Accepted | AnswerClass::Canceled)
            ),
            Verdict::Unknown => matches!(
                self,
                Self::Sending | Self::Uncertain | Self::Answered(AnswerClass::Refused)
            ),
            Verdict::Pending => matches!(self, Self::Answered(class) if class.has_accepted()),
        }
    }
}
