//! The dialog before a cancel: what exactly would be cancelled, how that is known, and how to answer.

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    domain::{
        confirmation::Address,
        operation::{CancelState, Destination, Operation, OperationDetail, Source},
        recipients::write,
        remote::Remote,
        text::SafeText,
    },
    presentation::{Tone, ending, moment::exact, state::words},
    tui::{
        layout::{LEAST, middle},
        model::{Asking, Confirmation, Model, Question},
        view::{paint, recipients},
        width::{cells, cut},
    },
};

/// The widest that a dialog is drawn.
const WIDEST: u16 = 76;
/// From this height there is room for a frame.
const FRAMED: u16 = 16;
/// The cells that labels take.
const INDENT: usize = 11;

/// Draws the dialog; returns where the id is typed.
pub(super) fn draw(model: &Model, dialog: &Confirmation, buffer: &mut Buffer) -> Option<Position> {
    let (area, framed) = frame_of(model, dialog, buffer.area);
    let inside = paint::sheet(buffer, area, title(dialog), framed, model.theme());
    let room = usize::from(inside.width);
    let mut lines = lines(model, dialog, room);
    let height = usize::from(inside.height);
    if lines.len() > height {
        let sentence = "Enlarge the window to read and answer this.";
        let mut last = paint::sentence(sentence, Tone::Bad, room, model.theme());
        last.truncate(height);
        lines.truncate(height - last.len());
        lines.append(&mut last);
        paint::lines(buffer, inside, &lines, 0);
        return None;
    }
    paint::lines(buffer, inside, &lines, 0);
    typing_at(model, dialog, inside, lines.len())
}

/// Whether the dialog on top is on the screen to its last line, so that it can be read and answered.
pub(crate) fn is_whole(model: &Model) -> bool {
    let screen = model.area();
    if screen.width < LEAST.width || screen.height < LEAST.height {
        return false;
    }
    model.confirmation().is_some_and(|dialog| {
        let (area, framed) = frame_of(model, dialog, screen);
        let (sides, ends) = if framed { (4, 2) } else { (0, 0) };
        let room = usize::from(area.width.saturating_sub(sides));
        lines(model, dialog, room).len() <= usize::from(area.height.saturating_sub(ends))
    })
}

/// Where the dialog stands, and whether it has a frame.
fn frame_of(model: &Model, dialog: &Confirmation, screen: Rect) -> (Rect, bool) {
    let framed = screen.height >= FRAMED;
    if !framed {
        return (screen, false);
    }
    let width = WIDEST.min(screen.width.saturating_sub(2));
    let lines = lines(model, dialog, usize::from(width.saturating_sub(4)));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    (middle(screen, Size::new(width, height)), true)
}

fn title(dialog: &Confirmation) -> &'static str {
    match &dialog.asking {
        Asking::Looking => "Looking",
        Asking::Failed(_) => "No look, no cancel",
        Asking::Nothing { .. } => "Nothing to cancel",
        Asking::Hindered { .. } => "No cancel now",
        Asking::Asked(question) if question.candidate.operation.destination == Destination::Live => {
            "Cancel this operation that goes LIVE?"
        }
        Asking::Asked(_) => "Cancel this operation?",
    }
}

fn lines(model: &Model, dialog: &Confirmation, room: usize) -> Vec<Line<'static>> {
    let say = |text: &str, tone| paint::sentence(text, tone, room, model.theme());
    let mut lines = match &dialog.asking {
        Asking::Looking => say(&looking(model, dialog), Tone::Plain),
        Asking::Failed(failure) => {
            let mut lines = say(
                &(ending::not_begun(&format!("{} could not be looked at", dialog.offer)) + "."),
                Tone::Strong,
            );
            lines.extend(say(failure.text().as_str(), Tone::Plain));
            lines
        }
        Asking::Nothing { at } => say(
            &format!(
                "Nothing is running on {}: every known operation had ended at {}. There is nothing to confirm.",
                dialog.offer,
                time(model, *at)
            ),
            Tone::Plain,
        ),
        Asking::Hindered { why, at } => {
            let mut lines = say(
                &format!("Nothing can be sent to {} now: {why}.", dialog.offer),
                Tone::Plain,
            );
            let read = format!("read {}; this closes when one is left", time(model, *at));
            lines.extend(say(&read, Tone::Quiet));
            lines
        }
        Asking::Asked(question) => return asked(model, dialog, question, room),
    };
    lines.push(Line::default());
    lines.extend(say("esc back", Tone::Quiet));
    lines
}

/// Why there is nothing to answer yet: nobody is asked by what the list shows, however new that is.
fn looking(model: &Model, dialog: &Confirmation) -> String {
    let offer = &dialog.offer;
    if dialog.is_again {
        return format!("what was shown of {offer} is more than a minute old: looking again first…");
    }
    match model.known.operations_of(offer).and_then(Remote::trouble) {
        Some((_, since)) => {
            let since = time(model, since);
            format!("looking at {offer} first: what the list shows could not be read anew since {since}…")
        }
        None => format!("looking at {offer}…"),
    }
}

fn asked(model: &Model, dialog: &Confirmation, question: &Question, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (label, value, tone) in facts(model, dialog, question) {
        lines.extend(paint::labelled(label, &value, tone, INDENT, room, model.theme()));
    }
    lines.push(Line::default());
    lines.extend(answer(model, dialog, question, room));
    lines
}

