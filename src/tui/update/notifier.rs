//! Reaching a person who looks elsewhere: once for each end, and by a title that follows what is pending.

use crate::{
    settings::Tell,
    tui::{
        model::{Model, Pending, fitting, title},
        msg::{Effect, Outcome},
    },
};

/// Tells of what has ended since the last time.
pub(super) fn ended(model: &mut Model, outcome: &mut Outcome) {
    let known = std::sync::Arc::clone(&model.known);
    let Some(text) = model.notifier.ended(&known) else {
        return;
    };
    if model.setup.preferences.tell != Tell::Off {
        outcome.effects.push(Effect::Tell(fitting(model, &text)));
    }
}

/// Has the title say what is pending, when that has changed.
pub(super) fn titled(model: &mut Model, outcome: &mut Outcome) {
    if !model.setup.preferences.title {
        return;
    }
    let (_, here) = model.counts();
    let elsewhere = model.elsewhere;
    if let Some(pending) = model.notifier.pending(Pending { here, elsewhere }) {
        outcome.effects.push(Effect::Title(title(model, pending)));
    }
}
