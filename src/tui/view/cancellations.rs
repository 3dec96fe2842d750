//! The cancellations of this run and the open ones of earlier runs, newest first.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    engine::Tracked,
    tui::{
        layout::Panes,
        model::{Focus, Model},
        moment::{between, brief, count},
        theme::{Theme, Tone, mark},
        view::{offers::destination, paint, story},
    },
};

/// Draws the pane.
pub(super) fn draw(model: &Model, panes: &Panes, buffer: &mut Buffer) {
    let area = panes.cancellations;
    if area.is_empty() {
        return;
    }
    let all = &model.known.cancellations;
    let has_focus = model.focus == Focus::Cancellations;
    let height = usize::from(area.height - 1);
    let title = if all.len() > height {
        format!("Cancellations ({})", all.len())
    } else {
        "Cancellations".to_owned()
    };
    paint::rule(buffer, area, &title, has_focus, model.theme());
    let watched = model.watched().map_or(0, |(at, _)| at);
    let top = (watched + 1).saturating_sub(height);
    for (at, tracked) in all.iter().enumerate().skip(top).take(height) {
        let row = paint::row(area, 1 + at - top);
        draw_row(model, tracked, has_focus && at == watched, row, buffer);
    }
}

fn draw_row(model: &Model, tracked: &Tracked, is_selected: bool, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let cancellation = &tracked.cancellation;
    let request = &cancellation.request;
    let (word, tone) = story::standing(tracked);
    let (to, to_style) = destination(Some(&request.shown.destination), theme);
    let room = area.width;
    let (to_room, state, time) = if room < 60 { (0, 20, 8) } else { (9, 26, 9) };
    let offer = room.saturating_sub(2 + to_room + 1 + state + 1 + time);
    let id = request.target.offer.shown();
    paint::cell(buffer, area, 2, offer, id.as_str(), theme.style(Tone::Plain));
    paint::cell(buffer, area, 2 + offer + 1, to_room, to, to_style);
    paint::cell(
        buffer,
        area,
        2 + offer + 1 + to_room,
        state,
        &word,
        theme.style(tone),
    );
    let at = room.saturating_sub(time);
    let when = when(model, tracked);
    paint::cell(buffer, area, at, time, &when, theme.style(Tone::Quiet));
    if is_selected {
        paint::cell(buffer, area, 0, 1, mark::CURSOR, theme.style(Tone::Strong));
        buffer.set_style(area, Theme::selected());
    }
}

/// How long it has been going on, or when it ended.
fn when(model: &Model, tracked: &Tracked) -> String {
    let cancellation = &tracked.cancellation;
    let now = model.now.wall;
    match &cancellation.ending {
        _ if tracked.is_in_progress() => count(between(cancellation.claimed_at, now)),
        Some((at, _)) => brief(*at, now, &model.setup.zone),
        None => brief(cancellation.claimed_at, now, &model.setup.zone),
    }
}
