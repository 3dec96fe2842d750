//! The last line of every report.

use serde::Serialize;

use crate::{
    cli::phrase,
    domain::{
        answer::AnswerClass,
        cancellation::Cancellation,
        ids::OperationId,
        stage::Stage,
        status::Status,
        telling,
        text::SafeText,
        time,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::Tracked,
};

/// A verdict with everything that is known around it. Every key is always there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Final {
    pub(crate) verdict: Verdict,
    pub(crate) http_status: Option<u16>,
    pub(crate) location: Option<SafeText>,
    pub(crate) polls: u32,
    /// From the claim to the verdict; null where nothing was claimed.
    pub(crate) elapsed_ms: Option<u64>,
    pub(crate) evidence: Option<Evidence>,
    /// The operation's state as last read.
    pub(crate) target_state: Option<Status>,
    pub(crate) also_canceled: Vec<SafeText>,
    pub(crate) correlation_id: Option<SafeText>,
    pub(crate) error: Option<SafeText>,
    /// For a reader: whether a request went out before.
    #[serde(skip)]
    pub(crate) went_out: bool,
}

impl Final {
    /// The verdict on what was never claimed.
    pub(crate) fn unclaimed(ending: Ending) -> Self {
        Self::after(ending, false)
    }

    /// The verdict of a fact on `cancellation`, without what is known around it.
    pub(crate) fn recorded(cancellation: &Cancellation, ending: Ending) -> Self {
        Self::after(ending, cancellation.went_out())
    }

    fn after(ending: Ending, went_out: bool) -> Self {
        Self {
            error: telling::reason(&ending, went_out),
            went_out,
            verdict: ending.verdict,
            http_status: None,
            location: None,
            polls: ending.polls,
            elapsed_ms: None,
            evidence: ending.evidence,
            target_state: ending.target_state,
            also_canceled: ending.also_canceled.iter().map(OperationId::shown).collect(),
            correlation_id: None,
        }
    }

    /// The verdict on `tracked`, which stands as `ending` since `at`.
    pub(crate) fn of(tracked: &Tracked, at: jiff::Timestamp, ending: Ending) -> Self {
        let cancellation = &tracked.cancellation;
        let answer = cancellation.answer.as_ref();
        let elapsed = time::since(cancellation.claimed_at, at);
        let claimed = Self::recorded(cancellation, ending);
        Self {
            http_status: answer.map(|answer| answer.status),
            location: answer
                .and_then(|answer| answer.location.as_ref())
                .map(|location| location.shown.clone()),
            polls: claimed.polls.max(tracked.polls),
            elapsed_ms: Some(phrase::millis(elapsed)),
            target_state: claimed.target_state.or_else(|| last_state(cancellation)),
            correlation_id: answer.and_then(|answer| answer.correlation_id.clone()),
            error: claimed
                .error
                .or_else(|| answer.and_then(|answer| answer.error.clone())),
            ..claimed
        }
    }
}

fn last_state(cancellation: &Cancellation) -> Option<Status> {
    let observed = cancellation
        .observed
        .as_ref()
        .filter(|observed| observed.via.is_target());
    let seen = cancellation.sighting.as_ref();
    observed
        .map(|observed| observed.state.clone())
        .or_else(|| seen.and_then(|sighting| sighting.state.clone()))
}

/// How `cancellation` stands: its recorded ending, or what its stage says where none could be recorded.
pub(crate) fn standing(cancellation: &Cancellation) -> Ending {
    if let Some((_, ending)) = &cancellation.ending {
        return ending.clone();
    }
    let stopped = "stopped looking before an ending was recorded";
    match cancellation.stage {
        Stage::Claimed => Ending::new(Verdict::NotSent).because(stopped),
        Stage::Answered(AnswerClass::Accepted | AnswerClass::Canceled) => Ending::new(Verdict::Pending),
        Stage::Answered(_) | Stage::Sending | Stage::Uncertain | Stage::Settled => {
            Ending::new(Verdict::Unknown).because(stopped)
        }
    }
}
