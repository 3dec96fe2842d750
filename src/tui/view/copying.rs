//! The list of what can be copied, each as it would be.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    presentation::Tone,
    tui::{
        layout::middle,
        model::{Copying, Model},
        theme::{Theme, mark},
        view::paint,
    },
};

/// The widest that it is drawn.
const WIDEST: u16 = 92;
/// The cells that labels take, the mark before them included.
const INDENT: usize = 18;

/// Draws it.
pub(super) fn draw(model: &Model, copying: &Copying, buffer: &mut Buffer) -> Option<Position> {
    let theme = model.theme();
    let screen = buffer.area;
    let width = WIDEST.min(screen.width.saturating_sub(2));
    let room = usize::from(width.saturating_sub(4));
    let blocks = blocks(model, copying, room);
    let rows: usize = blocks.iter().map(Vec::len).sum();
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
    let area = middle(screen, Size::new(width, rows));
    let inside = paint::sheet(buffer, area, "Copy", true, theme);
    let height = usize::from(inside.height);
    let before: usize = blocks.iter().take(copying.at).map(Vec::len).sum();
    let chosen = blocks.get(copying.at).map_or(0, Vec::len);
    let top = (before + chosen).saturating_sub(height).min(before);
    let lines: Vec<Line<'_>> = blocks.into_iter().flatten().collect();
    paint::lines(buffer, inside, &lines, top);
    let bar = Rect {
        y: inside.y + u16::try_from(before - top).unwrap_or(0),
        height: u16::try_from(chosen).unwrap_or(0),
        ..inside
    };
    let bar = bar.intersection(inside);
    paint::cell(buffer, bar, 0, 1, mark::CURSOR, theme.style(Tone::Strong));
    buffer.set_style(bar, Theme::selected());
    None
}

/// The lines of each piece.
fn blocks(model: &Model, copying: &Copying, room: usize) -> Vec<Vec<Line<'static>>> {
    let theme = model.theme();
    let block = |piece: &crate::tui::model::Piece| {
        let label = format!("  {}", piece.label);
        let mut lines = paint::labelled(&label, piece.shown(), Tone::Plain, INDENT, room, theme);
        if let Err((_, why)) = &piece.text {
            let why = format!("not copied: {why}");
            lines.extend(paint::labelled("", &why, Tone::Bad, INDENT, room, theme));
        }
        lines
    };
    copying.pieces.iter().map(block).collect()
}
