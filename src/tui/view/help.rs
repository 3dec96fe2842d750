//! The keys, from the one keymap: those of the place one comes from, then the others.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    presentation::Tone,
    tui::{layout::middle, model::Model, view::paint, width::cells},
};

/// The widest that the sheet is drawn.
const WIDEST: u16 = 78;

/// Draws the sheet.
pub(super) fn draw(model: &Model, scrolled: usize, buffer: &mut Buffer) -> Option<Position> {
    let area = sheet_of(model, buffer.area);
    let lines = lines(model, usize::from(area.width.saturating_sub(4)));
    let title = format!("Keys of {}", model.place_below().name());
    paint::scrolling(buffer, area, &title, &lines, scrolled, model.theme());
    None
}

/// How far the sheet can be scrolled.
pub(crate) fn furthest(model: &Model) -> usize {
    let area = sheet_of(model, model.area());
    let room = usize::from(area.width.saturating_sub(4));
    lines(model, room)
        .len()
        .saturating_sub(usize::from(area.height.saturating_sub(2)))
}

fn sheet_of(model: &Model, area: Rect) -> Rect {
    let width = WIDEST.min(area.width);
    let rows = lines(model, usize::from(width.saturating_sub(4))).len();
    let rows = u16::try_from(rows).unwrap_or(u16::MAX);
    middle(area, Size::new(width, rows.saturating_add(2)))
}

fn lines(model: &Model, room: usize) -> Vec<Line<'static>> {
    let keymap = &model.setup.preferences.keymap;
    let here = keymap.lines(Some(model.place_below()));
    let mut elsewhere = keymap.lines(None);
    elsewhere.retain(|(_, help)| here.iter().all(|(_, told)| told != help));
    let all = here.iter().chain(&elsewhere);
    let keys = all.map(|(keys, _)| cells(keys)).max().unwrap_or(0) + 2;
    let mut lines = told(model, &here, keys, room);
    if !elsewhere.is_empty() {
        lines.push(Line::default());
        lines.push(Line::from(model.theme().say(Tone::Strong, "Elsewhere")));
        lines.extend(told(model, &elsewhere, keys, room));
    }
    lines
}

/// A line or more for each phrase, all beginning `keys` cells from the left.
fn told(model: &Model, table: &[(String, &'static str)], keys: usize, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let line = |(keys_of, help): &(String, &'static str)| {
        let padding = " ".repeat(keys - cells(keys_of));
        let mut lines = paint::sentence(help, Tone::Plain, room.saturating_sub(keys), theme);
        for (at, line) in lines.iter_mut().enumerate() {
            let before = if at == 0 {
                format!("{keys_of}{padding}")
            } else {
                " ".repeat(keys)
            };
            line.spans.insert(0, theme.say(Tone::Strong, before));
        }
        lines
    };
    table.iter().flat_map(line).collect()
}
