//! All that is known of an offer, or of one cancellation on it, over the whole screen.

use ratatui::{buffer::Buffer, layout::Position, text::Line};

use crate::{
    domain::{ids::OfferId, operation::Operation, preflight},
    presentation::{Tone, fact, moment::exact, phrase, state::words},
    tui::{
        layout,
        model::{Model, Overlay},
        theme::mark,
        view::{
            eta, paint,
            status::{happening, said, step_lines, support},
            subject::Subject,
            trouble,
        },
    },
};

/// The cells that labels take.
const INDENT: usize = 14;

/// Draws the sheet.
pub(super) fn draw(
    model: &Model,
    overlay: &Overlay,
    scrolled: usize,
    buffer: &mut Buffer,
) -> Option<Position> {
    let area = layout::sheet(buffer.area);
    let room = usize::from(area.width.saturating_sub(6));
    let title = subject(model, overlay).map_or_else(String::new, |subject| subject.title(model, room));
    let lines = lines(model, overlay, usize::from(area.width.saturating_sub(4)));
    paint::scrolling(buffer, area, &title, &lines, scrolled, model.theme());
    None
}

/// How far the sheet on top can be scrolled.
pub(crate) fn furthest(model: &Model) -> usize {
    let Some(overlay) = model.overlays.last() else {
        return 0;
    };
    let area = layout::sheet(model.area());
    let room = usize::from(area.width.saturating_sub(4));
    lines(model, overlay, room)
        .len()
        .saturating_sub(usize::from(area.height.saturating_sub(2)))
}

fn subject<'a>(model: &'a Model, overlay: &'a Overlay) -> Option<Subject<'a>> {
    let Overlay::Details {
        offer, cancellation, ..
    } = overlay
    else {
        return None;
    };
    let chosen = cancellation.as_ref().and_then(|id| model.known.cancellation(id));
    Some(Subject::of(model, offer, chosen.map(|tracked| &**tracked)))
}

fn lines(model: &Model, overlay: &Overlay, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let Some(subject) = subject(model, overlay) else {
        return Vec::new();
    };
    let mut lines = happening(model, &subject, room);
    for trouble in trouble::whole(model) {
        lines.extend(paint::labelled(
            mark::TROUBLE,
            &trouble,
            Tone::Open,
            2,
            room,
            theme,
        ));
    }
    lines.push(Line::default());
    lines.extend(facts(model, &subject, room));
    if let Some(tracked) = subject.cancellation {
        heading(&mut lines, "Timeline", model);
        for (at, text, tone) in fact::timeline(&tracked.cancellation) {
            let time = exact(at, model.now.wall, &model.setup.zone);
            lines.extend(paint::labelled(&time, &text, tone, INDENT, room, theme));
        }
    }
    if let Some(detail) = subject.detail {
        heading(&mut lines, "Steps", model);
        lines.extend(detail.steps.iter().flat_map(|step| step_lines(step, room, theme)));
        if detail.all_messages().next().is_some() {
            heading(&mut lines, "Messages", model);
            lines.extend(said(model, &subject, room));
        }
    }
    let support = support(&subject, INDENT, room, theme);
    if !support.is_empty() {
        heading(&mut lines, "For support", model);
        lines.extend(support);
    }
    lines.extend(operations(model, &subject, room));
    lines
}

fn heading(lines: &mut Vec<Line<'static>>, title: &'static str, model: &Model) {
    lines.push(Line::default());
    lines.push(Line::from(model.theme().say(Tone::Strong, title)));
}

/// The offer, the operation, and who asked for the cancel.
fn facts(model: &Model, subject: &Subject<'_>, room: usize) -> Vec<Line<'static>> {
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    let mut facts = Vec::new();
    if let Some(offer) = subject.offer {
        facts.push(("offer", format!("{} · {}", offer.id, offer.name)));
        facts.push(("type", offer.kind.to_string()));
        facts.push(("offer state", words(&offer.state)));
        facts.extend(offer.changed_at.map(|at| ("changed", time(at))));
    }
    if let Some(operation) = subject.operation {
        facts.push(("operation", operation_text(model, subject.id, operation)));
    }
    if let Some(tracked) = subject.cancellation {
        let cancellation = &tracked.cancellation;
        facts.push(("confirmed by", phrase::who(cancellation).to_string()));
        facts.push(("looks", tracked.polls.to_string()));
        facts.extend(eta::summary(model.cancel_stats.known()).map(|summary| ("before", summary)));
        let addresses: Vec<String> = cancellation
            .request
            .notify
            .iter()
            .map(ToString::to_string)
            .collect();
        if !addresses.is_empty() {
            facts.push(("notified", addresses.join(", ")));
        }
        let also = cancellation
            .ending
            .iter()
            .flat_map(|(_, ending)| &ending.also_canceled);
        for id in also {
            facts.push(("also", format!("{id} was found canceled as well")));
        }
    }
    facts
        .iter()
        .flat_map(|(label, value)| paint::labelled(label, value, Tone::Plain, INDENT, room, model.theme()))
        .collect()
}

fn operation_text(model: &Model, offer: &OfferId, operation: &Operation) -> String {
    format!(
        "{} · {} → {} · {}",
        model.scope(offer).name(operation),
        operation.kind,
        operation.destination.word(),
        words(&operation.state)
    )
}

/// Every operation of the offer, and when they were read.
fn operations(model: &Model, subject: &Subject<'_>, room: usize) -> Vec<Line<'static>> {
    let Some(known) = model.known.operations_of(subject.id) else {
        return Vec::new();
    };
    let (Some(operations), Some(at)) = (known.value(), known.read_at()) else {
        return Vec::new();
    };
    let mut lines = vec![Line::default()];
    let read = exact(at, model.now.wall, &model.setup.zone);
    lines.push(Line::from(vec![
        model.theme().say(Tone::Strong, "Operations"),
        model.theme().say(Tone::Quiet, format!("  as of {read}")),
    ]));
    for (operation, is_presumed_ended) in preflight::with_presumption(operations) {
        let changed = operation
            .changed_at
            .map(|at| exact(at, model.now.wall, &model.setup.zone))
            .unwrap_or_default();
        let mut text = operation_text(model, subject.id, operation);
        if is_presumed_ended {
            text.push_str(", presumed ended");
        }
        lines.extend(paint::labelled(
            &changed,
            &text,
            Tone::Plain,
            16,
            room,
            model.theme(),
        ));
    }
    lines
}
