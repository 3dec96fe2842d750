//! Progress of a cancellation: a total state machine over the facts.

use crate::domain::{answer::Outcome, fact::Fact, verdict::Verdict};

/// Progress of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was sent that could have been carried out.
    Claimed,
    /// A request is under way; without an answer it may have been carried out.
    Sending,
    /// The service gave a meaningful answer.
    Answered(Outcome),
    /// Sent, and no answer shows whether it was carried out.
    Uncertain,
    /// A final verdict stands.
    Settled,
}

impl Stage {
    /// Returns the stage after `fact`; none if this stage does not admit it.
    pub(super) fn after(self, fact: &Fact) -> Option<Self> {
        match (self, fact) {
            (Self::Settled, _) | (_, Fact::Claimed(_)) => None,
            (Self::Claimed, Fact::Looked(_)) | (Self::Sending, Fact::Unsent { .. }) => Some(Self::Claimed),
            (Self::Claimed, Fact::Sending { .. }) => Some(Self::Sending),
            (Self::Sending, Fact::AnswerLost { .. }) => Some(Self::Uncertain),
            (Self::Sending, Fact::Answered(answer)) => Some(match answer.outcome {
                outcome if outcome.was_not_carried_out() => Self::Claimed,
                Outcome::Uncertain => Self::Uncertain,
                outcome => Self::Answered(outcome),
            }),
            // Another process may read while the sender still waits for its answer, which then counts all the same.
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

    /// Returns true if a verdict can be true at this stage.
    fn admits(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::NothingRunning | Verdict::Superseded | Verdict::NotSent => self == Self::Claimed,
            Verdict::Canceled | Verdict::FinishedFirst => self != Self::Settled,
            Verdict::Refused => matches!(
                self,
                Self::Answered(Outcome::Refused | Outcome::Accepted | Outcome::Done)
            ),
            Verdict::Unknown => matches!(
                self,
                Self::Sending | Self::Uncertain | Self::Answered(Outcome::Refused | Outcome::Gone)
            ),
            Verdict::Pending => matches!(self, Self::Answered(outcome) if outcome.has_accepted()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        answer::Answer,
        cancellation::tests::{answer, observed, sending},
        fact::PreflightResult,
        verdict::{Ending, Evidence},
    };
    use crate::service::cpp;

    const STAGES: [Stage; 7] = [
        Stage::Claimed,
        Stage::Sending,
        Stage::Answered(Outcome::Done),
        Stage::Answered(Outcome::Accepted),
        Stage::Answered(Outcome::Refused),
        Stage::Uncertain,
        Stage::Settled,
    ];

    /// Returns the result of `fact` from each of [`STAGES`], a letter each: the same stage `=`, none `.`, or the stage
    /// by its initial.
    fn from_each(fact: &Fact) -> String {
        let letter = |stage: Stage| match stage.after(fact) {
            None => '.',
            Some(after) if after == stage => '=',
            Some(Stage::Claimed) => 'C',
            Some(Stage::Sending) => 'S',
            Some(Stage::Answered(Outcome::Done)) => '0',
            Some(Stage::Answered(Outcome::Accepted)) => '2',
            Some(Stage::Answered(Outcome::Gone)) => 'G',
            Some(Stage::Answered(_)) => '4',
            Some(Stage::Uncertain) => 'U',
            Some(Stage::Settled) => '!',
        };
        STAGES.into_iter().map(letter).collect()
    }

    #[test]
    fn each_fact_has_its_transition_from_each_stage() {
        let text = || "x".into();
        let foreign = |status| Fact::Answered(cpp::answer(status, true));
        let gone = Fact::Answered(Answer::new(404, Outcome::Gone));
        for (fact, expected) in [
            (Fact::Looked(PreflightResult::default()), "=......"),
            (sending(1), "S......"),
            (Fact::Unsent { error: text() }, ".C....."),
            (Fact::AnswerLost { error: text() }, ".U....."),
            (answer(200), ".0....."),
            (answer(202), ".2....."),
            (answer(409), ".4....."),
            (gone, ".G....."),
            (answer(401), ".C....."),
            (answer(429), ".C....."),
            (answer(500), ".U....."),
            // A foreign answer is uncertain, whatever its status.
            (foreign(200), ".U....."),
            (foreign(401), ".U....."),
            (foreign(404), ".U....."),
            (foreign(429), ".U....."),
            (observed("canceled"), ".=====."),
        ] {
            assert_eq!(from_each(&fact), expected, "{fact:?}");
        }
    }

    #[test]
    fn each_verdict_is_admitted_at_its_stages() {
        let bare = Ending::new;
        let by_answer = Ending {
            evidence: Some(Evidence::Answer),
            is_open: true,
            ..bare(Verdict::Canceled)
        };
        let stalled = Ending {
            is_stalled: true,
            ..bare(Verdict::Pending)
        };
        for (ending, expected) in [
            (bare(Verdict::Canceled), "!!!!!!."),
            // A provisional verdict changes no stage, wherever the final one is admitted.
            (by_answer, "======."),
            (bare(Verdict::FinishedFirst), "!!!!!!."),
            (bare(Verdict::Refused), "..!!!.."),
            (bare(Verdict::Unknown), ".=..==."),
            (bare(Verdict::Pending), "..==..."),
            (stalled, "..==..."),
            (bare(Verdict::NothingRunning), "!......"),
            (bare(Verdict::Superseded), "!......"),
            (bare(Verdict::NotSent), "!......"),
        ] {
            assert_eq!(from_each(&Fact::Settled(ending.clone())), expected, "{ending:?}");
        }
    }
}
