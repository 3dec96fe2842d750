//! Lines into rectangles: every pane is a column of lines, and nothing is drawn outside its own.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::{Clear, Widget},
};

use crate::{
    presentation::Tone,
    tui::{
        theme::Theme,
        width::{cells, cut, cut_middle, wrap},
    },
};

/// Draws `lines` from the one at `from`, as many as fit.
pub(super) fn lines(buffer: &mut Buffer, area: Rect, lines: &[Line<'_>], from: usize) {
    let area = area.intersection(buffer.area);
    for (line, y) in lines.iter().skip(from).zip(area.top()..area.bottom()) {
        buffer.set_line(area.x, y, line, area.width);
    }
}

/// Draws one line at the top of `area`.
pub(super) fn line(buffer: &mut Buffer, area: Rect, line: &Line<'_>) {
    lines(buffer, area, std::slice::from_ref(line), 0);
}

/// Draws one text at `x` cells from the left of `area`, cut to `room` cells.
pub(super) fn cell(buffer: &mut Buffer, area: Rect, x: u16, room: u16, text: &str, style: Style) {
    let area = area.intersection(buffer.area);
    if area.is_empty() || x >= area.width {
        return;
    }
    let room = usize::from(room.min(area.width - x));
    buffer.set_stringn(area.x + x, area.y, cut(text, room), room, style);
}

/// Draws one name like [`cell`], cut in its middle.
pub(super) fn name(buffer: &mut Buffer, area: Rect, x: u16, room: u16, name: &str, style: Style) {
    let room = room.min(area.width.saturating_sub(x));
    cell(buffer, area, x, room, &cut_middle(name, usize::from(room)), style);
}

/// `text`, or where it takes more than `room` cells what stands before its colon.
pub(super) fn brief(text: &str, room: u16) -> &str {
    if cells(text) <= usize::from(room) {
        return text;
    }
    text.split_once(": ").map_or(text, |(before, _)| before)
}

/// The `row`th line of `area`; empty where there is none.
pub(super) fn row(area: Rect, row: usize) -> Rect {
    let row = u16::try_from(row).unwrap_or(u16::MAX).min(area.height);
    Rect {
        y: area.y + row,
        height: u16::from(row < area.height),
        ..area
    }
}

/// `── title ─────`, bold where keys go.
pub(super) fn rule(buffer: &mut Buffer, area: Rect, title: &str, has_focus: bool, theme: Theme) {
    let width = usize::from(area.width);
    let title = cut(title, width.saturating_sub(6));
    let rest = width.saturating_sub(cells(&title) + 5);
    let tone = if has_focus { Tone::Strong } else { Tone::Plain };
    let drawn = Line::from(vec![
        theme.say(Tone::Quiet, " ── "),
        theme.say(tone, title),
        theme.say(Tone::Quiet, format!(" {}", "─".repeat(rest))),
    ]);
    line(buffer, row(area, 0), &drawn);
}

/// Empties `area`, frames it where `framed`, and returns what is inside.
pub(super) fn sheet(buffer: &mut Buffer, area: Rect, title: &str, framed: bool, theme: Theme) -> Rect {
    // A blank on either side keeps what lies under it from running into the frame.
    let apron = Rect {
        x: area.x.saturating_sub(1),
        width: area.width.saturating_add(2),
        ..area
    };
    Clear.render(apron.intersection(buffer.area), buffer);
    if !framed {
        return area;
    }
    let width = usize::from(area.width);
    let title = cut(title, width.saturating_sub(6)).into_owned();
    let rest = width.saturating_sub(cells(&title) + 4);
    let top = Line::from(vec![
        Span::raw("┌ "),
        theme.say(Tone::Strong, title),
        Span::raw(format!(" {}┐", "─".repeat(rest))),
    ]);
    line(buffer, row(area, 0), &top);
    let bottom = format!("└{}┘", "─".repeat(width.saturating_sub(2)));
    line(
        buffer,
        row(area, usize::from(area.height.saturating_sub(1))),
        &Line::raw(bottom),
    );
    for y in 1..area.height.saturating_sub(1) {
        let side = row(area, usize::from(y));
        cell(buffer, side, 0, 1, "│", Style::new());
        cell(buffer, side, area.width.saturating_sub(1), 1, "│", Style::new());
    }
    area.inner(ratatui::layout::Margin::new(
        2.min(area.width / 2),
        1.min(area.height / 2),
    ))
}

/// A framed sheet of lines from the one at `scrolled`, as far as that goes; its lower edge says how many more there are.
pub(super) fn scrolling(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    shown: &[Line<'_>],
    scrolled: usize,
    theme: Theme,
) {
    let inside = sheet(buffer, area, title, true, theme);
    let furthest = shown.len().saturating_sub(usize::from(inside.height));
    let from = scrolled.min(furthest);
    lines(buffer, inside, shown, from);
    if furthest > from {
        let more = format!(" {} more ", furthest - from);
        let width = u16::try_from(more.len()).unwrap_or(0);
        let bottom = row(area, usize::from(area.height.saturating_sub(1)));
        let at = area.width.saturating_sub(width + 2);
        cell(buffer, bottom, at, area.width, &more, theme.style(Tone::Strong));
    }
}

/// One sentence in lines of at most `room` cells.
pub(super) fn sentence(text: &str, tone: Tone, room: usize, theme: Theme) -> Vec<Line<'static>> {
    wrap(text, room)
        .into_iter()
        .map(|line| Line::from(theme.say(tone, line)))
        .collect()
}

/// Puts `text` behind the last of `lines` where it has room, else under it; it is context.
pub(super) fn tail(lines: &mut Vec<Line<'static>>, text: String, room: usize, theme: Theme) {
    match lines.last_mut() {
        Some(line) if line.width() + 3 + cells(&text) <= room => {
            line.push_span(Span::raw("   "));
            line.push_span(theme.say(Tone::Quiet, text));
        }
        _ => lines.extend(sentence(&text, Tone::Quiet, room, theme)),
    }
}

/// `line`, cut to `room` cells; what is cut ends in a mark.
pub(super) fn fit(line: Line<'static>, room: usize) -> Line<'static> {
    if line.width() <= room {
        return line;
    }
    let mut left = room;
    let mut kept = Line::default();
    for span in line.spans {
        let width = span.width();
        // The mark takes a cell of the span that is cut, and a span that ends at the edge has more behind it.
        if width < left {
            left -= width;
            kept.push_span(span);
        } else {
            let text = cut(&format!("{} ", span.content), left).into_owned();
            kept.push_span(Span::styled(text, span.style));
            break;
        }
    }
    kept
}

/// Pieces one after the other with a gap between, broken between pieces; one that is wider than the line is cut.
pub(super) fn flow(pieces: Vec<Line<'static>>, gap: usize, room: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut taken = 0;
    for piece in pieces {
        let piece = fit(piece, room);
        let width = piece.width();
        match lines.last_mut() {
            Some(line) if taken + gap + width <= room => {
                line.spans.push(Span::raw(" ".repeat(gap)));
                line.spans.extend(piece.spans);
                taken += gap + width;
            }
            _ => {
                lines.push(piece);
                taken = width;
            }
        }
    }
    lines
}

/// `label  value`, the value wrapped beside its label.
pub(super) fn labelled(
    label: &str,
    value: &str,
    tone: Tone,
    indent: usize,
    room: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut label = format!("{:indent$}", cut(label, indent.saturating_sub(1)));
    let mut lines = Vec::new();
    for line in wrap(value, room.saturating_sub(indent)) {
        let shown = std::mem::replace(&mut label, " ".repeat(indent));
        lines.push(Line::from(vec![
            theme.say(Tone::Quiet, shown),
            theme.say(tone, line),
        ]));
    }
    lines
}
