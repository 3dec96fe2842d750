//! Opening what lies over the panes: the details, and the confirmation with its fresh look.

use crate::{
    domain::ids::OfferId,
    proposal::MOST,
    tui::{
        model::{Focus, Model, Overlay, ReadOnly},
        msg::Outcome,
        update::{confirm, under_way},
    },
};

/// All that is known of what is selected.
pub(super) fn details(model: &mut Model) {
    let cancellation = match model.focus {
        Focus::Cancellations => model
            .watched()
            .map(|(_, tracked)| tracked.cancellation.id.clone()),
        Focus::Offers | Focus::Status => None,
    };
    let Some(offer) = model.pointed().cloned() else {
        return;
    };
    model.overlays.push(Overlay::Details {
        offer,
        cancellation,
        scrolled: 0,
    });
}

/// Opens the dialog and looks, unless there is a reason not to ask at all; then it says so.
pub(super) fn confirmation(model: &mut Model, outcome: &mut Outcome) {
    let Some(offer) = model.pointed().cloned() else {
        model.notice = Some("no offer is selected: there is nothing to cancel".into());
        return;
    };
    if let Some(why) = obstacle(model, &offer) {
        model.notice = Some(why.into());
        return;
    }
    if under_way::is_being_cancelled(model, &offer) {
        under_way::already(model, &offer);
        return;
    }
    let name = model.offer(&offer).map(|offer| offer.name.clone());
    let name = name.unwrap_or_else(|| offer.shown());
    confirm::open(model, vec![(offer, name)], 0, outcome);
}

/// Opens the dialog on the marks that are shown; or says why not.
pub(super) fn confirmation_of_marked(model: &mut Model, outcome: &mut Outcome) {
    let marks = &model.list.marks;
    let (shown, hidden) = (marks.shown(), marks.hidden());
    let obstacle = if let Some(why) = read_only(model) {
        Some(why)
    } else if shown == 0 {
        Some(format!(
            "{hidden} marked, none of them shown: esc shows them, nothing was cancelled"
        ))
    } else if shown > MOST {
        Some(format!(
            "{shown} are marked, and {MOST} are the most at once: f or / narrows the list"
        ))
    } else {
        None
    };
    if let Some(why) = obstacle {
        model.notice = Some(why.into());
        return;
    }
    let marked = model.list.marked();
    let offers = marked
        .map(|offer| (offer.id.clone(), offer.name.clone()))
        .collect();
    confirm::open(model, offers, hidden, outcome);
}

/// Why nothing at all can be cancelled; none where it can.
pub(super) fn read_only(model: &Model) -> Option<String> {
    let why = match model.setup.read_only? {
        ReadOnly::Everywhere => "read-only: a flag or the environment says so; nothing can be cancelled",
        ReadOnly::Profile => "read-only: this profile says so in the settings; nothing can be cancelled",
    };
    Some(why.to_owned())
}

fn obstacle(model: &Model, offer: &OfferId) -> Option<String> {
    let read_only = read_only(model);
    if read_only.is_some() {
        return read_only;
    }
    if offer.is_unsafe_segment() {
        return Some(format!(
            "the id {offer} holds characters that must not be sent; it can be shown, not cancelled"
        ));
    }
    if model.offer(offer).is_none() && model.known.offers.value().is_some() {
        return Some(format!("{offer} is no longer in the list of offers"));
    }
    None
}
