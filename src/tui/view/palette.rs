//! The palette: what is typed, and the commands that it finds, each with its keys.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
};

use crate::{
    presentation::Tone,
    tui::{
        keymap::Command,
        layout::middle,
        model::{Model, Typed, found},
        theme::{Theme, mark},
        view::{footer, paint},
        width::cells,
    },
};

/// The widest that it is drawn.
const WIDEST: u16 = 100;
/// The cells of the names.
const NAMES: u16 = 15;
/// With fewer cells than this what a command does is not told; its name has to do.
const LEAST_HELP: u16 = 12;

/// Draws it; returns where one types.
pub(super) fn draw(model: &Model, typed: &Typed, buffer: &mut Buffer) -> Position {
    let theme = model.theme();
    let screen = buffer.area;
    // As high as it is before anything is typed, so that it does not jump.
    let all = u16::try_from(found(model, "").len()).unwrap_or(u16::MAX);
    let size = Size::new(WIDEST.min(screen.width), all.saturating_add(3).min(screen.height));
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
    let is_whole = found.len() <= height;
    let shown = if is_whole {
        height
    } else {
        height.saturating_sub(1)
    };
    let top = (typed.at + 1).saturating_sub(shown);
    let keys = keys(model);
    for (at, command) in found.iter().enumerate().skip(top).take(shown) {
        let row = paint::row(rows, at - top);
        draw_row(model, *command, &keys, row, buffer);
        if at == typed.at {
            paint::cell(buffer, row, 0, 1, mark::CURSOR, theme.style(Tone::Strong));
            buffer.set_style(row, Theme::selected());
        }
    }
    if !is_whole {
        let more = match found.len().saturating_sub(top + shown) {
            0 => format!("{top} more above"),
            below => format!("{below} more"),
        };
        let row = paint::row(rows, shown);
        paint::cell(buffer, row, 2, room, &more, theme.style(Tone::Quiet));
    }
    let at = u16::try_from(2 + cells(&typed.text)).unwrap_or(u16::MAX);
    Position::new(inside.x.saturating_add(at), inside.y)
}

/// The keys of every command of the place below.
fn keys(model: &Model) -> Vec<(Command, String)> {
    model.setup.preferences.keymap.commands(model.place_below())
}

fn draw_row(model: &Model, command: Command, keys: &[(Command, String)], row: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let widest = keys.iter().map(|(_, keys)| cells(keys)).max().unwrap_or(0);
    let widest = u16::try_from(widest).unwrap_or(u16::MAX);
    let own = keys.iter().find(|(known, _)| *known == command);
    let own = own.map_or("", |(_, keys)| keys);
    // What leads nowhere as things stand is there, and says so by standing back.
    let tone = if footer::leads_on(model, command) {
        Tone::Plain
    } else {
        Tone::Quiet
    };
    paint::cell(buffer, row, 2, NAMES, &command.name(), theme.style(tone));
    paint::cell(buffer, row, 2 + NAMES, widest, own, theme.style(Tone::Strong));
    let at = (2 + NAMES + 2).saturating_add(widest);
    let room = row.width.saturating_sub(at);
    if room < LEAST_HELP {
        return;
    }
    paint::cell(buffer, row, at, room, &command.help(), theme.style(Tone::Quiet));
}
