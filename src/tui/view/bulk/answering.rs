//! How to answer the dialog on what is marked; nothing can be, before it is armed.

use ratatui::{
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    domain::text::SafeText,
    presentation::Tone,
    tui::{
        model::{Answer, Bulk},
        theme::Theme,
        view::bulk::Plan,
        width::{cells, cut},
    },
};

/// How to answer; nothing can be, before it is armed.
pub(super) fn answer(bulk: &Bulk, plan: &Plan, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let say = |text: &str, tone| Line::from(theme.say(tone, cut(text, room).into_owned()));
    // What this frame shows is read with it.
    let shown = if bulk.scrolled <= bulk.read {
        bulk.scrolled + plan.height
    } else {
        0
    };
    let unread = plan.to_read.saturating_sub(bulk.read.max(shown));
    let below = plan.furthest().saturating_sub(bulk.scrolled);
    let more = if below > 0 {
        format!("PgDn {below} more lines · ")
    } else {
        String::new()
    };
    let leaves = format!("{more}esc leaves all alone");
    match bulk.answer() {
        _ if bulk.arrived.is_none() => vec![say("…", Tone::Quiet), say(&leaves, Tone::Quiet)],
        Answer::Nothing => vec![
            say("There is nothing to confirm.", Tone::Plain),
            say(&format!("{more}esc back"), Tone::Quiet),
        ],
        _ if unread > 0 && below > 0 => vec![
            say(&format!("PgDn: {unread} more lines to read first"), Tone::Strong),
            say("esc leaves all alone", Tone::Quiet),
        ],
        _ if !bulk.guard.tells_how() => vec![say("…", Tone::Quiet), say(&leaves, Tone::Quiet)],
        Answer::Key => vec![
            Line::from(vec![
                theme.say(Tone::Strong, "y"),
                theme.say(Tone::Plain, " cancels it"),
            ]),
            say(
                &format!("{more}esc or any other letter leaves all alone"),
                Tone::Quiet,
            ),
        ],
        Answer::Id(_) | Answer::Count(_) => to_type(bulk, &more, room, theme),
    }
}

fn to_type(bulk: &Bulk, more: &str, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let answer = bulk.answer();
    let is_count = matches!(answer, Answer::Count(_));
    let prompt = match (bulk.guard.typed.is_wrong, is_count) {
        (true, true) => "That is not how many there are:",
        (true, false) => "That is not the offer's id:",
        (false, true) => "Type how many are to be cancelled:",
        (false, false) => "Type the offer's id to cancel:",
    };
    let tone = if bulk.guard.typed.is_wrong {
        Tone::Bad
    } else {
        Tone::Strong
    };
    let typed = SafeText::new(&bulk.guard.typed.text);
    let keys = match (bulk.can_be_answered(), is_count) {
        (false, _) => "",
        (true, true) => "enter cancels them · ",
        (true, false) => "enter cancels it · ",
    };
    vec![
        Line::from(theme.say(tone, prompt)),
        Line::from(vec![
            theme.say(Tone::Quiet, "> "),
            theme.say(Tone::Strong, typed.to_string()),
        ]),
        Line::from(theme.say(
            Tone::Quiet,
            cut(&format!("{keys}{more}esc leaves all alone"), room).into_owned(),
        )),
    ]
}

/// Where an answer is typed, while one is wanted.
pub(super) fn typing_at(bulk: &Bulk, foot: Rect) -> Option<Position> {
    bulk.answer().wanted().filter(|_| bulk.guard.tells_how())?;
    let typed = u16::try_from(2 + cells(&bulk.guard.typed.text)).unwrap_or(u16::MAX);
    Some(Position::new(
        foot.x.saturating_add(typed),
        foot.y.saturating_add(1),
    ))
}
