//! The mouse, where it is listened to: a click selects, the wheel moves. It opens nothing, confirms nothing and closes nothing.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::tui::{
    keymap::{Command, Place},
    layout,
    model::{Focus, Model, Overlay},
    msg::Outcome,
    update::moving,
    view,
};

/// How many rows a notch of the wheel is.
const NOTCH: usize = 3;

/// The mouse did something.
pub(super) fn moved(model: &mut Model, event: MouseEvent, outcome: &mut Outcome) {
    let at = Position::new(event.column, event.row);
    let is_idle = matches!(model.place(), Place::Filter | Place::Palette | Place::Copying);
    if is_idle {
        return;
    }
    let has_moved = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => clicked(model, at),
        MouseEventKind::ScrollDown => wheeled(model, at, Command::Down),
        MouseEventKind::ScrollUp => wheeled(model, at, Command::Up),
        _ => false,
    };
    outcome.redraw |= has_moved;
}

/// Selects what stands at `at`, and goes to its pane.
fn clicked(model: &mut Model, at: Position) -> bool {
    let rows = layout::history_rows(model.area());
    if let Some(Overlay::History(history)) = model.overlays.last_mut() {
        let row = row_of(rows, at).map(|row| history.top + row);
        let row = row.filter(|row| *row < history.rows().len());
        history.cursor = row.unwrap_or(history.cursor);
        return row.is_some();
    }
    if !model.overlays.is_empty() || !enter(model, at) {
        return false;
    }
    let panes = model.own_panes();
    let offer = row_of(panes.offers, at).map(|row| model.list.top + row);
    if let Some(row) = offer.filter(|row| *row < model.list.rows.len()) {
        model.list.select(row);
        model.scrolled = 0;
    }
    // The first line is the title.
    if let Some(row) = row_of(panes.cancellations, at).and_then(|row| row.checked_sub(1)) {
        let row = view::cancellations::top(model, panes.cancellations) + row;
        if let Some(clicked) = model.known.cancellations.get(row) {
            model.watched = Some(clicked.cancellation.id.clone());
        }
    }
    model.status_target.settled();
    true
}

/// Moves what is on top, or the pane under the pointer.
fn wheeled(model: &mut Model, at: Position, command: Command) -> bool {
    if model.overlays.is_empty() && !enter(model, at) {
        return false;
    }
    (0..NOTCH).fold(false, |_, _| moving::moved(model, command))
}

/// Goes to the pane at `at`; returns whether there is one.
fn enter(model: &mut Model, at: Position) -> bool {
    let panes = model.own_panes();
    let focus = if panes.offers.contains(at) {
        Focus::Offers
    } else if panes.status.contains(at) {
        Focus::Status
    } else if panes.cancellations.contains(at) {
        Focus::Cancellations
    } else {
        return false;
    };
    model.focus = focus;
    moving::pin(model);
    true
}

/// Which row of `area` it is, from 0.
fn row_of(area: Rect, at: Position) -> Option<usize> {
    area.contains(at).then(|| usize::from(at.y - area.y))
}