/// What would be cancelled, and how that is known.
fn facts(model: &Model, dialog: &Confirmation, question: &Question) -> Vec<(&'static str, String, Tone)> {
    let operation = &question.candidate.operation;
    let detail = question.candidate.detail.as_ref();
    let (to, to_tone) = leads_to(&operation.destination);
    let mut facts = vec![
        ("offer", dialog.offer.to_string(), Tone::Strong),
        ("name", short(dialog.name.as_str()), Tone::Plain),
        (
            "operation",
            format!(
                "{} · {}",
                short(operation.kind.as_str()),
                model.scope(&dialog.offer).name(operation)
            ),
            Tone::Plain,
        ),
        ("goes to", to, to_tone),
        ("state", state(operation, detail), Tone::Plain),
    ];
    if let Some(CancelState::Says(word)) = detail.map(|detail| &detail.cancel_state) {
        let text = format!("the service says ‘{}’; you may still try", short(word.as_str()));
        facts.push(("cancelling", text, Tone::Open));
    }
    if let Some(presumed) = &question.presumed {
        facts.push(("older", cut(presumed.as_str(), 120).into_owned(), Tone::Plain));
    }
    facts.push(("mails", mailed(&dialog.notify), Tone::Plain));
    facts.push(("read", known_by(model, question), Tone::Plain));
    if let Some(earlier) = &question.earlier {
        let repeats = if earlier.is_repeated {
            "; this asks again"
        } else {
            ""
        };
        let asked = time(model, earlier.at);
        let text = format!("asked at {asked}: {}{repeats}", earlier.outcome);
        facts.push(("before", text, Tone::Open));
    }
    facts
}

fn state(operation: &Operation, detail: Option<&OperationDetail>) -> String {
    let step = detail
        .and_then(OperationDetail::current_step)
        .map(|step| format!(", at {}", short(step.name.as_str())));
    let step = step.unwrap_or_else(|| ", step unknown".to_owned());
    format!("{}{step}", short(&words(&operation.state)))
}

fn leads_to(destination: &Destination) -> (String, Tone) {
    match destination {
        Destination::Preview => ("preview, seen by the publisher alone".to_owned(), Tone::Plain),
        Destination::Live => (
            "LIVE: the marketplace itself, seen by customers".to_owned(),
            Tone::Live,
        ),
        Destination::Unknown(slot) if slot.is_empty() => (
            "unknown: the service does not say; it may be LIVE".to_owned(),
            Tone::Live,
        ),
        Destination::Unknown(slot) => (
            format!("‘{}’, unknown here; it may be LIVE", short(slot.as_str())),
            Tone::Live,
        ),
    }
}

fn mailed(notify: &[Address]) -> String {
    if notify.is_empty() {
        return "nobody named; the service may mail the account's seller contact".to_owned();
    }
    format!(
        "{} (a migrated offer ignores this and mails its seller contact)",
        write(notify)
    )
}

fn known_by(model: &Model, question: &Question) -> String {
    let at = time(model, question.read_at);
    match question.source {
        Source::Submissions => at,
        Source::OfferStatus => {
            format!("{at}, from the offer's status alone: no id, so bound by slot, versions and start")
        }
    }
}

/// How to answer; nothing can be, before it is armed.
fn answer(model: &Model, dialog: &Confirmation, question: &Question, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    if let Some(recipients) = &dialog.editing {
        return recipients::lines(model, recipients, room);
    }
    if !question.guard.tells_how() {
        // As many lines as when it is armed, so that the dialog does not jump.
        let mut lines = vec![Line::from(theme.say(Tone::Quiet, "…"))];
        lines.extend(paint::sentence("esc leaves it alone", Tone::Quiet, room, theme));
        if question.wants_id() {
            lines.insert(1, Line::default());
        }
        return lines;
    }
    if !question.wants_id() {
        let mut lines = vec![Line::from(vec![
            theme.say(Tone::Strong, "y"),
            theme.say(Tone::Plain, " cancels it"),
        ])];
        let others = "other keys but tab leave it alone";
        lines.extend(paint::sentence(others, Tone::Quiet, room, theme));
        return lines;
    }
    let prompt = if question.guard.typed.is_wrong {
        theme.say(Tone::Bad, "That is not the offer's id:")
    } else {
        theme.say(Tone::Strong, "Type the offer's id to cancel:")
    };
    let typed = SafeText::new(&question.guard.typed.text);
    let mut lines = vec![
        Line::from(prompt),
        Line::from(vec![
            theme.say(Tone::Quiet, "> "),
            theme.say(Tone::Strong, typed.to_string()),
        ]),
    ];
    let keys = if question.guard.typed.text == dialog.offer.raw() {
        "enter cancels it · esc leaves it alone"
    } else {
        "esc leaves it alone"
    };
    lines.extend(paint::sentence(keys, Tone::Quiet, room, theme));
    lines
}

fn typing_at(model: &Model, dialog: &Confirmation, inside: Rect, lines: usize) -> Option<Position> {
    let Asking::Asked(question) = &dialog.asking else {
        return None;
    };
    if let Some(recipients) = &dialog.editing {
        return Some(recipients::cursor(model, recipients, inside, lines));
    }
    if !question.guard.tells_how() || !question.wants_id() {
        return None;
    }
    let typed = u16::try_from(2 + cells(&question.guard.typed.text)).unwrap_or(u16::MAX);
    let row = u16::try_from(lines.saturating_sub(2)).unwrap_or(u16::MAX);
    Some(Position::new(
        inside.x.saturating_add(typed),
        inside.y.saturating_add(row),
    ))
}

/// Enough of a text of somebody else's making; however long it is, the dialog must stay whole to be answered.
fn short(text: &str) -> String {
    cut(text, 60).into_owned()
}

fn time(model: &Model, at: Timestamp) -> String {
    exact(at, model.now.wall, &model.setup.zone)
}
