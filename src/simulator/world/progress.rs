//! The progress of an operation through its steps, up to a moment.

use jiff::SignedDuration;

use super::operation::{Kind, Operation, is_success};
use super::step::{Step, spans};
use super::time::Moment;

/// A step at a moment.
#[derive(Clone, Debug)]
pub(crate) struct StepNow<'a> {
    pub(crate) step: &'a Step,
    pub(crate) status: &'a str,
    /// 0 to 100.
    pub(crate) progress: u8,
}

impl Operation {
    /// Its steps at this moment.
    pub(crate) fn steps_at(&self, now: Moment) -> impl Iterator<Item = StepNow<'_>> {
        let worked = worked(self, now);
        let spans = spans(&self.steps, self.lasts);
        self.steps.iter().zip(spans).map(move |(step, span)| {
            let status = status(self, step, span, worked, now);
            StepNow {
                step,
                status,
                progress: progress(status, span, worked),
            }
        })
    }

    /// The last moment at which anything about it changed.
    pub(crate) fn changed(&self, now: Moment) -> Moment {
        let begun = if now < self.start() {
            Moment::ZERO
        } else {
            last_change(self, now)
        };
        self.ended_at(now).or(self.stopped).unwrap_or(begun)
    }
}

/// The time for which the operation has worked: not past its end, nor past what stopped it.
fn worked(operation: &Operation, now: Moment) -> SignedDuration {
    // One that was canceled before the world began was stopped at half the way.
    if operation.stopped.is_none() && operation.state(now) == "canceled" {
        return operation.lasts.mul_f64(0.5);
    }
    let until = operation.ended_at(now).unwrap_or(now);
    let until = until.min(operation.stopped.unwrap_or(now));
    until.saturating_sub(operation.start())
}

fn status<'a>(
    operation: &Operation,
    step: &'a Step,
    (from, to): (SignedDuration, SignedDuration),
    worked: SignedDuration,
    now: Moment,
) -> &'a str {
    let state = operation.state(now);
    let is_good = is_success(state);
    if let Some(word) = &step.status {
        return word;
    }
    if state == "failed"
        && operation
            .failure()
            .is_some_and(|(failing, _)| failing.id == step.id)
    {
        return "failed";
    }
    if from == to {
        return match operation.kind {
            Kind::GoLive => "complete",
            Kind::Publish if is_good && step.id == "publisher-signoff" => "waitingForPublisherReview",
            Kind::Publish => "notStarted",
        };
    }
    match state {
        _ if is_good || worked >= to => "complete",
        _ if worked < from => "notStarted",
        "canceled" => "canceled",
        // Past the step that failed.
        "failed" | "notStarted" => "notStarted",
        _ => "inProgress",
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0–100 just before"
)]
fn progress(status: &str, (from, to): (SignedDuration, SignedDuration), worked: SignedDuration) -> u8 {
    match status {
        "complete" => 100,
        "inProgress" | "canceled" | "failed" if from < to => {
            let share = (worked - from).as_secs_f64() / (to - from).as_secs_f64();
            (share * 100.0).clamp(0.0, 100.0) as u8
        }
        _ => 0,
    }
}

/// The last moment at which a step began or ended, or the operation started.
fn last_change(operation: &Operation, now: Moment) -> Moment {
    let ends = spans(&operation.steps, operation.lasts).map(|(_, end)| operation.start().saturating_add(end));
    ends.filter(|end| *end <= now)
        .max()
        .unwrap_or(operation.start())
        .max(operation.start())
}
