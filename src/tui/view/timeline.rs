//! The timeline of a cancellation: each entry beside its time.

use ratatui::text::Line;

use crate::{
    presentation::{Tone, fact, moment::exact},
    tui::{model::Model, view::paint, width::cells},
};

/// An entry as one piece of a line.
pub(super) fn piece(model: &Model, (at, text, tone): fact::Entry) -> Line<'static> {
    let theme = model.theme();
    let time = exact(at, model.now.wall, &model.setup.zone);
    Line::from(vec![
        theme.say(Tone::Quiet, format!("{time} ")),
        theme.say(tone, text),
    ])
}

/// An entry as lines of its own, the words wrapped beside the time.
pub(super) fn wrapped(model: &Model, (at, text, tone): fact::Entry, room: usize) -> Vec<Line<'static>> {
    let time = exact(at, model.now.wall, &model.setup.zone);
    let indent = cells(&time) + 1;
    paint::labelled(&time, &text, tone, indent, room, model.theme())
}
