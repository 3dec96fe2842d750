//! What was confirmed together, until it is told how all of it ended.

use crate::{
    domain::text::SafeText,
    tui::model::{Model, Notice},
};

/// Tells of what was confirmed together, when all of it has ended.
pub(super) fn summed_up(model: &mut Model) {
    let mut told: Option<SafeText> = None;
    for batch in model.batches.iter_mut().filter(|batch| !batch.is_told) {
        if let Some(summary) = batch.summary(&model.known) {
            batch.is_told = true;
            told = Some(summary);
        }
    }
    if let Some(told) = told {
        model.notice = Some(Notice::lasting(told));
    }
    // The newest stays, for the pane that shows it.
    let newest = model.batches.len().saturating_sub(1);
    let mut at = 0;
    model.batches.retain(|batch| {
        at += 1;
        !batch.is_told || at > newest
    });
}
