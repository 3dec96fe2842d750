//! The first line: where we are, what we may, how much is in flight, as of when.

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    presentation::{Tone, moment::exact},
    tui::{
        layout::Panes,
        model::{Model, ReadOnly},
        view::paint,
        width::{cells, cut_middle},
    },
};

/// The fewest cells that still tell where we are.
const LEAST_PLACE: usize = 9;

/// Draws the header and, under it, the newcomer's line.
pub(super) fn draw(model: &Model, panes: &Panes, buffer: &mut Buffer) {
    let theme = model.theme();
    let width = usize::from(panes.header.width);
    let as_of = as_of(model, width);
    let mut parts = parts(model);
    let room = width.saturating_sub(cells(&as_of) + 3);
    // What is dropped first when it is narrow: our own name, then what goes on elsewhere, what we may, where we are.
    for least in [2, 3, 1] {
        if taken(&parts) > room {
            parts.retain(|part| part.0 != least);
        }
    }
    squeeze(&mut parts, room);
    let mut line = Line::raw(" ");
    for (_, tone, text) in parts {
        line.push_span(theme.say(tone, text));
        line.push_span("  ");
    }
    paint::line(buffer, panes.header, &line);
    let at = width.saturating_sub(cells(&as_of) + 1);
    let at = u16::try_from(at).unwrap_or(0);
    paint::cell(
        buffer,
        panes.header,
        at,
        panes.header.width,
        &as_of,
        theme.style(Tone::Quiet),
    );
    if let Some(banner) = &model.setup.banner {
        let banner = Line::from(theme.say(Tone::Quiet, format!(" {banner}")));
        paint::line(buffer, panes.banner, &banner);
    }
}

/// Where we are is cut as long as it still tells something, and only then dropped.
fn squeeze(parts: &mut Vec<(u8, Tone, String)>, room: usize) {
    let over = taken(parts).saturating_sub(room);
    let Some(at) = parts.iter().position(|part| part.0 == 0).filter(|_| over > 0) else {
        return;
    };
    let left = cells(&parts[at].2).saturating_sub(over);
    if left < LEAST_PLACE {
        parts.remove(at);
    } else {
        parts[at].2 = cut_middle(&parts[at].2, left).into_owned();
    }
}

fn taken(parts: &[(u8, Tone, String)]) -> usize {
    parts.iter().map(|(_, _, text)| cells(text) + 2).sum()
}

/// The parts, each with what it is dropped by.
fn parts(model: &Model) -> Vec<(u8, Tone, String)> {
    let setup = &model.setup;
    let (may, tone) = match setup.read_only {
        Some(ReadOnly::Everywhere) => ("read-only everywhere", Tone::Strong),
        Some(ReadOnly::Profile) => ("read-only profile", Tone::Strong),
        None => ("read-write", Tone::Quiet),
    };
    let place = if setup.has_publisher() {
        format!("{}/{}", setup.profile, setup.publisher)
    } else {
        format!("{}/…", setup.profile)
    };
    let mut parts = vec![
        (2, Tone::Strong, "countermand".to_owned()),
        (0, Tone::Plain, place),
        (1, tone, may.to_owned()),
    ];
    let (in_flight, cancelling) = model.counts();
    if model.known.offers.value().is_some() {
        let text = match in_flight {
            0 => "nothing in flight".to_owned(),
            some => format!("{some} in flight"),
        };
        parts.push((9, Tone::Plain, text));
    }
    if model.known.offers_left_out > 0 {
        let text = format!("{} more offers than are read", model.known.offers_left_out);
        parts.push((9, Tone::Open, text));
    }
    if cancelling > 0 {
        parts.push((9, Tone::Busy, format!("{cancelling} canceling")));
    }
    if model.elsewhere > 0 {
        parts.push((3, Tone::Busy, format!("{} elsewhere", model.elsewhere)));
    }
    parts
}

/// When the list was read: a time of day, because an age would have to be drawn again each second.
fn as_of(model: &Model, width: usize) -> String {
    let Some(at) = model.known.offers.read_at() else {
        return String::new();
    };
    let time = exact(at, model.now.wall, &model.setup.zone);
    if width < 100 {
        time
    } else {
        format!("as of {time}")
    }
}
