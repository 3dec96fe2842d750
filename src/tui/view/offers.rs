//! The list of offers. Only the rows in the window are built.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
    text::Line,
};

use crate::{
    domain::{offer::Offer, operation::Destination, remote::Remote, text::SafeText},
    presentation::{Column, Finder, Hit, Reading, Row, TERMS, Tone, moment::brief},
    tui::{
        keymap::Command,
        layout::Panes,
        model::{Focus, Letter, Model},
        theme::{Theme, mark},
        view::{paint, profiles, trouble},
        width::{cells, cut, halves},
    },
};

/// Where the columns begin, and how wide they are; a width of zero leaves one out.
#[derive(Clone, Copy, Debug)]
struct Columns {
    offer: (u16, u16),
    to: (u16, u16),
    state: (u16, u16),
    step: (u16, u16),
    since: (u16, u16),
}

/// What the columns hold, in cells: of the whole list, so that none moves while it scrolls.
#[derive(Clone, Copy, Debug)]
struct Held {
    id: u16,
    /// The states that have a step beside them; the others may take the step's room.
    state: u16,
    since: u16,
}

impl Held {
    fn of(model: &Model) -> Self {
        let list = &model.list;
        let fit = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        let since = list
            .extent
            .oldest
            .map_or(0, |at| cells(&brief(at, model.now.wall, &model.setup.zone)));
        // What is told of today and of this year takes up to six; the head says which way it is sorted.
        let is_sorted = usize::from(list.sort.column == Some(Column::Since));
        Self {
            id: fit(list.widest),
            state: fit(list.extent.state).clamp(LEAST_STATE, MOST_STATE),
            since: fit(since.max(6 + is_sorted)),
        }
    }
}

/// The fewest cells for the states: the usual words come and go, and move no column.
const LEAST_STATE: u16 = 10;
/// The most cells for the states while there are steps beside them.
const MOST_STATE: u16 = 20;
/// The fewest cells for the ids while there are others beside them.
const LEAST_OFFER: u16 = 12;
/// The fewest cells for the step; with less room there is none.
const LEAST_STEP: u16 = 13;
/// The most cells for the step: beyond that the times stand too far from what they tell of.
const MOST_STEP: u16 = 44;

impl Columns {
    /// Shares `width` out; the ids get what the longest of them takes, before the steps do.
    fn of(width: u16, held: Held) -> Self {
        let (to, widest) = (7, held.id);
        let (most, since) = if width < 56 {
            (16, 0)
        } else {
            (MOST_STATE, held.since)
        };
        let state = held.state.min(most);
        // The marker, a gap after each column that others follow, and nothing touches what stands beside the list.
        let room = |gap| width.saturating_sub(2 + gap * (2 + u16::from(since > 0)) + to + state + since + 1);
        let gap = 1 + u16::from(room(2) >= widest.saturating_add(2 + LEAST_STEP));
        let rest = room(gap);
        let (offer, state, step) = if since == 0 || rest < LEAST_OFFER + gap + LEAST_STEP {
            // Without steps there is no room to borrow: the states get theirs at once.
            (rest.saturating_sub(most - state), most, 0)
        } else {
            let offer = widest.clamp(LEAST_OFFER, rest - gap - LEAST_STEP);
            (offer, state, (rest - gap - offer).min(MOST_STEP))
        };
        let mut at = 2;
        let mut next = |width: u16| {
            let column = (at, width);
            at += if width > 0 { width + gap } else { 0 };
            column
        };
        Self {
            offer: next(offer),
            to: next(to),
            state: next(state),
            step: next(step),
            since: next(since),
        }
    }

    /// Where a column begins, and how wide it is.
    fn place(self, column: Column) -> (u16, u16) {
        match column {
            Column::Offer => self.offer,
            Column::To => self.to,
            Column::State => self.state,
            Column::Step => self.step,
            Column::Since => self.since,
        }
    }

    /// The column of the state, with that of the step where there is none.
    fn state_beside(self, step: &str) -> (u16, u16) {
        if self.step.1 == 0 || !step.is_empty() {
            return self.state;
        }
        let (at, _) = self.state;
        (at, (self.step.0 + self.step.1).saturating_sub(at))
    }
}

