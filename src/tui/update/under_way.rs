//! What is being cancelled already, so that nothing is asked for twice.

use crate::{
    domain::{ids::OfferId, target::Target},
    engine::Tracked,
    presentation::active,
    tui::model::{Model, Overlay},
};

/// Says that it is being cancelled already, and shows that.
pub(super) fn already(model: &mut Model, offer: &OfferId) {
    model.notice = Some(format!("{offer} is being cancelled already").into());
    if !matches!(model.overlays.last(), Some(Overlay::Details { .. })) {
        model.overlays.push(Overlay::Details {
            offer: offer.clone(),
            cancellation: None,
            scrolled: 0,
        });
    }
}

/// Whether a cancellation of exactly `target` is being worked on.
pub(super) fn is_under_way(model: &Model, target: &Target) -> bool {
    let tracked = model
        .known
        .cancellations
        .iter()
        .find(|tracked| tracked.cancellation.request.target.is(target));
    model.requests.has(target) || tracked.is_some_and(|tracked| is_waited_for(tracked))
}

/// Whether it is being worked on, so that asking again has no sense. After `unknown` a person may.
fn is_waited_for(tracked: &Tracked) -> bool {
    tracked.is_in_progress()
}

/// Whether all that is known to be active on the offer is being cancelled by us.
pub(super) fn is_being_cancelled(model: &Model, offer: &OfferId) -> bool {
    if model.requests.on(offer).is_some() {
        return true;
    }
    let Some(newest) = model
        .known
        .newest_on(offer)
        .filter(|newest| is_waited_for(newest))
    else {
        return false;
    };
    let binding = &newest.cancellation.request.target.binding;
    active(&model.known, offer).all(|operation| binding.names(operation))
}
