//! The last line of every report.

use serde::Serialize;

use crate::{
    domain::{
        cancellation::Cancellation,
        ids::OperationId,
        stage::Stage,
        status::Status,
        text::SafeText,
        time,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::Tracked,
    presentation::{ending, moment},
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
    /// Whether it stays open, so that `follow` goes on with it.
    #[serde(skip)]
    pub(crate) is_open: bool,
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
            is_open: ending.is_provisional(),
            error: ending::reason(&ending, went_out),
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
        // Where nothing is recorded, the sentence says all of it already.
        let standing = ending.error.clone().filter(|_| cancellation.ending.is_none());
        let claimed = Self::recorded(cancellation, ending);
        Self {
            http_status: answer.map(|answer| answer.http_status),
            location: answer
                .and_then(|answer| answer.lead.as_ref())
                .map(|location| location.shown.clone()),
            polls: claimed.polls.max(tracked.polls),
            elapsed_ms: Some(moment::millis(elapsed)),
            target_state: claimed
                .target_state
                .or_else(|| cancellation.target_state().cloned()),
            correlation_id: answer.and_then(|answer| answer.correlation_id.clone()),
            error: standing
                .or(claimed.error)
                .or_else(|| answer.and_then(|answer| answer.text.clone())),
            ..claimed
        }
    }
}

/// How `tracked` stands: its recorded ending, or what its stage says where none was recorded, because it is another
/// session's to record.
pub(crate) fn standing(tracked: &Tracked) -> Ending {
    let cancellation = &tracked.cancellation;
    if let Some((_, ending)) = &cancellation.ending {
        return ending.clone();
    }
    let id = cancellation.id.shown();
    let (verdict, why) = match cancellation.stage {
        Stage::Claimed if tracked.joined => (
            Verdict::NotSent,
            format!(
                "requested by another session, {}; `countermand follow {id}` waits for it",
                ending::not_yet(cancellation.went_out())
            ),
        ),
        Stage::Sending if tracked.joined => (
            Verdict::Unknown,
            format!(
                "requested by another session, whose answer is still out; `countermand follow {id}` goes on with it"
            ),
        ),
        Stage::Answered(class) if class.has_accepted() => return Ending::new(Verdict::Pending),
        Stage::Claimed => (
            Verdict::NotSent,
            "stopped looking before an ending was recorded".to_owned(),
        ),
        Stage::Answered(_) | Stage::Sending | Stage::Uncertain | Stage::Settled => (
            Verdict::Unknown,
            "stopped looking before an ending was recorded".to_owned(),
        ),
    };
    Ending::new(verdict).because(why)
}
