//! The behavior of a cancel: how it is answered, and what it does to an operation.

use jiff::SignedDuration;
use serde::Deserialize;

use super::operation::Operation;
use super::time::Moment;

/// The effect of a cancel that no script answers first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CancelBehavior {
    /// 200 and canceled on the spot, instead of 202 and later.
    pub synchronous: bool,
    /// The place that a 202 names to look at.
    pub location: CancelLocation,
    /// `Location`, word for word, instead.
    pub location_verbatim: Option<String>,
    /// The end of the operation.
    pub outcome: CancelOutcome,
    /// World time from the 202 to the outcome.
    pub takes: SignedDuration,
    /// Real time the answer takes at least.
    pub latency: SignedDuration,
    /// World time from the cancel on in which no answer knows the operation that it meant: what is read comes from
    /// a copy that is behind.
    pub lag: SignedDuration,
}

impl Default for CancelBehavior {
    fn default() -> Self {
        Self {
            synchronous: false,
            location: CancelLocation::Operation,
            location_verbatim: None,
            outcome: CancelOutcome::Canceled,
            takes: SignedDuration::from_secs(6),
            latency: SignedDuration::ZERO,
            lag: SignedDuration::ZERO,
        }
    }
}

/// The form in which a 202 names the place to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelLocation {
    /// `Location`, relative, with `api-version`, naming the target.
    Operation,
    /// `Operation-Location`, absolute, without `api-version`, naming the target.
    OperationLocation,
    /// Both of these, naming the target.
    Both,
    /// `Location` of a new operation that carries the cancel out, and `Operation-Location` naming the target.
    Differing,
    /// `Location`, relative, of the older path shape with dollar signs.
    Legacy,
    /// Only a field of the body.
    Body,
    /// `Location` of a new operation that carries the cancel out.
    OtherOperation,
    /// `Location` on another origin.
    Foreign,
    /// Nowhere.
    None,
}

/// The end of the active operation once a cancel was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelOutcome {
    /// It is canceled.
    Canceled,
    /// It ends by itself, although the cancel was accepted.
    TooLate,
    /// It ends by itself in the very moment of the cancel.
    EndsFirst,
    /// It runs on; a new operation that was to cancel it fails.
    RunsOn,
}

impl CancelBehavior {
    /// Does to the active operation what a cancel does; true when that cancels it, now or later.
    pub(super) fn act_on(&self, operation: &mut Operation, now: Moment) -> bool {
        let later = now.saturating_add(self.takes);
        let takes_effect = if self.synchronous { now } else { later };
        match self.outcome {
            CancelOutcome::Canceled if operation.is_canceling(now) => {}
            CancelOutcome::Canceled => operation.cancel(now, takes_effect),
            CancelOutcome::TooLate => operation.end_at(takes_effect),
            CancelOutcome::EndsFirst => operation.end_at(now),
            CancelOutcome::RunsOn => {}
        }
        self.outcome == CancelOutcome::Canceled
    }

    /// Checks that an operation of its own carries the cancel out.
    pub(super) fn is_carried(&self) -> bool {
        matches!(
            self.location,
            CancelLocation::OtherOperation | CancelLocation::Differing
        )
    }
}
