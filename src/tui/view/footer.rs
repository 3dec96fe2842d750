//! The last line: the keys that do something here, or one sentence about the last of them.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    presentation::Tone,
    proposal::Proposal,
    tui::{
        keymap::{Command, Entry, Place},
        model::{Dialog, Model},
        view::paint,
        width::cut,
    },
};

/// Whether a key leads somewhere as things stand; one that does not is not offered.
pub(super) fn leads_on(model: &Model, command: Command) -> bool {
    match command {
        Command::Back => model.place() != Place::Offers || model.list.has_a_say(),
        Command::Confirm | Command::Accept => model.confirmation().is_none_or(Dialog::can_be_answered),
        Command::LookAgain => is_open_end(model),
        Command::Profiles => model.stands().len() > 1,
        Command::Details if model.place() == Place::History => model.pointed_cancellation().is_some(),
        _ => true,
    }
}

/// Whether keys point at a cancellation that is open and that nobody here follows.
fn is_open_end(model: &Model) -> bool {
    model.pointed_cancellation().is_some_and(|cancellation| {
        let tracked = model.known.cancellation(&cancellation.id);
        cancellation.is_open() && !tracked.is_some_and(|tracked| tracked.is_watched())
    })
}

/// A key, and what it does.
type Hint = (String, &'static Entry);

/// What a key does as things stand: the keys of a dialog are for one or for several.
fn does(model: &Model, entry: &Entry) -> &'static str {
    let is_of = |several: fn(&Proposal) -> bool| {
        let dialog = model.confirmation();
        dialog.is_some_and(|dialog| several(&dialog.proposal))
    };
    match (model.place(), entry.command) {
        (Place::Typing, Command::Accept) if is_of(|proposal| proposal.plans().count() > 1) => "cancel them",
        (_, Command::LeaveAlone) if is_of(|proposal| proposal.only().is_none()) => "leave all alone",
        _ => entry.hint,
    }
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
    let hints = model.setup.preferences.keymap.hints(model.place());
    let (ways_out, others): (Vec<Hint>, Vec<Hint>) = hints
        .filter(|(_, entry)| leads_on(model, entry.command))
        .partition(|(_, entry)| matches!(entry.command, Command::Back | Command::Quit));
    let out = told(model, &ways_out);
    let room = width.saturating_sub(out.width() + 1);
    let at = u16::try_from(room).unwrap_or(u16::MAX).min(area.width);
    let right = Rect {
        x: area.x + at,
        width: area.width - at,
        ..area
    };
    paint::line(buffer, right, &out);
    let mut shown = others;
    while told(model, &shown).width() + 2 > room && shown.pop().is_some() {}
    let mut line = told(model, &shown);
    line.spans.insert(0, Span::raw(" "));
    let left = Rect { width: at, ..area };
    paint::line(buffer, left, &line);
}

/// The keys with what they do.
fn told(model: &Model, hints: &[Hint]) -> Line<'static> {
    let theme = model.theme();
    let mut line = Line::default();
    for (key, entry) in hints {
        line.push_span(theme.say(Tone::Strong, key.clone()));
        line.push_span(theme.say(Tone::Quiet, format!(" {}", does(model, entry))));
        line.push_span("  ");
    }
    line.spans.pop();
    line
}