/// Draws the list, and above it what it is narrowed to; returns where the filter is typed.
pub(super) fn draw(model: &Model, panes: &Panes, buffer: &mut Buffer) -> Option<Position> {
    let theme = model.theme();
    let columns = Columns::of(panes.heads.width, Held::of(model));
    let cursor = narrowed(model, panes.narrowed, buffer);
    heads(model, columns, panes, buffer);
    let window = model.list.window(usize::from(panes.offers.height));
    let mut finder = (!model.list.query.is_empty()).then(|| Finder::new(&model.list.query));
    for (at, offer) in window.iter().enumerate() {
        let row = paint::row(panes.offers, at);
        draw_row(model, offer, columns, row, buffer);
        if let Some(finder) = &mut finder {
            emphasize(finder, offer, columns, row, buffer);
        }
    }
    if window.is_empty() {
        paint::lines(buffer, panes.offers, &nothing(model, panes.offers.width), 0);
    }
    for y in 0..panes.wall.height {
        let wall = paint::row(panes.wall, usize::from(y));
        paint::cell(buffer, wall, 0, 1, "│", theme.style(Tone::Quiet));
    }
    cursor
}

/// The heads of the columns; the one that the list is sorted by says which way.
fn heads(model: &Model, columns: Columns, panes: &Panes, buffer: &mut Buffer) {
    let area = panes.heads;
    let sort = model.list.sort;
    for column in Column::all() {
        let (head, (at, room)) = (column.head(), columns.place(column));
        if sort.column == Some(column) {
            let way = if sort.is_turned { mark::DOWN } else { mark::UP };
            let style = model.theme().style(Tone::Strong);
            paint::cell(buffer, area, at, room, &format!("{head} {way}"), style);
        } else {
            paint::cell(buffer, area, at, room, head, model.theme().style(Tone::Quiet));
        }
    }
    if let Some((at, part)) = part(model, columns, panes.offers.height) {
        paint::cell(
            buffer,
            area,
            at,
            area.width,
            &part,
            model.theme().style(Tone::Quiet),
        );
    }
}

/// Which part of a list stands in a window of `height`, and where to say so: it changes when the window moves, not when
/// the cursor does. Nothing where all of the list is in view.
fn part(model: &Model, columns: Columns, height: u16) -> Option<(u16, String)> {
    let list = &model.list;
    let shown = list.window(usize::from(height)).len();
    let all = list.rows.len();
    if shown == 0 || shown == all {
        return None;
    }
    let (at, room) = if columns.step.1 > 0 {
        columns.step
    } else {
        columns.state
    };
    let (from, to) = (list.top + 1, list.top + shown);
    // What the head and the way it is sorted leave.
    let free = usize::from(room).saturating_sub(8);
    let part = [format!("{from}–{to} of {all}"), format!("{to}/{all}")]
        .into_iter()
        .find(|part| cells(part) <= free)?;
    let end = at.saturating_add(room);
    Some((end.saturating_sub(u16::try_from(cells(&part)).ok()?), part))
}

/// Underlines the letters of the id that were looked for.
fn emphasize(finder: &mut Finder<'_>, offer: &Offer, columns: Columns, area: Rect, buffer: &mut Buffer) {
    let id = offer.id.raw();
    if !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        // What is shown may not be what is looked in, letter by letter.
        return;
    }
    let (at, room) = columns.offer;
    let places = finder.places(id).into_iter().filter_map(|place| {
        let place = usize::try_from(place).ok()?;
        shown_at(place, id.len(), usize::from(room))
    });
    for place in places {
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        let cell = Rect::new((area.x + at).saturating_add(place), area.y, 1, 1).intersection(area);
        buffer.set_style(cell, Style::new().add_modifier(Modifier::UNDERLINED));
    }
}

/// Where the letter at `place` of an id stands in `room` cells; nowhere when it was cut out of its middle.
fn shown_at(place: usize, length: usize, room: usize) -> Option<usize> {
    let (before, after) = halves(room);
    if length <= room || place < before {
        Some(place)
    } else {
        (place + after >= length).then(|| place + room - length)
    }
}

fn draw_row(model: &Model, offer: &Offer, columns: Columns, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let row = Row::of(&model.known, &model.requests, offer);
    let is_selected = model.list.selected.as_ref() == Some(&offer.id);
    let reading = Reading {
        now: model.now.wall,
        zone: &model.setup.zone,
    };
    let mut put = |(at, room): (u16, u16), text: &str, tone| {
        paint::cell(buffer, area, at, room, text, theme.style(tone));
    };
    for column in Column::all().filter(|column| *column != Column::Offer) {
        let (text, tone) = column.cell(offer, &row, reading);
        match column {
            Column::State => {
                let place = columns.state_beside(&row.step);
                put(place, paint::brief(&text, place.1), tone);
            }
            Column::To if text.is_empty() => put(columns.to, "–", tone),
            _ => put(columns.place(column), &text, tone),
        }
    }
    if model.list.marks.has(&offer.id) {
        put((1, 1), mark::MARKED, Tone::Strong);
    }
    if is_selected {
        put((0, 1), mark::CURSOR, Tone::Strong);
    }
    let (id, tone) = Column::Offer.cell(offer, &row, reading);
    let tone = if is_selected { Tone::Strong } else { tone };
    let (at, room) = columns.offer;
    paint::name(buffer, area, at, room, &id, theme.style(tone));
    if is_selected && model.focus == Focus::Offers {
        buffer.set_style(area, Theme::selected());
    }
}

