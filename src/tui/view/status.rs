//! The status of the selected offer: what is happening, how it came to that, its steps and its messages.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::{operation::Step, status::Phase},
    presentation::{Tone, fact},
    tui::{
        layout::{Panes, WIDE},
        model::{Focus, Model},
        theme::{Theme, mark},
        view::{eta, freshness, messages, paint, story, subject::Subject, timeline},
        width::{cells, cut, wrap},
    },
};

/// Draws the pane.
pub(super) fn draw(model: &Model, panes: &Panes, buffer: &mut Buffer) {
    let area = panes.status;
    if area.is_empty() {
        return;
    }
    let theme = model.theme();
    let inside = inside(area);
    let lines = lines(model, inside);
    let furthest = lines.len().saturating_sub(usize::from(inside.height));
    let from = model.scrolled.min(furthest);
    let more = match furthest - from {
        0 => String::new(),
        more => format!(" {more} more "),
    };
    let more_width = u16::try_from(more.len()).unwrap_or(0);
    let room = usize::from(area.width.saturating_sub(6 + more_width));
    let title = match shown(model) {
        Some(subject) => cut(&subject.title(model, room), room).into_owned(),
        None => "no offer".to_owned(),
    };
    paint::rule(buffer, area, &title, model.focus == Focus::Status, theme);
    paint::lines(buffer, inside, &lines, from);
    let at = area.width.saturating_sub(more_width + 1);
    let quiet = theme.style(Tone::Quiet);
    paint::cell(buffer, paint::row(area, 0), at, more_width, &more, quiet);
}

/// How far the pane can be scrolled.
pub(crate) fn furthest(model: &Model) -> usize {
    let inside = inside(model.own_panes().status);
    lines(model, inside)
        .len()
        .saturating_sub(usize::from(inside.height))
}

fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    }
}

fn shown(model: &Model) -> Option<Subject<'_>> {
    let told = model.status_target.told();
    let chosen = told
        .cancellation
        .as_ref()
        .and_then(|id| model.known.cancellation(id));
    let offer = told.offer.as_ref()?;
    Some(Subject::of(model, offer, chosen.map(|tracked| &**tracked)))
}

/// How generously the lines of a status are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    /// A line for each entry and each step, and a blank between the blocks.
    Roomy,
    /// A line for each entry.
    Rows,
    /// One after the other, and nothing cut.
    Flowing,
    /// One after the other, and what is wider than a line is cut.
    Packed,
}

/// As generously as has room; what stands above the list, where the panes do not stand side by side, begins with less.
fn lines(model: &Model, inside: Rect) -> Vec<Line<'static>> {
    let room = usize::from(inside.width);
    let Some(subject) = shown(model) else {
        return unselected(model, room);
    };
    let settings = if model.size.width >= WIDE {
        &[Setting::Roomy, Setting::Rows, Setting::Flowing][..]
    } else {
        &[Setting::Flowing]
    };
    settings
        .iter()
        .map(|setting| arranged(model, &subject, room, *setting))
        .find(|lines| lines.len() <= usize::from(inside.height))
        .unwrap_or_else(|| arranged(model, &subject, room, Setting::Packed))
}

/// There may be nothing to select yet, or a filter that left nothing to.
fn unselected(model: &Model, room: usize) -> Vec<Line<'static>> {
    if model.list.total == 0 {
        return Vec::new();
    }
    paint::sentence("No offer is selected.", Tone::Quiet, room, model.theme())
}

