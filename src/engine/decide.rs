//! The decisions of a cancellation, without I/O: what a look allows, and what a reading settles.

use crate::{
    domain::{
        answer::AnswerClass,
        fact::Via,
        operation::{Operation, Source},
        status::{Phase, Status},
        target::Binding,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::look::Look,
};

/// How often a 200 is read back in vain before the answer itself has to do.
pub(super) const READ_BACKS: u32 = 3;

/// Whether a request may be sent after `look`; an ending if not.
pub(super) fn before_sending(binding: &Binding, look: &Look) -> Result<(), Ending> {
    let active: Vec<&Operation> = look.operations.active().collect();
    if let Some(named) = look.find(binding)
        && !named.state.is_active()
    {
        // Another operation would be hit instead, and what was meant has its answer already.
        let others: Vec<String> = active
            .iter()
            .map(|other| Binding::of(other).short().to_string())
            .collect();
        return Err(ended_already(
            named.state.clone(),
            look.operations.source,
            &others,
        ));
    }
    match active[..] {
        [] => Err(Ending::new(Verdict::NothingRunning)
            .because("every operation known on the offer has ended; nothing was sent")),
        [one] if binding.names(one) => Ok(()),
        [one] => Err(Ending::new(Verdict::Superseded).because(format!(
            "the offer now runs another operation ({}), not the one that was confirmed; nothing was sent",
            Binding::of(one).short()
        ))),
        _ => Err(Ending::new(Verdict::Superseded).because(format!(
            "{} operations are active on the offer, and a cancel could hit any of them; nothing was sent",
            active.len()
        ))),
    }
}

fn ended_already(state: Status, source: Source, others: &[String]) -> Ending {
    let verdict = if state.phase() == Phase::Canceled {
        Verdict::Canceled
    } else {
        Verdict::FinishedFirst
    };
    let evidence = match source {
        Source::Submissions => Evidence::Observed,
        Source::OfferStatus => Evidence::OfferStatus,
    };
    Ending {
        evidence: Some(evidence),
        target_state: Some(state),
        ..Ending::new(verdict)
    }
    .because(match others {
        [] => "it had ended before anything was sent".to_owned(),
        others => format!(
            "it had ended before anything was sent; the offer now runs another operation ({})",
            others.join(", ")
        ),
    })
}

/// One reading of the target after the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The state.
    pub(super) state: Status,
    /// Where it was read.
    pub(super) via: Via,
}

/// What is known beside a reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// The meaning of the answer; none when there was none that means anything.
    pub(super) answer: Option<AnswerClass>,
    /// Whether the request was sent so long ago that it is not going to take effect any more.
    pub(super) is_long_ago: bool,
    /// Whether the operation that stands for the cancel itself had failed before this reading began.
    pub(super) cancel_failed: bool,
}

/// What a reading of the target settles, if anything. The target's own state decides.
pub(super) fn after_reading(reading: &Reading, known: Circumstances) -> Option<Ending> {
    let evidence = if reading.via.is_target() {
        Evidence::Observed
    } else {
        Evidence::OfferStatus
    };
    let ending = |verdict| Ending {
        evidence: Some(evidence),
        target_state: Some(reading.state.clone()),
        ..Ending::new(verdict)
    };
    match (reading.state.phase(), known.answer) {
        (Phase::Canceled, _) => Some(ending(Verdict::Canceled)),
        (Phase::Succeeded | Phase::Failed, _) => Some(ending(Verdict::FinishedFirst)),
        (_, Some(AnswerClass::Refused)) => Some(ending(Verdict::Refused)),
        (_, Some(_)) if known.cancel_failed => {
            Some(ending(Verdict::Refused).because(
                "the service accepted the cancel, then its own cancel operation failed; it still runs",
            ))
        }
        (_, None) if known.is_long_ago => Some(ending(Verdict::Unknown)),
        _ => None,
    }
}

