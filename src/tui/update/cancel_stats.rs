//! How long cancellations took before: read from the journal once what was open is taken up, and after each that was
//! canceled.

use crate::{
    domain::{cancellation::Cancellation, precedent::Precedent, verdict::Verdict},
    engine::{Snapshot, ports::JournalFailure},
    tui::{
        model::Model,
        msg::{Effect, Outcome},
    },
};

/// The journal has more to tell than before.
pub(super) fn grew(model: &mut Model, outcome: &mut Outcome) {
    if model.cancel_stats.grew() {
        outcome.effects.push(Effect::LoadPrecedent);
    }
}

/// A snapshot may tell of a cancellation that ended as it was meant to.
pub(super) fn learned(model: &mut Model, before: &Snapshot, outcome: &mut Outcome) {
    if canceled(&model.known) > canceled(before) {
        grew(model, outcome);
    }
}

/// How many have ended as they were meant to; they come to be more, and never fewer.
fn canceled(known: &Snapshot) -> usize {
    let is_canceled = |cancellation: &Cancellation| {
        !cancellation.is_open() && cancellation.verdict() == Some(Verdict::Canceled)
    };
    let all = known.cancellations.iter();
    all.filter(|tracked| is_canceled(&tracked.cancellation)).count()
}

/// The journal has told, or could not.
pub(super) fn told(model: &mut Model, told: Result<Precedent, JournalFailure>, outcome: &mut Outcome) {
    if model.cancel_stats.told(told.ok()) {
        outcome.effects.push(Effect::LoadPrecedent);
    }
}
