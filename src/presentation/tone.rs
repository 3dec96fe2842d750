//! What a piece of text means to whoever glances at it, and the families of states that a face gives marks and colors to.
//!
//! How a tone looks is up to a face.

use crate::domain::{
    operation::{Destination, Operation},
    status::{Phase, Status},
    verdict::Verdict,
};

/// What a piece of text means to whoever glances at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Context that should not compete.
    Quiet,
    /// What the eye should find first.
    Strong,
    /// Being canceled.
    Busy,
    /// Ended as wanted.
    Good,
    /// Ended otherwise, or broken.
    Bad,
    /// Open: nobody knows yet.
    Open,
    /// Customers see it.
    Live,
}

/// What kind of state an offer or a cancellation is in: the one thing that marks, frames and colors go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// An operation runs that customers will see.
    GoingLive,
    /// An operation runs, or may.
    Publishing,
    /// An operation waits for somebody.
    Waiting,
    /// Nothing runs; the last operation succeeded, or there was none.
    AtRest,
    /// Nothing runs; the last operation was canceled, by whomever.
    Canceled,
    /// Nothing runs; the last operation failed.
    Failed,
    /// Our cancel is on its way.
    Ours,
    /// Our cancel may have been carried out, and nobody knows; or the service has to be waited for.
    Uncertain,
    /// Our cancel stopped the operation.
    Stopped,
    /// Our cancel came to nothing, and what it was to stop was not stopped by it.
    Missed,
    /// Our cancel had nothing to stop.
    Pointless,
}

impl Family {
    /// Of an operation that is active.
    pub(crate) fn of_operation(operation: &Operation) -> Self {
        match operation.state.phase() {
            Phase::Waiting => Self::Waiting,
            _ if operation.destination == Destination::Live => Self::GoingLive,
            _ => Self::Publishing,
        }
    }

    /// Of an offer by its own state.
    pub(crate) fn of_offer(state: &Status) -> Self {
        match state.phase() {
            Phase::Failed => Self::Failed,
            Phase::Canceled => Self::Canceled,
            Phase::Succeeded | Phase::Idle => Self::AtRest,
            Phase::Waiting => Self::Waiting,
            Phase::Running | Phase::NotStarted | Phase::Unknown => Self::Publishing,
        }
    }

    /// Of a cancellation that ended, or stands, so.
    pub(crate) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Canceled => Self::Stopped,
            Verdict::FinishedFirst | Verdict::Refused | Verdict::NotSent => Self::Missed,
            Verdict::Unknown | Verdict::Pending => Self::Uncertain,
            Verdict::NothingRunning | Verdict::Superseded => Self::Pointless,
        }
    }

    /// How its word looks.
    pub(crate) fn tone(self) -> Tone {
        match self {
            Self::GoingLive | Self::Publishing | Self::Waiting | Self::Pointless => Tone::Strong,
            Self::AtRest | Self::Canceled => Tone::Quiet,
            Self::Ours => Tone::Busy,
            Self::Uncertain => Tone::Open,
            Self::Stopped => Tone::Good,
            Self::Missed | Self::Failed => Tone::Bad,
        }
    }
}
