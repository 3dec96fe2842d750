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

/// Where the cursor is, in a dialog with `lines` of them inside `inside`, the last of which are ours.
pub(super) fn cursor(model: &Model, recipients: &Recipients, inside: Rect, lines: usize) -> Position {
    let room = usize::from(inside.width);
    let ours = self::lines(model, recipients, room);
    let (_, at) = recipients.window(room.saturating_sub(PROMPT));
    let prompt = ours
        .iter()
        .position(|line| line.spans.first().is_some_and(|span| span.content == "> "))
        .unwrap_or(0);
    let row = lines.saturating_sub(ours.len()) + prompt;
    let cell = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
    Position::new(
        inside.x.saturating_add(cell(PROMPT + at)),
        inside.y.saturating_add(cell(row)),
    )
}
