//! The cancellations of this run and the open ones of earlier runs, newest first.

use std::sync::Arc;

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    engine::Tracked,
    presentation::{
        Tone,
        moment::{between, brief, count},
        standing,
    },
    tui::{
        layout::Panes,
        model::{Focus, Model},
        theme::{Theme, mark},
        view::{eta, freshness, offers::destination, paint},
        width::cells,
    },
};

/// From this width all columns have room, and all words.
const WIDE_ENOUGH: u16 = 60;

/// The fewest cells for the times, so that a running length seldom moves a column.
const LEAST_WHEN: u16 = 6;

/// Where the columns begin, and how wide they are; a width of zero leaves one out.
#[derive(Clone, Copy)]
struct Columns {
    offer: (u16, u16),
    to: (u16, u16),
    state: (u16, u16),
    when: (u16, u16),
}

impl Columns {
    /// Shares `width` out to ids and times of at most `id` and `when` cells, and to states that come down to `state`; where
    /// there is no room for both, both are cut.
    fn of(width: u16, id: u16, state: u16, when: u16) -> Self {
        let (gap, to) = if width < WIDE_ENOUGH { (1, 0) } else { (2, 9) };
        let rest = width.saturating_sub(2 + gap + to + 1 + when + 1);
        let offer = id.min(rest.saturating_sub(state).max(rest * 2 / 5));
        let to_at = 2 + offer + gap;
        let state_at = to_at + to;
        let when_at = width.saturating_sub(when + 1);
        Self {
            offer: (2, offer),
            to: (to_at, to.saturating_sub(gap)),
            state: (state_at, when_at.saturating_sub(state_at + 1)),
            when: (when_at, when),
        }
    }

    /// By what the rows say.
    fn fitting(model: &Model, rows: &[Arc<Tracked>], width: u16) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = usize>| {
            u16::try_from(texts.max().unwrap_or_default()).unwrap_or(u16::MAX)
        };
        let id = |row: &Arc<Tracked>| cells(row.cancellation.request.target.offer.shown().as_str());
        let state = |row: &Arc<Tracked>| {
            let (word, _) = standing(model, row);
            cells(shortened(&word, 0))
        };
        let when = |row: &Arc<Tracked>| cells(&when(model, row));
        Self::of(
            width,
            widest(&mut rows.iter().map(id)),
            widest(&mut rows.iter().map(state)),
            widest(&mut rows.iter().map(when)).max(LEAST_WHEN),
        )
    }
}

/// `word` with as much of what it rests on as `room` has; at the least the word itself.
fn shortened(word: &str, room: usize) -> &str {
    let mut shown = word;
    while cells(shown) > room {
        let Some((before, _)) = shown.rsplit_once(" · ").or_else(|| shown.rsplit_once(": ")) else {
            break;
        };
        shown = before;
    }
    shown
}

/// Draws the pane.
pub(super) fn draw(model: &Model, panes: &Panes, buffer: &mut Buffer) {
    let area = panes.cancellations;
    if area.is_empty() {
        return;
    }
    let all = &model.known.cancellations;
    let has_focus = model.focus == Focus::Cancellations;
    let height = usize::from(area.height - 1);
    let title = match together(model) {
        Some(together) => format!("Cancellations · {together}"),
        None => "Cancellations".to_owned(),
    };
    paint::rule(buffer, area, &title, has_focus, model.theme());
    let watched = model.watched().map_or(0, |(at, _)| at);
    let top = top(model, area);
    let shown = &all[top.min(all.len())..(top + height).min(all.len())];
    if shown.len() < all.len() {
        let part = format!(" {}–{} of {} ", top + 1, top + shown.len(), all.len());
        let taken = u16::try_from(cells(&part)).unwrap_or(u16::MAX);
        let at = area.width.saturating_sub(taken + 1);
        let style = model.theme().style(Tone::Quiet);
        paint::cell(buffer, paint::row(area, 0), at, area.width, &part, style);
    }
    let columns = Columns::fitting(model, shown, area.width);
    for (at, tracked) in all.iter().enumerate().skip(top).take(height) {
        let row = paint::row(area, 1 + at - top);
        draw_row(model, tracked, columns, row, buffer);
        if has_focus && at == watched {
            paint::cell(buffer, row, 0, 1, mark::CURSOR, model.theme().style(Tone::Strong));
            buffer.set_style(row, Theme::selected());
        }
    }
}

/// How far those have come that were confirmed together last.
fn together(model: &Model) -> Option<String> {
    let batch = model.batches.last()?;
    let (all, ended) = batch.progress(&model.known);
    let ends = batch.ends(&model.known);
    Some(ends.unwrap_or_else(|| format!("{ended} of {all} ended")))
}

/// The first cancellation that `area`, the pane, has room for.
pub(crate) fn top(model: &Model, area: Rect) -> usize {
    let watched = model.watched().map_or(0, |(at, _)| at);
    (watched + 1).saturating_sub(usize::from(area.height.saturating_sub(1)))
}

fn draw_row(model: &Model, tracked: &Tracked, columns: Columns, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let cancellation = &tracked.cancellation;
    let request = &cancellation.request;
    let (word, tone) = standing(model, tracked);
    let (to, to_style) = destination(&request.shown.destination, theme);
    let id = request.target.offer.shown();
    let (at, room) = columns.offer;
    paint::name(buffer, area, at, room, id.as_str(), theme.style(Tone::Plain));
    let mut put =
        |(at, room): (u16, u16), text: &str, style| paint::cell(buffer, area, at, room, text, style);
    put(columns.to, &to, to_style);
    let (at, room) = columns.state;
    let word = shortened(&word, usize::from(room));
    put(columns.state, word, theme.style(tone));
    let gap = 1 + usize::from(area.width >= WIDE_ENOUGH);
    let taken = u16::try_from(cells(word) + gap).unwrap_or(u16::MAX);
    let left = room.saturating_sub(taken);
    let is_short = area.width < WIDE_ENOUGH;
    // Half of it would say nothing that its beginning does not.
    if let Some(since) = aside(model, tracked, is_short, usize::from(left)) {
        put((at.saturating_add(taken), left), &since, theme.style(Tone::Quiet));
    }
    put(columns.when, &when(model, tracked), theme.style(Tone::Quiet));
}

/// How it stands; what takes much longer than those before is said to.
fn standing(model: &Model, tracked: &Tracked) -> (String, Tone) {
    if eta::stuck(model, tracked).is_some() {
        return (eta::STUCK.to_owned(), Tone::Open);
    }
    let (words, family) = standing::of_tracked(tracked);
    (words, family.tone())
}

/// As of when it is known, where that is not now; else that it was asked for before this run or elsewhere, and when; as
/// much of it as `room` has.
fn aside(model: &Model, tracked: &Tracked, is_short: bool, room: usize) -> Option<String> {
    let said = match freshness::of_cancellation(model, tracked) {
        Some(as_of) => vec![as_of],
        None => taken_up(model, tracked, is_short),
    };
    said.into_iter().find(|said| cells(said) <= room)
}

/// The same in more words and in fewer.
fn taken_up(model: &Model, tracked: &Tracked, is_short: bool) -> Vec<String> {
    let word = match (tracked.joined, tracked.resumed) {
        (true, _) => "joined",
        (_, true) => "resumed",
        _ => return Vec::new(),
    };
    let asked = brief(tracked.cancellation.claimed_at, model.now.wall, &model.setup.zone);
    let mut said = vec![format!("{word} {asked}"), word.to_owned()];
    if !is_short {
        said.insert(0, format!("{word}, confirmed {asked}"));
    }
    said
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
