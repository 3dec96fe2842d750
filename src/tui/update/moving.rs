//! Moving: the selection in a list, the place in a text, the pane that keys act on.

use crate::tui::{
    keymap::Command,
    layout,
    model::{Focus, Model, Overlay},
    view,
};

/// Moves whatever is on top by `command`; returns whether it was a movement.
pub(super) fn moved(model: &mut Model, command: Command) -> bool {
    if !command.is_movement() {
        return false;
    }
    let page = page(model);
    let last = last(model);
    match model.overlays.last_mut() {
        Some(
            Overlay::Help { scrolled } | Overlay::Details { scrolled, .. } | Overlay::Record { scrolled, .. },
        ) => {
            *scrolled = stepped(*scrolled, last, page, command);
        }
        Some(Overlay::History(history)) => {
            history.cursor = stepped(history.cursor, last, page, command);
            history.scroll(page);
        }
        Some(Overlay::Profiles(profiles)) => {
            profiles.cursor = stepped(profiles.cursor, last, page, command);
        }
        Some(Overlay::Palette(_) | Overlay::Copying(_)) => {}
        Some(Overlay::Confirmation(dialog)) => {
            let to = stepped(dialog.scrolled, last, page, command);
            // Nothing is passed over that was not on the screen.
            dialog.scrolled = if dialog.proposal.is_looking() {
                to
            } else {
                to.min(dialog.read)
            };
        }
        None => in_pane(model, command, last, page),
    }
    true
}

fn in_pane(model: &mut Model, command: Command, last: usize, page: usize) {
    match model.focus {
        Focus::Offers => {
            let at = stepped(model.list.cursor, last, page, command);
            model.list.select(at);
            selected(model);
        }
        Focus::Status => model.scrolled = stepped(model.scrolled, last, page, command),
        Focus::Cancellations => {
            let at = model.watched().map_or(0, |(at, _)| at);
            let at = stepped(at, last, page, command);
            let watched = model.known.cancellations.get(at);
            model.watched = watched.map(|tracked| tracked.cancellation.id.clone());
            model.status_target.moved(model.now.mono);
        }
    }
}

/// The person selected a row.
pub(super) fn selected(model: &mut Model) {
    model.status_target.moved(model.now.mono);
    model.scrolled = 0;
    keep_in_view(model);
}

/// Goes to the next pane, or the one before; a pane that is not on the screen is passed over.
pub(super) fn turn(model: &mut Model, forward: bool) {
    let panes = model.own_panes();
    let there = |focus: &Focus| match focus {
        Focus::Offers => true,
        Focus::Status => panes.status.height > 1,
        Focus::Cancellations => panes.cancellations.height > 1,
    };
    let order = [Focus::Offers, Focus::Status, Focus::Cancellations];
    let at = order.iter().position(|focus| *focus == model.focus).unwrap_or(0);
    let step = if forward { 1 } else { order.len() - 1 };
    let next = (1..=order.len()).map(|turns| order[(at + turns * step) % order.len()]);
    model.focus = next.into_iter().find(there).unwrap_or_default();
    pin(model);
    model.status_target.settled();
}

/// Whoever is at the keys of the cancellations saw which one was selected: a newer one does not take its place.
pub(super) fn pin(model: &mut Model) {
    if model.focus == Focus::Cancellations {
        model.watched = model
            .watched()
            .map(|(_, tracked)| tracked.cancellation.id.clone());
    }
}

/// Brings the selection into the window after the window or the list has changed.
pub(super) fn keep_in_view(model: &mut Model) {
    let panes = model.own_panes();
    model.list.scroll(usize::from(panes.offers.height));
    let rows = usize::from(layout::history_rows(model.area()).height);
    for overlay in &mut model.overlays {
        if let Overlay::History(history) = overlay {
            history.scroll(rows);
        }
    }
    if model.focus == Focus::Cancellations && panes.cancellations.height < 2 {
        model.focus = Focus::Offers;
    }
}

fn stepped(at: usize, last: usize, page: usize, command: Command) -> usize {
    let page = page.max(1);
    let half = (page / 2).max(1);
    match command {
        Command::Down => at.saturating_add(1),
        Command::Up => at.saturating_sub(1),
        Command::First => 0,
        Command::Last => last,
        Command::HalfDown => at.saturating_add(half),
        Command::HalfUp => at.saturating_sub(half),
        Command::PageDown => at.saturating_add(page),
        Command::PageUp => at.saturating_sub(page),
        _ => at,
    }
    .min(last)
}

/// How many rows a page of what is on top has.
fn page(model: &Model) -> usize {
    let panes = model.own_panes();
    let height = match (model.overlays.last(), model.focus) {
        (Some(Overlay::Confirmation(_)), _) => {
            return view::confirmation::page(model).map_or(0, |page| page.height);
        }
        (Some(Overlay::History(_)), _) => layout::history_rows(model.area()).height,
        (Some(_), _) => model.size.height.saturating_sub(4),
        (None, Focus::Offers) => panes.offers.height,
        (None, Focus::Status) => panes.status.height.saturating_sub(1),
        (None, Focus::Cancellations) => panes.cancellations.height.saturating_sub(1),
    };
    usize::from(height)
}

/// The last row, or the furthest that a text can be scrolled.
fn last(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Help { .. }) => view::help::furthest(model),
        Some(Overlay::Details { .. }) => view::details::furthest(model),
        Some(Overlay::History(history)) => history.rows().len().saturating_sub(1),
        Some(Overlay::Confirmation(_)) => view::confirmation::page(model).map_or(0, |page| page.furthest),
        Some(Overlay::Record { .. }) => view::record::furthest(model),
        Some(Overlay::Profiles(_)) => model.stands().len().saturating_sub(1),
        Some(Overlay::Palette(_) | Overlay::Copying(_)) => 0,
        None => match model.focus {
            Focus::Offers => model.list.rows.len().saturating_sub(1),
            Focus::Status => view::status::furthest(model),
            Focus::Cancellations => model.known.cancellations.len().saturating_sub(1),
        },
    }
}
