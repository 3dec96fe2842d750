//! The palette: what is typed, and the commands that it finds, each with its keys.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
};

use crate::tui::{
    keymap::Command,
    layout::middle,
    model::{Model, Typed, found},
    theme::{Theme, Tone, mark},
    view::{footer, paint},
    width::cells,
};

/// The widest that it is drawn.
const WIDEST: u16 = 100;
/// The most commands shown at once.
const ROWS: u16 = 14;
/// The cells of the names, and of the keys after them.
const NAMES: u16 = 15;
const KEYS: u16 = 13;
/// With fewer cells than this what a command does is not told; its name has to do.
const LEAST_HELP: u16 = 12;

/// Draws it; returns where one types.
pub(super) fn draw(model: &Model, typed: &Typed, buffer: &mut Buffer) -> Position {
    let theme = model.theme();
    let screen = buffer.area;
    let size = Size::new(WIDEST.min(screen.width), (ROWS + 3).min(screen.height));
    let area = middle(screen, size);
    let title = format!("Run a command of {}", model.place_below().name());
    let inside = paint::sheet(buffer, area, &title, true, theme);
    let room = inside.width.saturating_sub(2);
    paint::cell(buffer, inside, 0, 2, ":", theme.style(Tone::Quiet));
    paint::cell(buffer, inside, 2, room, &typed.text, theme.style(Tone::Strong));
    let rows = Rect {
        y: inside.y + 1.min(inside.height),
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let found = found(model, &typed.text);
    if found.is_empty() {
        let none = "No command of this place is called that. esc closes this.";
        let lines = paint::sentence(none, Tone::Quiet, usize::from(rows.width), theme);
        paint::lines(buffer, rows, &lines, 0);
    }
    let height = usize::from(rows.height);
    let top = (typed.at + 1).saturating_sub(height);
    for (at, command) in found.iter().enumerate().skip(top).take(height) {
        let row = paint::row(rows, at - top);
        draw_row(model, *command, row, buffer);
        if at == typed.at {
            paint::cell(buffer, row, 0, 1, mark::CURSOR, theme.style(Tone::Strong));
            buffer.set_style(row, Theme::selected());
        }
    }
    let at = u16::try_from(2 + cells(&typed.text)).unwrap_or(u16::MAX);
    Position::new(inside.x.saturating_add(at), inside.y)
}

fn draw_row(model: &Model, command: Command, row: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let keys = model.setup.hand.keymap.commands(model.place_below());
    let keys = keys.into_iter().find(|(known, _)| *known == command);
    let keys = keys.map_or_else(String::new, |(_, keys)| keys);
    // What leads nowhere as things stand is there, and says so by standing back.
    let tone = if footer::leads_on(model, command) {
        Tone::Plain
    } else {
        Tone::Quiet
    };
    paint::cell(buffer, row, 2, NAMES, &command.name(), theme.style(tone));
    paint::cell(buffer, row, 2 + NAMES + 1, KEYS, &keys, theme.style(Tone::Strong));
    let at = 2 + NAMES + 1 + KEYS + 1;
    let room = row.width.saturating_sub(at);
    if room < LEAST_HELP {
        return;
    }
    paint::cell(buffer, row, at, room, command.help(), theme.style(Tone::Quiet));
}
