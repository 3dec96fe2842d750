//! The baseline list as a program of its own: it takes the terminal, draws, and blocks until a key comes.

use std::io;

use crossterm::event::{self, Event, KeyCode};

use crate::{OFFERS, counted::bare::Bare};

/// Runs until `q`.
pub(crate) fn run() -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let mut list = Bare::of(OFFERS, 0);
    loop {
        terminal.draw(|frame| list.draw(frame))?;
        let Event::Key(key) = event::read()? else {
            continue;
        };
        match key.code {
            KeyCode::Char('q') => break,
            KeyCode::Char('j') => list.down(),
            _ => {}
        }
    }
    ratatui::try_restore()
}
