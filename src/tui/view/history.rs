//! Every cancellation that this machine knows, newest first, over the whole screen. Only the rows in the window are built.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use crate::{
    domain::{cancellation::Cancellation, remote::Remote},
    presentation::{
        Tone,
        moment::{between, brief, count, dated, exact},
        phrase, standing,
    },
    tui::{
        keymap::Command,
        layout,
        model::{History, Model},
        msg::HISTORY,
        theme::{Theme, mark},
        view::{offers::destination, paint},
        width::cells,
    },
};

/// The widths of the columns; one of zero is left out.
struct Columns {
    when: u16,
    who: u16,
    profile: u16,
    offer: u16,
    operation: u16,
    verdict: u16,
    took: u16,
}

/// Which of the columns holds the ids of offers.
const OFFER: usize = 3;
/// The cells between columns.
const GAP: u16 = 2;
/// From this width there is room for the day and the time; with less, the id is worth more.
const DATED: u16 = 60;

impl Columns {
    fn of(width: u16, widest: u16) -> Self {
        let (when, who, profile, operation, verdict, took) = match width {
            0..DATED => (8, 0, 0, 0, 14, 0),
            DATED..100 => (12, 0, 0, 7, 25, 7),
            100..112 => (12, 14, 0, 17, 25, 7),
            112..140 => (12, 14, 8, 17, 25, 7),
            _ => (12, 20, 12, 20, 25, 7),
        };
        let taken = [when, who, profile, operation, verdict, took]
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + GAP)
            .sum();
        let rest = width.saturating_sub(taken);
        let offer = rest.min(widest.max(10));
        // What is left goes to who asked, where that is shown.
        let more = if who > 0 { (rest - offer).min(12) } else { 0 };
        Self {
            when,
            who: who + more,
            profile,
            offer,
            operation,
            verdict,
            took,
        }
    }

    /// Draws one text into each column.
    fn put(&self, buffer: &mut Buffer, area: Rect, texts: [(&str, Style); 7]) {
        let widths = [
            self.when,
            self.who,
            self.profile,
            self.offer,
            self.operation,
            self.verdict,
            self.took,
        ];
        let mut at = 0;
        for (place, (width, (text, style))) in widths.into_iter().zip(texts).enumerate() {
            let put = if place == OFFER { paint::name } else { paint::cell };
            if width > 0 {
                put(buffer, area, at, width, text, style);
                at += width + GAP;
            }
        }
    }
}

/// Draws the sheet.
pub(super) fn draw(model: &Model, history: &History, buffer: &mut Buffer) -> Option<Position> {
    let theme = model.theme();
    let inside = paint::sheet(
        buffer,
        layout::sheet(buffer.area),
        &title(model, history),
        true,
        theme,
    );
    let area = layout::history_rows(buffer.area);
    if history.rows().is_empty() {
        let lines = paint::sentence(
            &emptiness(model, &history.known),
            Tone::Plain,
            usize::from(inside.width),
            theme,
        );
        paint::lines(buffer, inside, &lines, 0);
        return None;
    }
    let widest = history
        .rows()
        .iter()
        .map(|row| cells(row.request.target.offer.shown().as_str()))
        .max();
    let columns = Columns::of(area.width, u16::try_from(widest.unwrap_or(0)).unwrap_or(u16::MAX));
    let quiet = theme.style(Tone::Quiet);
    let operation = if columns.operation < 10 { "TO" } else { "OPERATION" };
    let heads = ["WHEN", "WHO", "PROFILE", "OFFER", operation, "VERDICT", "TOOK"];
    columns.put(buffer, paint::row(inside, 0), heads.map(|head| (head, quiet)));
    for (at, row) in history.window(usize::from(area.height)) {
        let line = paint::row(area, at - history.top);
        draw_row(model, model.newest(row), &columns, line, buffer);
        if at == history.cursor {
            let marker = Rect {
                x: line.x - 1,
                width: line.width + 1,
                ..line
            };
            paint::cell(buffer, marker, 0, 1, mark::CURSOR, theme.style(Tone::Strong));
            buffer.set_style(marker, Theme::selected());
        }
    }
    foot(model, history, inside, buffer);
    None
}

fn draw_row(model: &Model, row: &Cancellation, columns: &Columns, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme();
    let (plain, quiet) = (theme.style(Tone::Plain), theme.style(Tone::Quiet));
    let shown = &row.request.shown;
    let (to, to_style) = destination(&shown.destination, theme);
    let operation = if columns.operation < 10 {
        to
    } else {
        format!("{} → {to}", shown.kind)
    };
    let (verdict, tone) = standing(model, row);
    let when = if area.width < DATED { brief } else { dated };
    columns.put(
        buffer,
        area,
        [
            (&when(row.claimed_at, model.now.wall, &model.setup.zone), quiet),
            (phrase::who(row).as_str(), plain),
            (row.request.profile.as_str(), plain),
            (row.request.target.offer.shown().as_str(), plain),
            (&operation, to_style),
            (paint::brief(&verdict, columns.verdict), theme.style(tone)),
            (&took(model, row), quiet),
        ],
    );
}

/// How it stands: by the cancellation that is followed here, or else by the facts alone.
pub(super) fn standing(model: &Model, row: &Cancellation) -> (String, Tone) {
    let (words, family) = match model.known.cancellation(&row.id) {
        Some(tracked) => standing::of_tracked(tracked),
        None => standing::recorded(row),
    };
    (words, family.tone())
}

/// From the confirmation to its verdict; what is open and followed here counts on.
pub(super) fn took(model: &Model, row: &Cancellation) -> String {
    let is_counting = model
        .known
        .cancellation(&row.id)
        .is_some_and(|tracked| tracked.is_in_progress());
    match &row.ending {
        _ if is_counting => count(between(row.claimed_at, model.now.wall)),
        Some((at, _)) => count(between(row.claimed_at, *at)),
        None => "open".to_owned(),
    }
}

fn title(model: &Model, history: &History) -> String {
    let rows = history.rows().len();
    let plain = if rows >= usize::try_from(HISTORY).unwrap_or(usize::MAX) {
        format!("History of this machine, the newest {HISTORY}")
    } else {
        "History of this machine".to_owned()
    };
    match history.known.trouble() {
        Some((why, since)) if rows > 0 => {
            let since = exact(since, model.now.wall, &model.setup.zone);
            format!("History, not read anew since {since}: {why}")
        }
        _ => plain,
    }
}

/// What the columns have no room for.
fn foot(model: &Model, history: &History, inside: Rect, buffer: &mut Buffer) {
    let Some(selected) = history.selected() else {
        return;
    };
    let selected = model.newest(selected);
    let request = &selected.request;
    let text = format!(
        "{} of {} · by {} · {}/{} · {} → {} · {}",
        history.cursor + 1,
        history.rows().len(),
        phrase::who(selected),
        request.profile,
        request.target.publisher,
        request.shown.kind,
        request.shown.destination.word(),
        request.target.name().short(),
    );
    let row = paint::row(inside, usize::from(inside.height.saturating_sub(1)));
    let style = model.theme().style(Tone::Quiet);
    paint::cell(buffer, row, 0, row.width, &text, style);
}

/// Why there is nothing to see.
fn emptiness<T>(model: &Model, known: &Remote<T>) -> String {
    match known {
        Remote::NotAsked | Remote::Loading => "reading the journal…".to_owned(),
        Remote::Stale { why, .. } => {
            let key = model.key(Command::Refresh);
            format!("The history cannot be read. {why}. {key} tries again.")
        }
        Remote::Fresh { .. } => {
            format!("{}.", phrase::NO_HISTORY)
        }
    }
}