fn arranged(model: &Model, subject: &Subject<'_>, room: usize, setting: Setting) -> Vec<Line<'static>> {
    let theme = model.theme();
    let mut blocks = [
        happening(model, subject, room),
        history(model, subject, room, setting),
        steps(subject, room, setting == Setting::Roomy, theme),
        said(model, subject, room),
        support(subject, 9, room, theme),
    ];
    let is_stuck = |tracked| eta::stuck(model, tracked).is_some();
    if subject.cancellation.is_some_and(is_stuck) {
        // What to ask for help with must not be what has no room.
        blocks[2..].rotate_right(1);
    }
    let mut lines = Vec::new();
    for block in blocks.into_iter().filter(|block| !block.is_empty()) {
        if setting == Setting::Roomy && !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(block);
    }
    lines
}

fn history(model: &Model, subject: &Subject<'_>, room: usize, setting: Setting) -> Vec<Line<'static>> {
    let Some(tracked) = subject.cancellation else {
        return Vec::new();
    };
    let entries = fact::timeline(&tracked.cancellation).into_iter();
    if matches!(setting, Setting::Roomy | Setting::Rows) {
        return entries
            .flat_map(|entry| timeline::wrapped(model, entry, room))
            .collect();
    }
    let mut lines = Vec::new();
    let mut pieces = Vec::new();
    for (at, text, tone) in entries {
        let piece = timeline::piece(model, (at, text.clone(), tone));
        let notifier = piece.width().saturating_sub(room);
        if notifier == 0 {
            pieces.push(piece);
        } else if setting == Setting::Flowing {
            lines.extend(paint::flow(std::mem::take(&mut pieces), 3, room));
            lines.extend(timeline::wrapped(model, (at, text, tone), room));
        } else {
            let text = cut(&text, cells(&text).saturating_sub(notifier)).into_owned();
            pieces.push(timeline::piece(model, (at, text, tone)));
        }
    }
    lines.extend(paint::flow(pieces, 3, room));
    lines
}

fn steps(subject: &Subject<'_>, room: usize, is_roomy: bool, theme: Theme) -> Vec<Line<'static>> {
    let steps = subject.detail.iter().flat_map(|detail| &detail.steps);
    if is_roomy {
        return steps.flat_map(|step| step_lines(step, room, theme)).collect();
    }
    let pieces = steps.map(|step| step_piece(step, false, theme));
    paint::flow(pieces.collect(), 3, room)
}

/// A step with its mark and how long it is said to take, the whole of it; its lines stand beside the mark.
pub(super) fn step_lines(step: &Step, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let piece = step_piece(step, true, theme);
    if piece.width() <= room {
        return vec![piece];
    }
    let mut spans = piece.spans.into_iter();
    let mut mark = spans.next().unwrap_or_default();
    let style = spans
        .as_slice()
        .first()
        .map(|name| name.style)
        .unwrap_or_default();
    let text: String = spans.map(|span| span.content).collect();
    let lines = wrap(&text, room.saturating_sub(2)).into_iter();
    let beside = |line| {
        let mark = std::mem::replace(&mut mark, Span::raw(" "));
        Line::from(vec![mark, Span::raw(" "), Span::styled(line, style)])
    };
    lines.map(beside).collect()
}

/// The sentence, and under it what hinders.
pub(super) fn happening(model: &Model, subject: &Subject<'_>, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let asked = model.requests.on(subject.id).is_some();
    let (text, tone) = match (subject.cancellation, subject.offer) {
        _ if asked => story::of_request(),
        (Some(tracked), _) => story::of_cancellation(model, tracked),
        (None, Some(offer)) => story::of_offer(model, offer),
        (None, None) => story::of_nothing(model, subject.id),
    };
    let mut lines = paint::sentence(&text, tone, room, theme);
    if !asked && let Some(as_of) = freshness::of(model, subject) {
        paint::tail(&mut lines, as_of, room, theme);
    }
    let expected = subject
        .cancellation
        .and_then(|tracked| eta::expectation(model, tracked));
    match expected {
        Some((text, Tone::Quiet)) => paint::tail(&mut lines, text, room, theme),
        Some((text, tone)) => lines.extend(paint::labelled(mark::TROUBLE, &text, tone, 2, room, theme)),
        None => {}
    }
    if let Some(why) = story::hindrance(model, subject.id, subject.cancellation) {
        lines.extend(paint::labelled(
            mark::TROUBLE,
            why.as_str(),
            Tone::Open,
            2,
            room,
            theme,
        ));
    }
    lines
}

/// A step with its mark, and how long it is said to take: the one under way, or every one that is not done.
fn step_piece(step: &Step, with_estimates: bool, theme: Theme) -> Line<'static> {
    let phase = step.state.phase();
    let (mark, tone) = match phase {
        Phase::Succeeded => (mark::DONE, Tone::Good),
        Phase::Running | Phase::Waiting => (mark::DOING, Tone::Strong),
        Phase::NotStarted | Phase::Idle => (mark::TO_DO, Tone::Quiet),
        Phase::Failed | Phase::Canceled => (mark::FAILED, Tone::Bad),
        Phase::Unknown => (mark::UNKNOWN, Tone::Open),
    };
    let name = match phase {
        Phase::Running | Phase::Waiting => Tone::Strong,
        Phase::NotStarted | Phase::Idle => Tone::Quiet,
        _ => Tone::Plain,
    };
    let mut line = Line::from(vec![
        theme.say(tone, mark),
        theme.say(name, format!(" {}", step.name)),
    ]);
    let is_told = matches!(phase, Phase::Waiting | Phase::Unknown | Phase::Canceled);
    if is_told {
        line.push_span(theme.say(
            Tone::Plain,
            format!(" {}", crate::presentation::state::words(&step.state)),
        ));
    }
    let is_due = phase != Phase::NotStarted || with_estimates;
    if !step.estimate.is_empty() && step.state.is_active() && is_due {
        line.push_span(theme.say(Tone::Quiet, format!(" ({})", step.estimate)));
    }
    line
}

/// What the service says about it, and since the cancel was asked for.
pub(super) fn said(model: &Model, subject: &Subject<'_>, room: usize) -> Vec<Line<'static>> {
    let asked_at = subject
        .cancellation
        .map(|tracked| tracked.cancellation.claimed_at);
    subject
        .detail
        .map(|detail| messages::lines(model, detail, asked_at, room))
        .unwrap_or_default()
}

/// What Microsoft's support and the curious ask for: the location, and why it is not called, and the correlation id.
pub(super) fn support(subject: &Subject<'_>, indent: usize, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let Some(answer) = subject
        .cancellation
        .and_then(|tracked| tracked.cancellation.answer.as_ref())
    else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if let Some(id) = &answer.correlation_id {
        // Beside the short label the id stays whole in the narrow pane, where it can be copied.
        let label = if indent > 11 { "correlation" } else { "corr. id" };
        lines.extend(paint::labelled(
            label,
            id.as_str(),
            Tone::Quiet,
            indent,
            room,
            theme,
        ));
    }
    if let Some(location) = &answer.lead {
        let text = fact::location_text(location);
        lines.extend(paint::labelled(
            "location",
            &text,
            Tone::Quiet,
            indent,
            room,
            theme,
        ));
    }
    lines
}
