//! The screen: draws the model and nothing else. Knows no clock; what counts, counts in the model.

pub(crate) mod cancellations;
pub(crate) mod confirmation;
mod copying;
pub(crate) mod details;
mod eta;
mod footer;
mod freshness;
mod header;
pub(crate) mod help;
mod history;
mod messages;
mod offers;
mod paint;
mod palette;
mod profiles;
mod recipients;
pub(crate) mod record;
pub(crate) mod status;
mod story;
mod subject;
mod sweep;
mod timeline;
mod trouble;

use ratatui::{Frame, buffer::Buffer, layout::Position};

use crate::tui::{
    layout::LEAST,
    model::{Model, Overlay},
    width::wrap,
};

/// Draws everything.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = draw(model, frame.buffer_mut());
    sweep::sweep(frame.buffer_mut());
    if let Some(cursor) = cursor.filter(|cursor| area.contains(*cursor)) {
        frame.set_cursor_position(cursor);
    }
}

/// Draws into a buffer; returns where text is typed.
fn draw(model: &Model, buffer: &mut Buffer) -> Option<Position> {
    let Some(panes) = model.panes(buffer.area) else {
        too_small(model, buffer);
        return None;
    };
    header::draw(model, &panes, buffer);
    let mut cursor = offers::draw(model, &panes, buffer);
    status::draw(model, &panes, buffer);
    cancellations::draw(model, &panes, buffer);
    trouble::draw(model, panes.trouble, buffer);
    footer::draw(model, panes.footer, buffer);
    for overlay in &model.overlays {
        cursor = match overlay {
            Overlay::Help { scrolled } => help::draw(model, *scrolled, buffer),
            Overlay::Details { scrolled, .. } => details::draw(model, overlay, *scrolled, buffer),
            Overlay::History(known) => history::draw(model, known, buffer),
            Overlay::Record {
                cancellation,
                scrolled,
            } => record::draw(model, cancellation, *scrolled, buffer),
            Overlay::Profiles(shown) => profiles::draw(model, shown, buffer),
            Overlay::Confirmation(dialog) => confirmation::draw(model, dialog, buffer),
            Overlay::Palette(typed) => Some(palette::draw(model, typed, buffer)),
            Overlay::Copying(pieces) => copying::draw(model, pieces, buffer),
        };
    }
    model.theme().fit(buffer);
    cursor
}

fn too_small(model: &Model, buffer: &mut Buffer) {
    let area = buffer.area;
    let sentence = format!(
        "This window is {}×{}; countermand needs {}×{}. {} quits.",
        area.width,
        area.height,
        LEAST.width,
        LEAST.height,
        model.way_out()
    );
    let lines = wrap(&sentence, usize::from(area.width));
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        buffer.set_stringn(
            area.x,
            y,
            line,
            usize::from(area.width),
            ratatui::style::Style::new(),
        );
    }
    model.theme().fit(buffer);
}
