//! Every place of the dashboard in every state of what is known and in every size: a line each in the tables.

mod colours;
mod columns;
mod places;
mod sizes;
mod states;

use std::fmt::Write as _;

use insta::assert_snapshot;
use ratatui::{buffer::Buffer, layout::Rect};

use self::{
    places::{Place, setup_in},
    states::State,
};
use crate::tui::{fixture::TestApp, width::cells};

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (40, 10), (1, 1)];

/// Someone at `place` in a window of this size, while what is known is `state`.
fn app(place: &Place, state: &State, (width, height): (u16, u16)) -> TestApp {
    let mut app = TestApp::with(setup_in(state), state.known.clone());
    app.resize(width, height);
    if !state.selected.is_empty() {
        app.select(state.selected);
    }
    (place.go)(&mut app, state);
    app
}

/// What belongs to `place` on the screen of `test_app`; the whole of it where the place lies over all panes.
fn parts(place: &Place, app: &TestApp) -> Vec<Rect> {
    let panes = app.model.panes(app.model.area());
    match (place.parts, panes) {
        (Some(parts), Some(panes)) => parts(panes),
        _ => vec![app.model.area()],
    }
}

/// The text in `part`, a line each, without the blanks at their ends.
fn text(buffer: &Buffer, part: Rect) -> String {
    let mut text = String::new();
    for y in part.top()..part.bottom() {
        let mut line = String::new();
        let mut skip = 0;
        for x in part.left()..part.right() {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
            }
            skip = cells(symbol).max(skip).saturating_sub(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[test]
fn every_place_in_every_state_and_size() {
    for place in places::all() {
        for state in states::all() {
            if !place.states.is_empty() && !place.states.contains(&state.name) {
                continue;
            }
            let mut shown = String::new();
            for size in SIZES {
                let app = app(&place, &state, size);
                let buffer = app.draw();
                writeln!(shown, "= {}×{} =", size.0, size.1).unwrap();
                for part in parts(&place, &app) {
                    shown.push_str(&text(&buffer, part));
                }
            }
            assert_snapshot!(format!("{}_{}", place.name, state.name), shown);
        }
    }
}
