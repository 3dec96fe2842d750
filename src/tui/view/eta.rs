//! What to expect of a cancellation that is waited for, and whether it is stuck.

use crate::{
    domain::{precedent::Stuck, stage::Stage},
    engine::Tracked,
    presentation::{Tone, eta, moment::between},
    tui::model::Model,
};

pub(super) use eta::{STUCK, summary};

/// Whether a cancellation that is waited for takes much longer than those before.
pub(super) fn stuck(model: &Model, tracked: &Tracked) -> Option<Stuck> {
    let elapsed = between(tracked.cancellation.claimed_at, model.now.wall);
    is_waited_for(tracked)
        .then(|| model.cancel_stats.known().judge(elapsed))
        .flatten()
}

/// What to expect of a cancellation that is waited for, or what to do where that has passed by far.
pub(super) fn expectation(model: &Model, tracked: &Tracked) -> Option<(String, Tone)> {
    if let Some(stuck) = stuck(model, tracked) {
        return Some((
            eta::advice(stuck, model.cancel_stats.known(), &tracked.cancellation),
            Tone::Open,
        ));
    }
    let usual = eta::usual(model.cancel_stats.known()).filter(|_| is_waited_for(tracked))?;
    Some((usual, Tone::Quiet))
}

/// Whether the service has it, and it is up to the service.
fn is_waited_for(tracked: &Tracked) -> bool {
    tracked.is_in_progress() && matches!(tracked.cancellation.stage, Stage::Answered(_) | Stage::Uncertain)
}
