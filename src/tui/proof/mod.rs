//! The dashboard proved without a terminal: what keys do, what a confirmation takes, what is on the screen.

mod asking;
mod bulk;
mod confirming;
mod finding;
mod fitting;
mod hand;
mod history;
mod keys;
mod profiles;
mod random;
mod recipients;
mod screens;
mod several;
mod story;
mod time;

use std::time::Duration;

use crate::{
    domain::text::SafeText,
    tui::{fixture::Desk, msg::Effect},
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

/// The sentence in the footer's place.
fn notice(desk: &Desk) -> &str {
    desk.model.notice.as_ref().map_or("", SafeText::as_str)
}
