//! The profiles and publishers that one can go to, and what is shown while nobody knows whose offers are meant.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    domain::remote::Remote,
    presentation::Tone,
    tui::{
        layout::middle,
        model::{Model, Profiles, Stand},
        theme::{Theme, mark},
        view::paint,
        width::cells,
    },
};

/// The widest that the sheet is drawn.
const WIDEST: u16 = 92;
/// The cells between columns.
const GAP: u16 = 2;

/// Draws the sheet.
pub(super) fn draw(model: &Model, shown: &Profiles, buffer: &mut Buffer) -> Option<Position> {
    let theme = model.theme();
    let stands = model.stands();
    let width = WIDEST.min(buffer.area.width);
    let room = usize::from(width.saturating_sub(4));
    let under = under(shown, room, theme);
    let height = stands.len() + 3 + under.len();
    let height = u16::try_from(height).unwrap_or(u16::MAX);
    let area = middle(buffer.area, Size::new(width, height));
    let inside = paint::sheet(buffer, area, "Profiles", true, theme);
    // What is wrong is read before the rest of a long list.
    let below = u16::try_from(under.len())
        .unwrap_or(u16::MAX)
        .min(inside.height / 2);
    let rows = Rect {
        y: inside.y + 1.min(inside.height),
        height: inside.height.saturating_sub(1 + below),
        ..inside
    };
    let columns = Columns::of(&stands, inside.width);
    columns.put(
        paint::row(inside, 0),
        ["PROFILE", "PUBLISHER", "SERVICE", ""],
        Tone::Quiet,
        theme,
        buffer,
    );
    let fit = usize::from(rows.height);
    let top = (shown.cursor + 1).saturating_sub(fit);
    for (at, stand) in stands.iter().enumerate().skip(top).take(fit) {
        let line = paint::row(rows, at - top);
        draw_row(stand, &columns, line, theme, buffer);
        if at == shown.cursor {
            let marker = Rect {
                x: line.x.saturating_sub(1),
                width: line.width + 1,
                ..line
            };
            paint::cell(buffer, marker, 0, 1, mark::CURSOR, theme.style(Tone::Strong));
            buffer.set_style(marker, Theme::selected());
        }
    }
    let foot = Rect {
        y: rows.y + rows.height,
        height: below,
        ..inside
    };
    paint::lines(buffer, foot, &under, 0);
    None
}

/// Why it did not go where it was to.
fn under(shown: &Profiles, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let Some(trouble) = &shown.trouble else {
        return Vec::new();
    };
    let mut lines = vec![Line::raw("")];
    lines.extend(paint::labelled(
        mark::TROUBLE,
        trouble.as_str(),
        Tone::Plain,
        2,
        room,
        theme,
    ));
    lines
}

struct Columns([u16; 4]);

impl Columns {
    fn of(stands: &[Stand], width: u16) -> Self {
        let widest = |of: &dyn Fn(&Stand) -> String, least: u16| {
            let widths = stands.iter().map(|stand| cells(&of(stand)));
            u16::try_from(widths.max().unwrap_or(0))
                .unwrap_or(u16::MAX)
                .max(least)
        };
        let profile = widest(&|stand| stand.profile.to_string(), 7).min(width / 3);
        let publisher = widest(&publisher, 9).min(width / 3);
        let may = widest(&|stand| may(stand).to_owned(), 0);
        let left = width.saturating_sub(profile + publisher + may + 3 * GAP);
        let service = widest(&|stand| stand.origin.to_string(), 7).min(left);
        // The service is left out rather than cut to nothing.
        Self([profile, publisher, if service < 12 { 0 } else { service }, may])
    }

    fn put(&self, area: Rect, texts: [&str; 4], tone: Tone, theme: Theme, buffer: &mut Buffer) {
        let mut at = 0;
        for (width, text) in self.0.into_iter().zip(texts) {
            if width > 0 {
                paint::cell(buffer, area, at, width, text, theme.style(tone));
                at += width + GAP;
            }
        }
    }
}

fn draw_row(stand: &Stand, columns: &Columns, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let tone = if stand.is_here { Tone::Strong } else { Tone::Plain };
    let publisher = publisher(stand);
    let texts = [
        stand.profile.as_str(),
        &publisher,
        stand.origin.as_str(),
        may(stand),
    ];
    columns.put(area, texts, tone, theme, buffer);
}

fn publisher(stand: &Stand) -> String {
    let publisher = stand.publisher.as_ref();
    publisher.map_or_else(|| "asked for".to_owned(), ToString::to_string)
}

fn may(stand: &Stand) -> &'static str {
    match (stand.is_here, stand.read_only.is_some()) {
        (true, true) => "here, read-only",
        (true, false) => "here",
        (false, true) => "read-only",
        (false, false) => "",
    }
}

/// Why there are no offers, while nobody knows whose.
pub(super) fn of_nobody(model: &Model) -> String {
    match &model.publishers {
        Remote::NotAsked | Remote::Loading => {
            "no publisher is set: asking the service which there are…".to_owned()
        }
        Remote::Stale { why, .. } => format!(
            "no publisher is set, and the service does not say which there are: {why}. It is asked again; r does so now"
        ),
        Remote::Fresh { value, .. } if value.is_empty() => {
            "no publisher is set, and this sign-in may see none: name one with --publisher, or sign in as somebody who \
             belongs to one; r asks again"
                .to_owned()
        }
        Remote::Fresh { value, .. } => format!("there are {} publishers; p chooses one", value.len()),
    }
}
