//! The decisions after a request, without I/O: what a reading of the target settles.

use crate::domain::{
    answer::AnswerClass,
    fact::Via,
    status::{Phase, Status},
    verdict::{Ending, Evidence, Verdict},
};

/// How often a 200 is read back in vain before the answer itself has to do.
pub(super) const READ_BACKS: u32 = 3;

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
    use super::*;

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
