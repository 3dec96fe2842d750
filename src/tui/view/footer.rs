//! The last line: the keys that do something here, or one sentence about the last of them.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use crate::tui::{
    keymap::{Command, Entry, Place, hints},
    model::Model,
    theme::Tone,
    view::paint,
    width::{cells, cut},
};

/// Whether there is something to go back from.
fn leads_back(model: &Model) -> bool {
    model.place() != Place::Offers || model.list.is_narrowed()
}

/// Draws the footer.
pub(super) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let width = usize::from(area.width);
    if let Some(notice) = &model.notice {
        let text = cut(notice.as_str(), width.saturating_sub(2)).into_owned();
        let line = Line::from(theme.say(Tone::Strong, format!(" {text}")));
        paint::line(buffer, area, &line);
        return;
    }
    let (quit, others): (Vec<&Entry>, Vec<&Entry>) = hints(model.place())
        .filter(|entry| entry.command != Command::Back || leads_back(model))
        .partition(|entry| entry.command == Command::Quit);
    let mut room = width.saturating_sub(1);
    let mut line = Line::raw(" ");
    if let Some(quit) = quit.first() {
        let key = quit.first_key();
        room = room.saturating_sub(cells(&key) + cells(quit.hint) + 2);
        let at = u16::try_from(room).unwrap_or(0);
        paint::cell(buffer, area, at, 8, &key, theme.style(Tone::Strong));
        let after = at.saturating_add(u16::try_from(cells(&key) + 1).unwrap_or(0));
        paint::cell(buffer, area, after, 8, quit.hint, theme.style(Tone::Quiet));
    }
    let mut taken = 1;
    for entry in others {
        let key = entry.first_key();
        let width = cells(&key) + cells(entry.hint) + 3;
        if taken + width > room {
            break;
        }
        taken += width;
        line.push_span(theme.say(Tone::Strong, key));
        line.push_span(theme.say(Tone::Quiet, format!(" {}  ", entry.hint)));
    }
    paint::line(
        buffer,
        Rect {
            width: area.width.min(u16::try_from(taken).unwrap_or(area.width)),
            ..area
        },
        &line,
    );
}
