//! The terminal: taken, drawn on, read, and given back whatever happens.
//!
//! Asks the terminal nothing: an answer may never come. Knows nothing of what is drawn.

mod aside;
mod input;
mod multiplexer;
mod screen;
mod size;
mod tty;

use std::io;

use ratatui::backend::{Backend, TestBackend};

use crate::domain::text::SafeText;

pub use crate::settings::terminal::Multiplexer;
#[cfg(any(test, fuzzing))]
pub use input::fuzz_support;
pub use input::{Handed, Input, Keyboard};
pub use screen::Screen;
pub use size::size_of;
pub use tty::Tty;

/// A backend whose frames may take a while to reach the terminal, and whose terminal others use as well.
pub trait Canvas: Backend {
    /// Whether the terminal has taken all that was drawn.
    fn is_drained(&self) -> bool;

    /// Waits until the terminal has taken all that was drawn. Loses nothing when dropped.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn drained(&mut self) -> impl Future<Output = io::Result<()>>;

    /// Sends the terminal what is no part of a frame, between two of them. What it does not take now, it takes later; that
    /// it is gone shows at the next frame.
    fn say(&mut self, bytes: &[u8]);

    /// Gives the terminal a title, until it is given back.
    fn title(&mut self, text: &SafeText);

    /// Gives the terminal back and stops this process until it is continued. What was on the screen is lost.
    ///
    /// # Errors
    /// When the terminal cannot be taken again.
    fn suspend(&mut self) -> io::Result<()>;

    /// Takes the terminal again after something else may have had it. What was on the screen is lost.
    ///
    /// # Errors
    /// When it cannot be taken.
    fn retake(&mut self) -> io::Result<()>;
}

/// A screen in memory, which takes everything at once.
impl Canvas for TestBackend {
    fn is_drained(&self) -> bool {
        true
    }

    async fn drained(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn say(&mut self, _: &[u8]) {}

    fn title(&mut self, _: &SafeText) {}

    fn suspend(&mut self) -> io::Result<()> {
        self.retake()
    }

    fn retake(&mut self) -> io::Result<()> {
        match self.clear() {
            Ok(()) => Ok(()),
        }
    }
}
