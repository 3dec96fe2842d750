//! How long cancellations took before: read from the journal once what was open is taken up, and after each that was
//! canceled.

use crate::{
    domain::{precedent::Precedent, verdict::Verdict},
    engine::{Snapshot, Tracked, ports::JournalFailure},
    tui::{
        model::Model,
        msg::{Effect, Outcome},
    },
};

/// The journal has more to tell than before.
pub(super) fn grew(model: &mut Model, outcome: &mut Outcome) {
    if model.experience.grew() {
        outcome.effects.push(Effect::LoadPrecedent);
    }
}

/// A snapshot may tell of a cancellation that ended as it was meant to.
pub(super) fn learned(model: &mut Model, before: &Snapshot, outcome: &mut Outcome) {
    let is_canceled = |tracked: &Tracked| {
        let cancellation = &tracked.cancellation;
        !cancellation.is_open() && cancellation.verdict() == Some(Verdict::Canceled)
    };
    let ended = model
        .known
        .cancellations
        .iter()
        .filter(|tracked| is_canceled(tracked));
    let mut new = ended.filter(|tracked| {
        let known = before.cancellation(&tracked.cancellation.id);
        known.is_none_or(|known| !is_canceled(known))
    });
    if new.next().is_some() {
        grew(model, outcome);
    }
}

/// The journal has told, or could not.
pub(super) fn told(model: &mut Model, told: Result<Precedent, JournalFailure>, outcome: &mut Outcome) {
    if model.experience.told(told.ok()) {
        outcome.effects.push(Effect::LoadPrecedent);
    }
}
