//! Who is mailed, while that is edited at the foot of the confirmation.

use ratatui::{
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    presentation::Tone,
    tui::{
        model::{Model, Recipients},
        theme::mark,
        view::paint,
    },
};

/// The cells in front of the text.
const PROMPT: usize = 2;
/// The lines of the reason why it cannot be taken, whether there is one or not, so that the dialog does not jump.
const REASON: usize = 2;

/// What is typed, whether it can be taken, and by which keys.
pub(super) fn lines(model: &Model, recipients: &Recipients, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let prompt = "Whom the service mails, separated by commas; nobody if empty:";
    let mut lines = paint::sentence(prompt, Tone::Strong, room, theme);
    let (shown, _) = recipients.window(room.saturating_sub(PROMPT));
    lines.push(Line::from(vec![
        theme.say(Tone::Quiet, "> "),
        theme.say(Tone::Strong, shown.to_owned()),
    ]));
    let mut reason = match recipients.check() {
        Ok(_) => Vec::new(),
        Err(why) => {
            let tone = if recipients.is_refused {
                Tone::Bad
            } else {
                Tone::Open
            };
            paint::labelled(mark::TROUBLE, &why.to_string(), tone, PROMPT, room, theme)
        }
    };
    let keys = if reason.is_empty() {
        "enter takes it · esc keeps what was named before"
    } else {
        "esc keeps what was named before"
    };
    reason.resize_with(REASON.max(reason.len()).min(2 * REASON), Line::default);
    lines.extend(reason);
    let meaning = "Everyone named is mailed; for a migrated offer the service ignores them.";
    lines.extend(paint::sentence(meaning, Tone::Quiet, room, theme));
    lines.extend(paint::sentence(keys, Tone::Quiet, room, theme));
    lines
}

/// Where the cursor is, where [`lines`] are drawn in `area`.
pub(super) fn cursor(model: &Model, recipients: &Recipients, area: Rect) -> Position {
    let room = usize::from(area.width);
    let (_, at) = recipients.window(room.saturating_sub(PROMPT));
    let is_typed = |line: &Line<'_>| line.spans.first().is_some_and(|span| span.content == "> ");
    let row = lines(model, recipients, room)
        .iter()
        .position(is_typed)
        .unwrap_or(0);
    let cell = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
    Position::new(
        area.x.saturating_add(cell(PROMPT + at)),
        area.y.saturating_add(cell(row)),
    )
}
