//! Processor time of a frame, from the event to the bytes, without a terminal.

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::{offer::Offer, remote::Remote},
    engine::Snapshot,
    tui::{
        model::Model,
        msg::{Msg, Now},
        update::update,
        view::view,
    },
};
use crossterm::event::{Event, KeyCode};
use ratatui::Terminal;

use super::{median, timed};
use crate::counted::{
    bare::Bare,
    desk::{key, setup},
    measure::{Budget, Measure, Unit},
    paper::{Paper, WINDOW},
    publisher::{epoch, offers},
};

/// Number of offers in flight.
const IN_FLIGHT: usize = 50;
const ROUNDS: usize = 31;
/// Moves that stay in view in either window.
const MOVES: usize = 30;

/// Measures the first frame of all rows, and a move in view.
pub(crate) fn measures(count: usize) -> Vec<Measure> {
    let snapshot = snapshot(&offers(count, IN_FLIGHT));
    let [mut first, mut all, mut moves] = [Vec::new(), Vec::new(), Vec::new()];
    let [mut bare_all, mut bare_moves] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let mut ours = Ours::new();
        first.push(Some(timed(|| ours.begin())));
        all.push(Some(timed(|| ours.take(Msg::Known(Arc::clone(&snapshot))))));
        for _ in 0..MOVES {
            moves.push(Some(timed(|| ours.take(Msg::Terminal(key(KeyCode::Down))))));
        }
        let mut terminal = Terminal::new(Paper::bare()).unwrap();
        let mut list = None;
        bare_all.push(Some(timed(|| {
            let list = list.insert(Bare::of(count, IN_FLIGHT));
            terminal.draw(|frame| list.draw(frame)).unwrap();
        })));
        let Some(list) = &mut list else { continue };
        for _ in 0..MOVES {
            bare_moves.push(Some(timed(|| {
                list.down();
                terminal.draw(|frame| list.draw(frame)).unwrap();
            })));
        }
    }
    let of = |what: &str, ours, budget| Measure::new(what, Unit::Milliseconds, median(ours), budget);
    let bare_all = median(bare_all);
    vec![
        of("the first frame, nothing known", first, Budget::Ratio(1.5)).against(bare_all),
        of("the frame with all offers", all, Budget::None).against(bare_all),
        of("a move in view", moves, Budget::Ratio(1.5)).against(median(bare_moves)),
    ]
}

/// The reducer and the view, without the loop around them.
struct Ours {
    model: Model,
    terminal: Terminal<Paper>,
}

impl Ours {
    fn new() -> Self {
        Self {
            model: Model::new(setup()),
            terminal: Terminal::new(Paper::of_dashboard()).unwrap(),
        }
    }

    fn begin(&mut self) {
        let now = Now {
            wall: epoch(),
            mono: Duration::ZERO,
        };
        update(&mut self.model, Msg::Clock(now));
        self.take(Msg::Terminal(Event::Resize(WINDOW.width, WINDOW.height)));
    }

    fn take(&mut self, msg: Msg) {
        if update(&mut self.model, msg).redraw {
            let model = &self.model;
            self.terminal.draw(|frame| view(model, frame)).unwrap();
        }
    }
}

fn snapshot(offers: &[Offer]) -> Arc<Snapshot> {
    let value: Vec<Arc<Offer>> = offers.iter().cloned().map(Arc::new).collect();
    Arc::new(Snapshot {
        offers: Remote::Fresh {
            value: value.into(),
            at: epoch(),
        },
        ..Snapshot::default()
    })
}
