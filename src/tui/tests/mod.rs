//! The dashboard proved without a terminal: what keys do, what a confirmation takes, what is on the screen.

mod asking;
mod bulk;
mod confirming;
mod finding;
mod fitting;
mod history;
mod keys;
mod matrix;
mod preferences;
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
        fixture::{self, TestApp},
        model::Notice,
        msg::Effect,
    },
};

/// What arms a dialog that was painted.
const QUIET: Duration = Duration::from_millis(400);

/// How often a look was asked for.
fn looks(app: &TestApp) -> usize {
    app.effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Look { .. }))
        .count()
}

/// Which of the offers of the fixture are marked, shown or not.
fn marked(app: &TestApp) -> Vec<OfferId> {
    let all = fixture::offers().into_iter().map(|offer| offer.id.clone());
    all.filter(|id| app.model.list.marks.has(id)).collect()
}

/// The sentence in the footer's place.
fn notice(app: &TestApp) -> &str {
    app.model.notice.as_ref().map_or("", Notice::as_str)
}