/// What stands when looking stops: at the timeout, or because we leave.
pub(super) fn when_we_stop(answer: Option<AnswerClass>, last: Option<&Reading>) -> Ending {
    let verdict = match answer {
        Some(AnswerClass::Accepted | AnswerClass::Canceled) => Verdict::Pending,
        _ => Verdict::Unknown,
    };
    Ending {
        target_state: last.map(|reading| reading.state.clone()),
        ..Ending::new(verdict)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::operation::{Destination, Operations};

    fn operation(id: &str, state: &str) -> Operation {
        Operation {
            id: Some(id.into()),
            kind: "publish".into(),
            destination: Destination::Preview,
            state: Status::new(state),
            offer_version: None,
            version: None,
            changed_at: None,
        }
    }

    fn look(operations: &[(&str, &str)]) -> Look {
        Look {
            at: Timestamp::UNIX_EPOCH,
            operations: Operations {
                source: Source::Submissions,
                list: operations
                    .iter()
                    .map(|(id, state)| operation(id, state))
                    .collect(),
                detail: None,
            },
            active: Vec::new(),
            earlier: Vec::new(),
        }
    }

    #[test]
    fn only_the_confirmed_operation_alone_may_be_hit() {
        use Verdict::{Canceled, FinishedFirst, NothingRunning, Superseded};
        let bound = Binding::Operation("A".into());
        for (operations, verdict) in [
            (&[("a", "running")][..], None),
            (&[("a", "notStarted"), ("b", "succeeded")], None),
            (&[("a", "never heard of")], None),
            (&[], Some(NothingRunning)),
            (&[("b", "succeeded"), ("c", "canceled")], Some(NothingRunning)),
            (&[("b", "running")], Some(Superseded)),
            (&[("a", "running"), ("b", "running")], Some(Superseded)),
            (&[("a", "running"), ("b", "waitingForApproval")], Some(Superseded)),
            (&[("a", "canceled")], Some(Canceled)),
            (&[("a", "canceled"), ("b", "running")], Some(Canceled)),
            (&[("a", "succeeded"), ("b", "running")], Some(FinishedFirst)),
            (&[("a", "failed")], Some(FinishedFirst)),
        ] {
            let decided = before_sending(&bound, &look(operations))
                .err()
                .map(|ending| ending.verdict);
            assert_eq!(decided, verdict, "{operations:?}");
        }
    }

    #[test]
    fn the_targets_own_state_decides() {
        use AnswerClass::{Accepted, Canceled as Done, Refused as No};
        use Verdict::{Canceled, FinishedFirst, Refused, Unknown};
        for (state, answer, is_long_ago, cancel_failed, verdict) in [
            ("canceled", Some(Accepted), false, false, Some(Canceled)),
            ("canceled", Some(No), false, false, Some(Canceled)),
            ("canceled", None, false, false, Some(Canceled)),
            ("succeeded", Some(Done), false, false, Some(FinishedFirst)),
            ("failed", Some(No), false, false, Some(FinishedFirst)),
            ("completed", None, false, true, Some(FinishedFirst)),
            ("running", Some(Accepted), true, false, None),
            ("running", Some(Done), true, false, None),
            ("running", Some(Accepted), false, true, Some(Refused)),
            ("running", Some(No), false, false, Some(Refused)),
            ("odd", Some(No), false, false, Some(Refused)),
            ("running", None, false, false, None),
            ("running", None, true, false, Some(Unknown)),
        ] {
            let known = Circumstances {
                answer,
                is_long_ago,
                cancel_failed,
            };
            let reading = Reading {
                state: Status::new(state),
                via: Via::Operation,
            };
            let decided = after_reading(&reading, known).map(|ending| ending.verdict);
            assert_eq!(decided, verdict, "{state} {known:?}");
        }
    }

    #[test]
    fn the_offers_state_settles_only_as_such() {
        let known = Circumstances {
            answer: Some(AnswerClass::Accepted),
            is_long_ago: false,
            cancel_failed: false,
        };
        let evidence = |via| {
            after_reading(
                &Reading {
                    state: Status::new("canceled"),
                    via,
                },
                known,
            )
            .unwrap()
            .evidence
        };
        assert_eq!(evidence(Via::Submissions), Some(Evidence::Observed));
        assert_eq!(evidence(Via::OfferStatus), Some(Evidence::OfferStatus));
    }
}
