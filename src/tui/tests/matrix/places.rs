//! Where one looks: each pane by itself, and everything that lies over the panes.

use std::sync::Arc;

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::{
    domain::{
        ids::{OfferId, Origin},
        operation::{Operation, Source},
        remote::Remote,
    },
    engine::Snapshot,
    tui::{
        fixture::*,
        layout::Panes,
        model::{ProfileSummary, ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
        tests::matrix::states::State,
    },
};

/// One place.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// Goes there.
    pub(super) go: fn(&mut TestApp, &State),
    /// The parts of the screen that are its own; none where it lies over all of them.
    pub(super) parts: Option<fn(Panes) -> Vec<Rect>>,
    /// The states that it looks different in; all where none is named.
    pub(super) states: &'static [&'static str],
}

/// What texts can do to what shows them.
const TEXTS: &[&str] = &["fresh", "long", "wide"];
/// What shows nothing of the service's.
const OWN: &[&str] = &["fresh"];

/// All of them; a new one is a line here.
pub(super) fn all() -> Vec<Place> {
    let pane = |name, go, parts| Place {
        name,
        go,
        parts: Some(parts),
        states: &[],
    };
    let over = |name, go, states| Place {
        name,
        go,
        parts: None,
        states,
    };
    vec![
        pane(
            "edges",
            |_, _| {},
            |panes| vec![panes.header, panes.banner, panes.trouble, panes.footer],
        ),
        pane(
            "offers",
            |_, _| {},
            |panes| vec![panes.narrowed, panes.heads, panes.offers],
        ),
        pane("status", |app, _| tabs(app, 1), |panes| vec![panes.status]),
        pane(
            "cancellations",
            |app, _| tabs(app, 2),
            |panes| vec![panes.cancellations],
        ),
        over("details", details, &[]),
        over("history", history, TEXTS),
        over("record", record, TEXTS),
        over("confirmation", confirmation, TEXTS),
        over("several", several, TEXTS),
        over("bulk", bulk, TEXTS),
        over("copying", copying, TEXTS),
        over("profiles", |app, _| app.keys("p"), TEXTS),
        over("palette", |app, _| app.keys(":"), OWN),
        over("help", |app, _| app.keys("?"), OWN),
    ]
}

/// A setup with several profiles, whose names are as long and as wide as what `state` tells of.
pub(super) fn setup_in(state: &State) -> Setup {
    let (name, publisher) = match state.name {
        "long" => (
            "production-of-the-western-hemisphere-and-its-islands",
            "contoso-international-holding-of-the-western-hemisphere",
        ),
        "wide" => ("本番環境", "ｃｏｎｔｏｓｏ"),
        _ => ("prod", "contoso"),
    };
    let profile = |name: &str, publisher: Option<&str>, read_only| ProfileSummary {
        name: name.into(),
        publisher: publisher.map(Into::into),
        origin: Origin::marketplace(),
        read_only,
    };
    Setup {
        profile: name.into(),
        publisher: publisher.into(),
        profiles: Arc::new([
            profile("agency", None, None),
            profile("audit", Some(publisher), Some(ReadOnly::Profile)),
            profile(name, Some(publisher), None),
        ]),
        ..setup()
    }
}

fn tabs(app: &mut TestApp, count: usize) {
    (0..count).for_each(|_| drop(app.press(KeyCode::Tab)));
}

fn details(app: &mut TestApp, _: &State) {
    app.press(KeyCode::Enter);
}

fn history(app: &mut TestApp, state: &State) {
    app.keys("H");
    let all = state.known.cancellations.iter();
    let told = all.map(|tracked| tracked.cancellation.clone()).collect();
    app.take(Msg::Reply(Reply::History(Box::new(Ok(told)))));
}

fn record(app: &mut TestApp, state: &State) {
    history(app, state);
    app.press(KeyCode::Enter);
}

fn confirmation(app: &mut TestApp, state: &State) {
    app.select(state.free);
    app.keys("c");
    app.answer_look(look(
        active(&state.known, &state.free.into()),
        Source::Submissions,
    ));
    app.rest();
}

fn several(app: &mut TestApp, state: &State) {
    app.select(state.free);
    app.keys("c");
    let mut several = active(&state.known, &state.free.into());
    several.extend(active(&state.known, &state.selected.into()));
    app.answer_look(look(several, Source::Submissions));
    app.rest();
}

/// Marks all, has all of it looked at and reads the list to its end.
fn bulk(app: &mut TestApp, state: &State) {
    app.keys("*c");
    let mut answered = 0;
    loop {
        let mut looks = app.effects.iter().filter_map(|effect| match effect {
            Effect::Look { ticket, offer } => Some((*ticket, offer.clone())),
            _ => None,
        });
        let Some((ticket, offer)) = looks.nth(answered) else {
            break;
        };
        answered += 1;
        let seen = look(active(&state.known, &offer), Source::Submissions);
        app.take(Msg::Reply(Reply::Looked {
            ticket,
            offer,
            result: Box::new(Ok(seen)),
        }));
    }
    for _ in 0..answered * 2 {
        app.take(Msg::Painted);
        app.press(KeyCode::PageDown);
    }
    app.take(Msg::Painted);
    app.rest();
}

fn copying(app: &mut TestApp, _: &State) {
    app.keys("y");
}

/// What is in flight on `offer`.
fn active(known: &Snapshot, offer: &OfferId) -> Vec<Operation> {
    let all = known.operations_of(offer).and_then(Remote::value);
    let all = all.map(|all| all.list.clone()).unwrap_or_default();
    all.into_iter().filter(|one| one.state.is_active()).collect()
}
