//! Where the steps of an operation stand at a moment.

use jiff::SignedDuration;

use super::Moment;
use super::operation::Operation;
use crate::simulator::scenario::{Kind, StepForm};

/// A step at a moment.
#[derive(Clone, Debug)]
pub(crate) struct StepNow<'a> {
    pub(crate) form: &'a StepForm,
    pub(crate) status: &'a str,
    /// 0 to 100.
    pub(crate) progress: u8,
}

/// From when to when after the operation's start each step takes.
fn spans(
    steps: &[StepForm],
    lasts: SignedDuration,
) -> impl Iterator<Item = (SignedDuration, SignedDuration)> {
    let total = steps
        .iter()
        .fold(0u32, |sum, step| sum.saturating_add(step.share))
        .max(1);
    let offset = move |shares: u32| lasts.mul_f64(f64::from(shares) / f64::from(total));
    steps.iter().scan(0u32, move |sum, step| {
        let before = *sum;
        *sum = sum.saturating_add(step.share).min(total);
        Some((offset(before), offset(*sum)))
    })
}

/// The step in which an operation fails, and how long after the operation's start: the one of that id, or else
/// the last that takes any time.
pub(super) fn failing(
    id: Option<&str>,
    steps: &[StepForm],
    lasts: SignedDuration,
) -> Option<(String, SignedDuration)> {
    let named = steps.iter().position(|step| Some(step.id.as_str()) == id);
    let at = named.or_else(|| steps.iter().rposition(|step| step.share > 0))?;
    let (step, (_, end)) = steps.iter().zip(spans(steps, lasts)).nth(at)?;
    Some((step.id.clone(), end))
}

/// How long the operation has worked: not past its end, nor past what stopped it.
fn worked(operation: &Operation, now: Moment) -> SignedDuration {
    let until = operation
        .ended_at(now)
        .unwrap_or(now)
        .min(operation.frozen.unwrap_or(now));
    let worked = until.saturating_sub(operation.started);
    // One that was canceled before the world began was stopped at half the way.
    let canceled_by_plan = operation.frozen.is_none() && operation.state(now) == "canceled";
    if canceled_by_plan {
        operation.lasts.mul_f64(0.5)
    } else {
        worked
    }
}

/// All steps.
pub(crate) fn at(operation: &Operation, now: Moment) -> Vec<StepNow<'_>> {
    let worked = worked(operation, now);
    let spans = spans(&operation.steps, operation.lasts);
    let step = |(form, span)| {
        let status = status(operation, form, span, worked, now);
        StepNow {
            form,
            status,
            progress: progress(status, span, worked),
        }
    };
    operation.steps.iter().zip(spans).map(step).collect()
}

fn status<'a>(
    operation: &Operation,
    form: &'a StepForm,
    (from, to): (SignedDuration, SignedDuration),
    worked: SignedDuration,
    now: Moment,
) -> &'a str {
    let state = operation.state(now);
    let good = matches!(state, "succeeded" | "completed" | "complete");
    if let Some(word) = &form.status {
        return word;
    }
    if operation.fails.as_ref().is_some_and(|(id, _)| *id == form.id) && state == "failed" {
        return "failed";
    }
    if from == to {
        return match operation.kind {
            Kind::GoLive => "complete",
            Kind::Publish if good && form.id == "publisher-signoff" => "waitingForPublisherReview",
            Kind::Publish => "notStarted",
        };
    }
    match state {
        _ if good || worked >= to => "complete",
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
pub(crate) fn last_change(operation: &Operation, now: Moment) -> Moment {
    let ends = spans(&operation.steps, operation.lasts).map(|(_, end)| operation.started.saturating_add(end));
    ends.filter(|end| *end <= now)
        .max()
        .unwrap_or(operation.started)
        .max(operation.started)
}
