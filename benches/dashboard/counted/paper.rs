//! A simulated terminal that counts the bytes written to it, exactly as a real one would receive them.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use countermand::{domain::text::SafeText, tui::terminal::Canvas};
use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

/// Window of all measurements.
pub(crate) const WINDOW: Size = Size {
    width: 120,
    height: 40,
};

/// Markers of a synchronized update, so that a terminal shows a frame at once.
const BRACKETS: usize = "\x1b[?2026h\x1b[?2026l".len();

/// Backend that writes like crossterm and counts instead of storing. The markers count for each frame, if enabled.
#[derive(Debug)]
pub(crate) struct Paper {
    frame: Vec<u8>,
    brackets: usize,
    written: Arc<AtomicUsize>,
    cursor: Position,
    cursor_is_shown: bool,
}

impl Paper {
    /// Creates the dashboard's terminal: marked frames, and the cursor hidden before the first.
    pub(crate) fn of_dashboard() -> Self {
        Self::new(BRACKETS, false)
    }

    /// Creates the terminal of a program without such measures.
    pub(crate) fn bare() -> Self {
        Self::new(0, true)
    }

    fn new(brackets: usize, cursor_is_shown: bool) -> Self {
        Self {
            frame: Vec::new(),
            brackets,
            written: Arc::default(),
            cursor: Position::ORIGIN,
            cursor_is_shown,
        }
    }

    /// Returns the live counter of bytes written.
    pub(crate) fn written(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.written)
    }
}

impl Backend for Paper {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if self.brackets > 0 && content.peek().is_none() {
            return Ok(());
        }
        CrosstermBackend::new(&mut self.frame).draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        // A bare program hides the cursor again with each frame.
        if self.cursor_is_shown || self.brackets == 0 {
            CrosstermBackend::new(&mut self.frame).hide_cursor()?;
        }
        self.cursor_is_shown = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor_is_shown = true;
        CrosstermBackend::new(&mut self.frame).show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        CrosstermBackend::new(&mut self.frame).set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        CrosstermBackend::new(&mut self.frame).clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(WINDOW)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: WINDOW,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.frame.is_empty() {
            let bytes = self.frame.len() + self.brackets;
            self.written.fetch_add(bytes, Ordering::Relaxed);
            self.frame.clear();
        }
        Ok(())
    }
}

impl Canvas for Paper {
    fn is_drained(&self) -> bool {
        true
    }

    async fn drained(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn say(&mut self, bytes: &[u8]) {
        self.written.fetch_add(bytes.len(), Ordering::Relaxed);
    }

    fn title(&mut self, text: &SafeText) {
        self.say(format!("\x1b]2;{text}\x07").as_bytes());
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn retake(&mut self) -> io::Result<()> {
        Ok(())
    }
}
