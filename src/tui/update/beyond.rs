//! Reaching a person who looks elsewhere: once for each end, and by a title that follows what is pending.

use crate::{
    settings::Tell,
    tui::{
        model::{Model, fitting, title},
        msg::{Effect, Outcome},
    },
};

/// Tells of what has ended since the last time.
pub(super) fn ended(model: &mut Model, outcome: &mut Outcome) {
    let known = std::sync::Arc::clone(&model.known);
    let Some(text) = model.beyond.ended(&known) else {
        return;
    };
    if model.setup.hand.tell != Tell::Off {
        outcome.effects.push(Effect::Tell(fitting(model, &text)));
    }
}

/// Has the title say what is pending, when that has changed.
pub(super) fn titled(model: &mut Model, outcome: &mut Outcome) {
    let (_, cancelling) = model.counts();
    if !model.setup.hand.title {
        return;
    }
    if let Some(pending) = model.beyond.pending(cancelling + model.elsewhere) {
        outcome.effects.push(Effect::Title(title(model, pending)));
    }
}
