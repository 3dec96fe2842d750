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
        model::{Profile, ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
        proof::matrix::states::State,
    },
};

/// One place.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// Goes there.
    pub(super) go: fn(&mut Desk, &State),
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
        pane("status", |desk, _| tabs(desk, 1), |panes| vec![panes.status]),
        pane(
            "cancellations",
            |desk, _| tabs(desk, 2),
            |panes| vec![panes.cancellations],
        ),
        over("details", details, &[]),
        over("history", history, TEXTS),
        over("record", record, TEXTS),
        over("confirmation", confirmation, TEXTS),
        over("several", several, TEXTS),
        over("bulk", bulk, TEXTS),
        over("copying", copying, TEXTS),
        over("profiles", |desk, _| desk.keys("p"), TEXTS),
        over("palette", |desk, _| desk.keys(":"), OWN),
        over("help", |desk, _| desk.keys("?"), OWN),
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
    let profile = |name: &str, publisher: Option<&str>, read_only| Profile {
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

fn tabs(desk: &mut Desk, count: usize) {
    (0..count).for_each(|_| drop(desk.press(KeyCode::Tab)));
}

fn details(desk: &mut Desk, _: &State) {
    desk.press(KeyCode::Enter);
}

fn history(desk: &mut Desk, state: &State) {
    desk.keys("H");
    let all = state.known.cancellations.iter();
    let told = all.map(|tracked| tracked.cancellation.clone()).collect();
    desk.take(Msg::Reply(Reply::History(Box::new(Ok(told)))));
}

fn record(desk: &mut Desk, state: &State) {
    history(desk, state);
    desk.press(KeyCode::Enter);
}

fn confirmation(desk: &mut Desk, state: &State) {
    desk.select(state.free);
    desk.keys("c");
    desk.answer_look(look(
        active(&state.known, &state.free.into()),
        Source::Submissions,
    ));
    desk.rest();
}

fn several(desk: &mut Desk, state: &State) {
    desk.select(state.free);
    desk.keys("c");
    let mut several = active(&state.known, &state.free.into());
    several.extend(active(&state.known, &state.selected.into()));
    desk.answer_look(look(several, Source::Submissions));
    desk.rest();
}

/// Marks all, has all of it looked at and reads the list to its end.
fn bulk(desk: &mut Desk, state: &State) {
    desk.keys("*c");
    let mut answered = 0;
    loop {
        let mut looks = desk.effects.iter().filter_map(|effect| match effect {
            Effect::Look { ticket, offer } => Some((*ticket, offer.clone())),
            _ => None,
        });
        let Some((ticket, offer)) = looks.nth(answered) else {
            break;
        };
        answered += 1;
        let seen = look(active(&state.known, &offer), Source::Submissions);
        desk.take(Msg::Reply(Reply::Looked {
            ticket,
            offer,
            result: Box::new(Ok(seen)),
        }));
    }
    for _ in 0..answered * 2 {
        desk.take(Msg::Painted);
        desk.press(KeyCode::PageDown);
    }
    desk.take(Msg::Painted);
    desk.rest();
}

fn copying(desk: &mut Desk, _: &State) {
    desk.keys("y");
}

/// What is in flight on `offer`.
fn active(known: &Snapshot, offer: &OfferId) -> Vec<Operation> {
    let all = known.operations_of(offer).and_then(Remote::value);
    let all = all.map(|all| all.list.clone()).unwrap_or_default();
    all.into_iter().filter(|one| one.state.is_active()).collect()
}
