//! Bytes written per cursor movement, by the whole loop and by the baseline list.

use std::{sync::atomic::Ordering, time::Duration};

use crossterm::event::KeyCode;
use ratatui::Terminal;
use tokio::time::sleep;

use super::{
    bare::Bare,
    desk::TestApp,
    measure::{Budget, Measure, Unit, figure},
    paper::Paper,
    publisher::{Publisher, offers},
};

/// Number of offers in flight.
const IN_FLIGHT: usize = 50;
/// Moves that stay in view, in either window.
const IN_VIEW: usize = 30;

/// Measures the first frame, a move in view, and a move while scrolling, averaged over `scrolled` of them, with `count`
/// offers in the list.
pub(crate) async fn measures(count: usize, scrolled: usize) -> Vec<Measure> {
    let ours = ours(count, scrolled).await;
    let bare = bare(count, scrolled);
    let lines = [
        ("the first frame", Budget::None),
        ("a move in view, until it rests", Budget::Ratio(1.2)),
        ("a move while scrolling", Budget::Most(400.0)),
    ];
    let costs = lines.into_iter().zip(ours.into_iter().zip(bare));
    costs
        .map(|((what, budget), (ours, bare))| Measure::new(what, Unit::Bytes, ours, budget).against(bare))
        .collect()
}

async fn ours(count: usize, scrolled: usize) -> [f64; 3] {
    let publisher = Publisher::new(offers(count, IN_FLIGHT), Duration::ZERO, Duration::ZERO);
    let desk = TestApp::on(&publisher);
    tokio::task::yield_now().await;
    let first = desk.written();
    sleep(Duration::from_secs(5)).await;
    let mut costs = Vec::new();
    for moves in [IN_VIEW, scrolled] {
        // The first move after a pause begins another count.
        desk.press(KeyCode::Down).await;
        let before = desk.written();
        for _ in 0..moves {
            desk.press(KeyCode::Down).await;
        }
        costs.push(figure(desk.written() - before) / figure(moves));
    }
    [figure(first), costs[0], costs[1]]
}

fn bare(count: usize, scrolled: usize) -> [f64; 3] {
    let mut list = Bare::of(count, IN_FLIGHT);
    let paper = Paper::bare();
    let written = paper.written();
    let mut terminal = Terminal::new(paper).unwrap();
    let mut draw = |moves: usize| {
        let before = written.load(Ordering::Relaxed);
        for _ in 0..moves {
            list.down();
            terminal.draw(|frame| list.draw(frame)).unwrap();
        }
        figure(written.load(Ordering::Relaxed) - before) / figure(moves.max(1))
    };
    // Every move is in view until the cursor reaches the end of the window.
    let first = draw(1);
    let in_view = draw(IN_VIEW);
    draw(10);
    [first, in_view, draw(scrolled)]
}
