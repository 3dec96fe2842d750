//! A cancellation: the fold of its facts, the same live and after a restart.

use jiff::Timestamp;

use crate::domain::{
    answer::Answer,
    confirmation::Request,
    fact::{Claim, Fact, Observation, Owner, PreflightResult, Recorded, Via},
    ids::CancellationId,
    stage::Stage,
    status::Status,
    verdict::{Ending, Verdict},
};

/// One cancellation with everything recorded about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// Id in the journal.
    pub id: CancellationId,
    /// The confirmed request.
    pub request: Request,
    /// Owner that confirmed it.
    pub by: Owner,
    /// Time of the claim.
    pub claimed_at: Timestamp,
    /// Progress.
    pub stage: Stage,
    /// Number of requests sent.
    pub attempts: u32,
    /// The newest look before sending.
    pub preflight: Option<PreflightResult>,
    /// Time just before the newest request was sent.
    pub sent_at: Option<Timestamp>,
    /// The newest answer.
    pub answer: Option<Answer>,
    /// The newest state of the operation itself, or of its offer.
    pub observed: Option<Observation>,
    /// The newest state of the location, if that is another resource.
    pub location_state: Option<Status>,
    /// The current verdict, and its time.
    pub ending: Option<(Timestamp, Ending)>,
    /// Every fact, in order.
    pub facts: Vec<Recorded>,
}

/// Number of a fact that no journal has recorded.
const UNRECORDED: u64 = 0;

impl Cancellation {
    /// Begins with the claim.
    #[must_use]
    pub fn claimed(id: CancellationId, claim: Claim, number: u64, at: Timestamp) -> Self {
        let first = Recorded {
            number,
            at,
            fact: Fact::Claimed(Box::new(claim.clone())),
        };
        Self {
            id,
            request: claim.request,
            by: claim.by,
            claimed_at: at,
            stage: Stage::Claimed,
            attempts: 0,
            preflight: None,
            sent_at: None,
            answer: None,
            observed: None,
            location_state: None,
            ending: None,
            facts: vec![first],
        }
    }

    /// Folds all facts of one cancellation; none if the first is not a claim.
    pub fn fold(id: CancellationId, facts: impl IntoIterator<Item = Recorded>) -> Option<Self> {
        let mut facts = facts.into_iter();
        let Some(Recorded {
            number,
            at,
            fact: Fact::Claimed(claim),
        }) = facts.next()
        else {
            return None;
        };
        let mut cancellation = Self::claimed(id, *claim, number, at);
        for recorded in facts {
            cancellation.apply(recorded);
        }
        Some(cancellation)
    }

    /// Applies the next fact. Returns true if the stage admits it; a fact that it does not admit is stored without
    /// further effect, and a known one is skipped.
    pub fn apply(&mut self, recorded: Recorded) -> bool {
        if self.facts.iter().any(|known| known.number == recorded.number) {
            return true;
        }
        let admitted = self.admit(&recorded);
        self.facts.push(recorded);
        admitted
    }

    /// Applies a fact that the journal could not record yet: it happened all the same. Its number is 0 until it has
    /// one.
    pub fn apply_unrecorded(&mut self, fact: Fact, at: Timestamp) -> bool {
        let recorded = Recorded {
            number: UNRECORDED,
            at,
            fact,
        };
        let admitted = self.admit(&recorded);
        self.facts.push(recorded);
        admitted
    }

    /// Sets `number` on the oldest unrecorded fact, which the journal has recorded now.
    pub fn recorded_late(&mut self, number: u64) {
        if let Some(first) = self.facts.iter_mut().find(|fact| fact.number == UNRECORDED) {
            first.number = number;
        }
    }

    fn admit(&mut self, recorded: &Recorded) -> bool {
        let Some(stage) = self.stage.after(&recorded.fact) else {
            return false;
        };
        self.stage = stage;
        match &recorded.fact {
            Fact::Claimed(_) | Fact::Unsent { .. } | Fact::AnswerLost { .. } => {}
            Fact::Looked(preflight) => self.preflight = Some(preflight.clone()),
            Fact::Sending { attempt, .. } => {
                self.attempts = *attempt;
                self.sent_at = Some(recorded.at);
                // The answer to an earlier request does not apply to this one.
                self.answer = None;
                self.observed = None;
                self.location_state = None;
            }
            Fact::Answered(answer) => self.answer = Some(answer.clone()),
            Fact::Observed(Observation {
                state,
                via: Via::Location,
            }) => self.location_state = Some(state.clone()),
            Fact::Observed(observation) => self.observed = Some(observation.clone()),
            Fact::Settled(ending) => self.ending = Some((recorded.at, ending.clone())),
        }
        true
    }

    /// Returns true if its stage admits `fact`, so that applying it would change more than the facts.
    #[must_use]
    pub fn admits(&self, fact: &Fact) -> bool {
        self.stage.after(fact).is_some()
    }

