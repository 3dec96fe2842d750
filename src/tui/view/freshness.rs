//! As of when a pane tells what it tells: a time of day, so that it changes with what is known and not with the clock.

use std::time::Duration;

use crate::{
    domain::{ids::OfferId, remote::Remote},
    engine::Tracked,
    presentation::moment::{between, exact},
    tui::{model::Model, view::subject::Subject},
};

/// What was seen this long ago is as good as now: the longest between two looks at what is followed, and an answer.
const NOW: Duration = Duration::from_secs(20);

/// As of when a status is known, for the end of its sentence.
pub(super) fn of(model: &Model, subject: &Subject<'_>) -> Option<String> {
    match subject.cancellation {
        Some(tracked) => of_cancellation(model, tracked),
        None => of_operations(model, subject.id),
    }
}

/// As of when a cancellation that is followed is known, unless that is now.
pub(super) fn of_cancellation(model: &Model, tracked: &Tracked) -> Option<String> {
    let at = tracked.looked_at.filter(|_| tracked.is_in_progress())?;
    let is_old = between(at, model.now.wall) > NOW;
    is_old.then(|| format!("as of {}", exact(at, model.now.wall, &model.setup.zone)))
}

/// As of when the operations of an offer are known, where they could be read the last time; where not, what hinders says
/// it.
fn of_operations(model: &Model, offer: &OfferId) -> Option<String> {
    match model.known.operations_of(offer)? {
        Remote::Fresh { at, .. } => Some(format!("as of {}", exact(*at, model.now.wall, &model.setup.zone))),
        Remote::NotAsked | Remote::Loading | Remote::Stale { .. } => None,
    }
}
