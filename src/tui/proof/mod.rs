//! The dashboard proved without a terminal: what keys do, what a confirmation takes, what is on the screen.

mod asking;
mod bulk;
mod confirming;
mod finding;
mod fitting;
mod hand;
mod history;
mod keys;
mod matrix;
mod profiles;
mod random;
mod recipients;
mod screens;
mod several;
mod story;
mod time;

use std::time::Duration;

use crate::{
    domain::ids::OfferId,
    tui::{
        fixture::{self, Desk},
        model::Notice,
        msg::Effect,
    },
};

/// What arms a dialog that was painted.
const QUIET: Duration = Duration::from_millis(400);

/// How often a look was asked for.
fn looks(desk: &Desk) -> usize {
    desk.effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Look { .. }))
        .count()
}

/// Which of the offers of the fixture are marked, shown or not.
fn marked(desk: &Desk) -> Vec<OfferId> {
    let all = fixture::offers().into_iter().map(|offer| offer.id.clone());
    all.filter(|id| desk.model.list.marks.has(id)).collect()
}

/// The sentence in the footer's place.
fn notice(desk: &Desk) -> &str {
    desk.model.notice.as_ref().map_or("", Notice::as_str)
}