    /// Returns the number of the newest fact.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.facts
            .iter()
            .map(|fact| fact.number)
            .max()
            .unwrap_or(UNRECORDED)
    }

    /// Returns true if its end is not known yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage != Stage::Settled
    }

    /// Returns true if a person may send again, knowing the outcome of this one.
    #[must_use]
    pub fn may_be_asked_again(&self) -> bool {
        self.ending
            .as_ref()
            .is_some_and(|(_, ending)| match ending.verdict {
                Verdict::Unknown | Verdict::Refused => true,
                Verdict::Pending => ending.is_stalled,
                _ => false,
            })
    }

    /// Returns true if it blocks no other claim although it is open: it is canceled by its answer alone.
    #[must_use]
    pub fn holds_no_claim(&self) -> bool {
        self.ending.as_ref().is_some_and(|(_, ending)| ending.is_open)
    }

    /// Returns the last state read in one place since the newest request.
    #[must_use]
    pub fn last_read(&self, via: Via) -> Option<&Status> {
        self.since_sending().rev().find_map(|fact| match fact {
            Fact::Observed(observation) if observation.via == via => Some(&observation.state),
            _ => None,
        })
    }

    /// Returns the first state read in one place since the newest request.
    #[must_use]
    pub fn first_read(&self, via: Via) -> Option<&Status> {
        self.since_sending().find_map(|fact| match fact {
            Fact::Observed(observation) if observation.via == via => Some(&observation.state),
            _ => None,
        })
    }

    /// Returns the state of the target as last read since the newest request, or by the preflight look if none was
    /// sent. The offer's state applies to an operation bound by its id only if no other has begun, which is unknown.
    #[must_use]
    pub fn target_state(&self) -> Option<&Status> {
        if self.attempts == 0 {
            return self.preflight.as_ref().and_then(|seen| seen.state.as_ref());
        }
        let is_bound_by_id = self.request.target.binding.operation().is_some();
        self.since_sending().rev().find_map(|fact| match fact {
            Fact::Observed(Observation { state, via }) => {
                let is_its_own = via.is_target() || *via == Via::OfferStatus && !is_bound_by_id;
                is_its_own.then_some(state)
            }
            _ => None,
        })
    }

    fn since_sending(&self) -> impl DoubleEndedIterator<Item = &Fact> {
        let sent = |recorded: &Recorded| matches!(recorded.fact, Fact::Sending { .. });
        let first = self.facts.iter().rposition(sent).map_or(0, |at| at + 1);
        self.facts[first..].iter().map(|recorded| &recorded.fact)
    }

    /// Returns true if a request was sent that the service may have carried out.
    #[must_use]
    pub fn may_have_been_carried_out(&self) -> bool {
        matches!(self.stage, Stage::Sending | Stage::Answered(_) | Stage::Uncertain)
    }

    /// Returns true if its timeline includes a request, whatever its outcome.
    #[must_use]
    pub fn went_out(&self) -> bool {
        let is_sending = |recorded: &Recorded| matches!(recorded.fact, Fact::Sending { .. });
        self.facts.iter().any(is_sending)
    }

    /// Returns true if a request was sent, or may have been, that the service could have carried out.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        match self.verdict() {
            Some(Verdict::NotSent | Verdict::NothingRunning | Verdict::Superseded) => false,
            Some(_) => true,
            None => self.may_have_been_carried_out(),
        }
    }

    /// Returns the current verdict, final or not.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.ending.as_ref().map(|(_, ending)| ending.verdict)
    }
}

#[cfg(test)]
mod standing;

