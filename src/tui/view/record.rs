//! All of one cancellation, as the journal has it: who asked for what, every fact in order, and how it ended.

use ratatui::{buffer::Buffer, layout::Position, text::Line};

use crate::{
    domain::{cancellation::Cancellation, fact::Recorded},
    presentation::{Tone, fact, moment::exact, phrase, state::words},
    tui::{
        layout,
        model::{Model, Overlay},
        view::{history, paint},
    },
};

/// The cells that labels take.
const INDENT: usize = 13;

/// Draws the sheet.
pub(super) fn draw(
    model: &Model,
    told: &Cancellation,
    scrolled: usize,
    buffer: &mut Buffer,
) -> Option<Position> {
    let area = layout::sheet(buffer.area);
    let row = model.newest(told);
    let shown = &row.request.shown;
    let target = &row.request.target;
    let title = format!(
        "{} · {} → {} · {}",
        target.offer,
        shown.kind,
        shown.destination.word(),
        target.name().short()
    );
    let lines = lines(model, row, usize::from(area.width.saturating_sub(4)));
    paint::scrolling(buffer, area, &title, &lines, scrolled, model.theme());
    None
}

/// How far the sheet on top can be scrolled.
pub(crate) fn furthest(model: &Model) -> usize {
    let Some(Overlay::Record { cancellation, .. }) = model.overlays.last() else {
        return 0;
    };
    let area = layout::sheet(model.area());
    let room = usize::from(area.width.saturating_sub(4));
    lines(model, model.newest(cancellation), room)
        .len()
        .saturating_sub(usize::from(area.height.saturating_sub(2)))
}

fn lines(model: &Model, row: &Cancellation, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let mut lines = Vec::new();
    for (label, value, tone) in asked(model, row) {
        lines.extend(paint::labelled(label, &value, tone, INDENT, room, theme));
    }
    lines.push(Line::default());
    lines.push(Line::from(theme.say(Tone::Strong, "Facts")));
    for recorded in &row.facts {
        lines.extend(fact(model, recorded, row, room));
    }
    lines
}

/// Who asked for what, and how that stands.
fn asked(model: &Model, row: &Cancellation) -> Vec<(&'static str, String, Tone)> {
    let (request, by) = (&row.request, &row.by);
    let (target, shown) = (&request.target, &request.shown);
    let (standing, tone) = history::standing(model, row);
    let mut facts = vec![
        ("verdict", standing, tone),
        ("took", history::took(model, row), Tone::Plain),
        (
            "confirmed",
            exact(row.claimed_at, model.now.wall, &model.setup.zone),
            Tone::Plain,
        ),
        (
            "by",
            format!("{}, process {}", phrase::who(row), by.pid),
            Tone::Plain,
        ),
        ("profile", request.profile.to_string(), Tone::Plain),
        (
            "publisher",
            format!("{} at {}", target.publisher, target.origin),
            Tone::Plain,
        ),
        ("offer", target.offer.to_string(), Tone::Plain),
        (
            "operation",
            format!(
                "{} → {} · {}",
                shown.kind,
                shown.destination.word(),
                target.name()
            ),
            Tone::Plain,
        ),
        ("state then", seen_then(row), Tone::Plain),
    ];
    let addresses: Vec<String> = request.notify.iter().map(ToString::to_string).collect();
    if !addresses.is_empty() {
        facts.push(("notified", addresses.join(", "), Tone::Plain));
    }
    if let Some(earlier) = &request.again_of {
        facts.push(("repeats", earlier.to_string(), Tone::Plain));
    }
    facts.push(("id", row.id.to_string(), Tone::Plain));
    facts
}

/// What was shown of the operation when its cancel was confirmed.
fn seen_then(row: &Cancellation) -> String {
    let shown = &row.request.shown;
    match &shown.step {
        Some(step) => format!("{}, at {step}", words(&shown.state)),
        None => words(&shown.state),
    }
}

/// One fact, and under it all that it holds.
fn fact(
    model: &Model,
    Recorded { at, fact, .. }: &Recorded,
    told: &Cancellation,
    room: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme();
    let time = exact(*at, model.now.wall, &model.setup.zone);
    let indent = (crate::tui::width::cells(&time) + 2).max(INDENT);
    let (text, tone) = fact::describe(fact, told);
    let mut lines = paint::labelled(&time, &text, tone, indent, room, theme);
    for (label, value) in fact::details(fact) {
        lines.extend(paint::labelled(
            "",
            &format!("{label} {value}"),
            Tone::Quiet,
            indent,
            room,
            theme,
        ));
    }
    lines
}