/// The word of a destination as a list shows it.
pub(super) fn destination(to: &Destination, theme: Theme) -> (String, Style) {
    let (text, tone) = crate::presentation::destination(Some(to));
    (text, theme.style(tone))
}

/// What the list is narrowed to, what is marked and how much is shown.
fn narrowed(model: &Model, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let theme = model.theme();
    let list = &model.list;
    let filter = SafeText::new(list.filter.value());
    let mut line = Line::raw(" ");
    let mut left = usize::from(area.width).saturating_sub(1);
    let mut say = |tone, text: String| {
        line.push_span(theme.say(tone, cut(&text, left).into_owned()));
        line.push_span("   ");
        left = left.saturating_sub(cells(&text) + 3);
    };
    if list.is_typing || !filter.is_empty() {
        say(Tone::Strong, format!("/ {filter}"));
    }
    let is_replaced = list.is_typing && list.next_letter == Letter::BeginsAnew;
    if is_replaced {
        say(Tone::Quiet, "letters replace it, → adds to it".to_owned());
    }
    if list.is_typing && filter.is_empty() {
        say(Tone::Quiet, TERMS.to_owned());
    }
    if let Some(trouble) = &list.query.trouble {
        say(Tone::Bad, format!("{} {trouble}", mark::TROUBLE));
    }
    if list.marks.count() > 0 {
        say(Tone::Strong, marked(list.marks.count(), list.marks.hidden()));
    }
    if list.only_in_flight {
        say(Tone::Strong, "in flight or canceled here".to_owned());
    }
    if list.is_narrowed() {
        let how = match list.met {
            Hit::Whole => "",
            Hit::Loose => ", fuzzy match",
        };
        say(Tone::Quiet, format!("{} of {}{how}", list.rows.len(), list.total));
    }
    paint::line(buffer, area, &line);
    if is_replaced {
        let width = u16::try_from(cells(filter.as_str())).unwrap_or(u16::MAX);
        let old = Rect::new(area.x.saturating_add(3), area.y, width, 1);
        buffer.set_style(old.intersection(area), Theme::selected());
    }
    let typed = u16::try_from(list.filter.visual_cursor()).unwrap_or(u16::MAX);
    list.is_typing
        .then(|| Position::new(area.x.saturating_add(3).saturating_add(typed), area.y))
}

/// How many are marked, and how many of them cannot be seen.
fn marked(count: usize, hidden: usize) -> String {
    match hidden {
        0 => format!("{count} marked"),
        _ if hidden == count => format!("{count} marked, hidden"),
        _ => format!("{count} marked, {hidden} of them hidden"),
    }
}

/// Why there is nothing to see and, where something is wrong, the whole of it and what to do.
fn nothing(model: &Model, width: u16) -> Vec<Line<'static>> {
    let theme = model.theme();
    let room = usize::from(width.saturating_sub(1));
    let mut lines = paint::labelled("", &emptiness(model), Tone::Quiet, 2, room, theme);
    let troubles = trouble::whole(model);
    if model.list.total > 0 || troubles.is_empty() {
        return lines;
    }
    for trouble in troubles {
        lines.extend(paint::labelled(
            mark::TROUBLE,
            &trouble,
            Tone::Plain,
            2,
            room,
            theme,
        ));
    }
    let again = format!("{} tries again", model.key(Command::Refresh));
    lines.extend(paint::labelled("", &again, Tone::Quiet, 2, room, theme));
    lines
}

/// Why there is nothing to see.
fn emptiness(model: &Model) -> String {
    if !model.setup.has_publisher() {
        return profiles::of_nobody(model);
    }
    let publisher = &model.setup.publisher;
    match &model.known.offers {
        Remote::NotAsked | Remote::Loading => format!("asking for the offers of {publisher}…"),
        Remote::Stale { last: None, .. } => format!("the offers of {publisher} could not be read yet"),
        _ if model.list.total == 0 => format!("{publisher} has no offers"),
        _ if cells(model.list.filter.value()) > 0 => {
            format!(
                "no offer matches ‘{}’; {} shows all",
                SafeText::new(model.list.filter.value()),
                model.key(Command::Back)
            )
        }
        _ => format!("nothing is in flight; {} shows all", model.key(Command::InFlight)),
    }
}