#[cfg(test)]
pub(crate) mod tests {
    use crate::service::cpp::{self, status};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        answer::Outcome,
        confirmation::Shown,
        ids::Origin,
        operation::Destination,
        target::{Binding, Fingerprint, Target},
    };

    pub(crate) fn owner() -> Owner {
        Owner {
            user: "ada".into(),
            host: "jump".into(),
            pid: 7,
            started: "1".into(),
        }
    }

    pub(crate) fn request() -> Request {
        Request {
            target: Target {
                origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
                publisher: "contoso".into(),
                offer: "contoso-vm".into(),
                binding: Binding::Operation("5a63deb5-0000-1000-0000-000000000000".into()),
            },
            profile: "prod".into(),
            shown: Shown {
                kind: "publish".into(),
                destination: Destination::Preview,
                state: status("running"),
                step: None,
                changed_at: None,
            },
            notify: Vec::new(),
            again_of: None,
        }
    }

    pub(crate) fn answer(status: u16) -> Fact {
        Fact::Answered(cpp::answer(status, false))
    }

    pub(crate) fn sending(attempt: u32) -> Fact {
        Fact::Sending { attempt, by: owner() }
    }

    pub(crate) fn observed(state: &str) -> Fact {
        Fact::Observed(Observation {
            state: status(state),
            via: Via::Operation,
        })
    }

    pub(super) fn settled(verdict: Verdict) -> Fact {
        Fact::Settled(Ending::new(verdict))
    }

    pub(super) fn fold(facts: Vec<Fact>) -> Cancellation {
        let claim = Fact::Claimed(Box::new(Claim {
            request: request(),
            by: owner(),
        }));
        let numbered = std::iter::once(claim)
            .chain(facts)
            .zip(1..)
            .map(|(fact, number)| Recorded {
                number,
                at: Timestamp::UNIX_EPOCH,
                fact,
            });
        Cancellation::fold("a1".into(), numbered).unwrap()
    }

    #[test]
    fn each_fact_sequence_folds_to_its_stage() {
        use Stage::{Answered, Claimed, Sending, Settled, Uncertain};
        let lost = Fact::AnswerLost {
            error: "reset".into(),
        };
        for (facts, stage) in [
            (vec![], Claimed),
            (
                vec![Fact::Looked(PreflightResult::default()), sending(1)],
                Sending,
            ),
            (vec![sending(1), answer(429), sending(2)], Sending),
            (vec![sending(1), answer(401)], Claimed),
            (vec![sending(1), Fact::Unsent { error: "dns".into() }], Claimed),
            (vec![sending(1), answer(202)], Answered(Outcome::Accepted)),
            (vec![sending(1), answer(500)], Uncertain),
            (vec![sending(1), lost.clone()], Uncertain),
            (
                vec![sending(1), lost.clone(), settled(Verdict::Unknown)],
                Uncertain,
            ),
            (
                vec![
                    sending(1),
                    lost,
                    settled(Verdict::Unknown),
                    observed("canceled"),
                    settled(Verdict::Canceled),
                ],
                Settled,
            ),
            (vec![settled(Verdict::NotSent)], Settled),
        ] {
            assert_eq!(fold(facts.clone()).stage, stage, "{facts:?}");
        }
    }

    #[test]
    fn offer_state_is_not_the_state_of_an_operation_with_an_id() {
        let by_offer = |word| {
            Fact::Observed(Observation {
                state: status(word),
                via: Via::OfferStatus,
            })
        };
        let mut read = fold(vec![sending(1), observed("running"), by_offer("failed")]);
        assert_eq!(read.target_state(), Some(&status("running")));
        let unread = fold(vec![observed("running"), sending(1), by_offer("failed")]);
        assert_eq!(unread.target_state(), None);
        read.request.target.binding = Binding::Fingerprint(Fingerprint {
            destination: Destination::Preview,
            offer_version: None,
            version: None,
            changed_at: None,
        });
        assert_eq!(read.target_state(), Some(&status("failed")));
    }

    #[test]
    fn first_final_verdict_stands() {
        let folded = fold(vec![
            sending(1),
            answer(202),
            settled(Verdict::Canceled),
            settled(Verdict::FinishedFirst),
        ]);
        assert_eq!(folded.verdict(), Some(Verdict::Canceled));
        assert_eq!(folded.facts.len(), 5, "what is not admitted is kept all the same");
    }

    #[test]
    fn impossible_verdict_is_not_admitted() {
        for facts in [
            vec![sending(1), settled(Verdict::NotSent)],
            vec![sending(1), answer(202), settled(Verdict::NothingRunning)],
            vec![settled(Verdict::Pending)],
            vec![settled(Verdict::Refused)],
        ] {
            assert_eq!(fold(facts.clone()).verdict(), None, "{facts:?}");
        }
    }

    fn any_fact() -> impl Strategy<Value = Fact> {
        prop_oneof![
            Just(Fact::Looked(PreflightResult::default())),
            (1..4u32).prop_map(sending),
            Just(Fact::Unsent { error: "x".into() }),
            Just(Fact::AnswerLost { error: "x".into() }),
            prop::sample::select(vec![200u16, 202, 307, 400, 401, 404, 408, 429, 500]).prop_map(answer),
            prop::sample::select(vec!["running", "canceled", "succeeded"]).prop_map(observed),
            prop::sample::select(Verdict::ALL.to_vec()).prop_map(settled),
        ]
    }

    proptest! {
        #[test]
        fn every_sequence_folds_and_final_verdicts_never_change(facts in prop::collection::vec(any_fact(), 0..24)) {
            let mut settled_as = None;
            for end in 0..=facts.len() {
                let folded = fold(facts[..end].to_vec());
                if let Some(verdict) = settled_as {
                    prop_assert_eq!(folded.verdict(), Some(verdict));
                }
                if folded.stage == Stage::Settled {
                    settled_as = folded.verdict();
                    prop_assert!(!settled_as.unwrap().is_provisional());
                }
            }
        }
    }
}
