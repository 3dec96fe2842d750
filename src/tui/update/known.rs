//! A new snapshot: everything on the screen follows it, but for the list under a dialog and the selection.

use std::sync::Arc;

use crate::{
    engine::Snapshot,
    tui::{
        model::{Model, Notice},
        msg::Outcome,
        update::{arranging, cancel_stats, confirm},
    },
};

/// Takes a snapshot.
pub(super) fn learned(model: &mut Model, snapshot: Arc<Snapshot>, outcome: &mut Outcome) {
    let before = std::mem::replace(&mut model.known, snapshot);
    let known = Arc::clone(&model.known);
    model.requests.settle(&known);
    if !same_rows(&before, &known) {
        model.list.is_held = true;
    }
    if !Arc::ptr_eq(&before.cancellations, &known.cancellations) {
        cancel_stats::learned(model, &before, outcome);
    }
    if has_answered(&before, &known) {
        model.notice.take_if(|notice| notice.answered(model.now.mono));
    }
    confirm::already_running(model);
    confirm::unhindered(model);
    arranging::arrange(model);
    tell_of_the_missing(model, &before);
}

/// Whether the offers were read, or could not be, between both.
fn has_answered(one: &Snapshot, other: &Snapshot) -> bool {
    let told = |known: &Snapshot| (known.offers.read_at(), known.offers.trouble().is_some());
    told(one) != told(other)
}

/// Whether both snapshots lead to the same rows, told by what they share.
fn same_rows(one: &Snapshot, other: &Snapshot) -> bool {
    same_offers(one, other)
        && Arc::ptr_eq(&one.operations, &other.operations)
        && Arc::ptr_eq(&one.cancellations, &other.cancellations)
}

fn same_offers(one: &Snapshot, other: &Snapshot) -> bool {
    match (one.offers.value(), other.offers.value()) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

/// The selection never goes elsewhere by itself; what is gone is said.
fn tell_of_the_missing(model: &mut Model, before: &Snapshot) {
    let Some(selected) = model.list.selected.clone() else {
        return;
    };
    if same_offers(before, &model.known) {
        return;
    }
    let had = |known: &Snapshot| {
        known
            .offers
            .value()
            .is_some_and(|offers| offers.iter().any(|offer| offer.id == selected))
    };
    if had(before) && !had(&model.known) {
        model.notice = Some(Notice::lasting(format!(
            "{selected} is no longer in the list of offers"
        )));
    }
}
