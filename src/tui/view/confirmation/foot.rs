//! How to answer the dialog; nothing can be, before it is armed.

use ratatui::{
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    domain::text::SafeText,
    presentation::{Tone, moment::exact},
    proposal::{Required, Skip},
    tui::{
        model::{Dialog, Model},
        view::{confirmation::Page, paint, recipients},
        width::{cells, cut},
    },
};

/// How many lines it takes, armed or not, so that the dialog does not jump.
pub(super) fn height(model: &Model, dialog: &Dialog, room: usize) -> usize {
    match (&dialog.editing, dialog.proposal.required().text()) {
        (Some(edited), _) => recipients::lines(model, edited, room).len(),
        (None, Some(_)) => 3,
        (None, None) => 2,
    }
}

/// How to answer.
pub(super) fn lines(model: &Model, dialog: &Dialog, page: Page, room: usize) -> Vec<Line<'static>> {
    if let Some(edited) = &dialog.editing {
        return recipients::lines(model, edited, room);
    }
    let (theme, proposal) = (model.theme(), &dialog.proposal);
    let say = |text: &str, tone| Line::from(theme.say(tone, cut(text, room).into_owned()));
    let below = page.furthest.saturating_sub(dialog.scrolled);
    let more = match below {
        0 => String::new(),
        below => format!("PgDn {below} more lines · "),
    };
    let leaves = if proposal.only().is_some() {
        "esc leaves it alone"
    } else {
        "esc leaves all alone"
    };
    let required = proposal.required();
    let unread = unread(dialog, page);
    match &required {
        Required::Nothing if proposal.is_looking() => {
            vec![
                say("…", Tone::Quiet),
                say(&format!("{more}{leaves}"), Tone::Quiet),
            ]
        }
        Required::Nothing => vec![
            say(&nothing(model, dialog), Tone::Plain),
            say(&format!("{more}esc back"), Tone::Quiet),
        ],
        _ if unread > 0 && below > 0 => vec![
            say(&format!("PgDn: {unread} more lines to read first"), Tone::Strong),
            say(leaves, Tone::Quiet),
        ],
        _ if !proposal.guard.tells_how() => {
            let mut lines = vec![
                say("…", Tone::Quiet),
                say(&format!("{more}{leaves}"), Tone::Quiet),
            ];
            if required != Required::Yes {
                lines.insert(1, Line::default());
            }
            lines
        }
        Required::Yes => vec![
            Line::from(vec![
                theme.say(Tone::Strong, "y"),
                theme.say(Tone::Plain, " cancels it"),
            ]),
            say(&format!("{more}other keys but tab leave it alone"), Tone::Quiet),
        ],
        Required::Id(_) | Required::Count(_) => to_type(model, dialog, &format!("{more}{leaves}"), room),
    }
}

/// How many lines of what would be canceled are yet to be read; what this frame shows is read with it.
fn unread(dialog: &Dialog, page: Page) -> usize {
    let shown = if dialog.scrolled <= dialog.read {
        dialog.scrolled + page.height
    } else {
        0
    };
    page.to_read.saturating_sub(dialog.read.max(shown))
}

/// Why nothing can be answered, and when that is over.
fn nothing(model: &Model, dialog: &Dialog) -> String {
    let read_at = dialog.proposal.skipped().find_map(|(_, skip)| match skip {
        Skip::Hindered { at, .. } => Some(exact(*at, model.now.wall, &model.setup.zone)),
        _ => None,
    });
    read_at.map_or_else(
        || "There is nothing to confirm.".to_owned(),
        |at| format!("closes when one is left · read {at}"),
    )
}

fn to_type(model: &Model, dialog: &Dialog, leaves: &str, room: usize) -> Vec<Line<'static>> {
    let (theme, typed) = (model.theme(), &dialog.proposal.guard.typed);
    let is_count = matches!(dialog.proposal.required(), Required::Count(_));
    let (prompt, tone) = match (typed.is_full, typed.is_wrong, is_count) {
        (true, ..) => ("No more fits here; backspace takes one away:", Tone::Bad),
        (_, true, true) => ("That is not how many there are:", Tone::Bad),
        (_, true, false) => ("That is not the offer's id:", Tone::Bad),
        (_, false, true) => ("Type how many are to be cancelled:", Tone::Strong),
        (_, false, false) => ("Type the offer's id to cancel:", Tone::Strong),
    };
    let keys = match (dialog.can_be_answered(), is_count) {
        (false, _) => "",
        (true, true) => "enter cancels them · ",
        (true, false) => "enter cancels it · ",
    };
    let shown = SafeText::new(&typed.text);
    vec![
        Line::from(theme.say(tone, prompt)),
        Line::from(vec![
            theme.say(Tone::Quiet, "> "),
            theme.say(Tone::Strong, shown.to_string()),
        ]),
        paint::fit(
            Line::from(theme.say(Tone::Quiet, format!("{keys}{leaves}"))),
            room,
        ),
    ]
}

/// Where text is typed, while any is wanted.
pub(super) fn cursor(model: &Model, dialog: &Dialog, foot: Rect) -> Option<Position> {
    if let Some(edited) = &dialog.editing {
        return Some(recipients::cursor(model, edited, foot));
    }
    dialog.proposal.required().text()?;
    let guard = &dialog.proposal.guard;
    let typed = u16::try_from(2 + cells(&guard.typed.text)).unwrap_or(u16::MAX);
    let at = Position::new(foot.x.saturating_add(typed), foot.y.saturating_add(1));
    guard.tells_how().then_some(at)
}
