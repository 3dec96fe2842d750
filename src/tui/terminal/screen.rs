//! The backend that frames are drawn through: one write a frame, bracketed so that a terminal shows it whole, and never
//! waiting for a terminal that does not read.

use std::{io, sync::Arc};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::{
    domain::text::SafeText,
    tui::terminal::{Canvas, multiplexer::plain, tty::Tty},
};

/// DEC private mode 2026: what follows is shown at once, or not yet.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Draws on a [`Tty`].
#[derive(Debug)]
pub struct Screen {
    tty: Arc<Tty>,
    /// The frame that is being drawn.
    frame: Vec<u8>,
    /// What the terminal has not taken yet, from `taken` on.
    pending: Vec<u8>,
    taken: usize,
    cursor: Option<Position>,
    cursor_is_shown: bool,
    /// What the title says, while it is ours.
    title: Option<SafeText>,
    /// A wait for the terminal to take more; exists only while something is pending.
    readiness: Option<JoinHandle<()>>,
}

impl Screen {
    /// Draws on `tty`, which must have been entered.
    #[must_use]
    pub fn new(tty: Arc<Tty>) -> Self {
        Self {
            tty,
            frame: Vec::with_capacity(16 * 1024),
            pending: Vec::new(),
            taken: 0,
            cursor: None,
            cursor_is_shown: false,
            title: None,
            readiness: None,
        }
    }

    /// Writes what the terminal takes now.
    fn write_pending(&mut self) -> io::Result<()> {
        while self.taken < self.pending.len() {
            match self.tty.write(&self.pending[self.taken..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.taken += written,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        self.pending.clear();
        self.taken = 0;
        Ok(())
    }

    /// Nothing of what was drawn is on the terminal any more.
    fn forget(&mut self) {
        self.frame.clear();
        self.pending.clear();
        self.taken = 0;
        self.cursor = None;
        self.cursor_is_shown = false;
        self.readiness = None;
    }

    /// Whoever had the terminal meanwhile may have had a title of their own.
    fn retitle(&mut self) {
        if let Some(title) = self.title.take() {
            self.title(&title);
        }
    }

    fn queue(&mut self, bytes: &[u8]) {
        self.frame.extend_from_slice(bytes);
    }
}

impl Canvas for Screen {
    fn is_drained(&self) -> bool {
        self.pending.is_empty()
    }

    async fn drained(&mut self) -> io::Result<()> {
        loop {
            self.write_pending()?;
            if self.pending.is_empty() {
                return Ok(());
            }
            let tty = Arc::clone(&self.tty);
            let readiness = self
                .readiness
                .get_or_insert_with(|| spawn_blocking(move || tty.wait_writable()));
            // Joined through a reference, so that dropping this leaves the wait to the next call.
            let waited = readiness.await;
            self.readiness = None;
            waited.map_err(io::Error::other)?;
        }
    }

    fn say(&mut self, bytes: &[u8]) {
        // Whole frames alone are pending, so that this stands between two of them.
        self.pending.extend_from_slice(bytes);
        let _ = self.write_pending();
    }

    fn title(&mut self, text: &SafeText) {
        self.title = Some(text.clone());
        let mut bytes = self.tty.keep_title().to_vec();
        bytes.extend(plain(&format!("2;{text}")));
        self.say(&bytes);
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.forget();
        self.tty.suspend()?;
        self.retitle();
        Ok(())
    }

    fn retake(&mut self) -> io::Result<()> {
        self.forget();
        self.tty.enter()?;
        self.retitle();
        Ok(())
    }
}

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.cursor = None;
        CrosstermBackend::new(&mut self.frame).draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_is_shown {
            self.queue(b"\x1b[?25l");
        }
        self.cursor_is_shown = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.cursor_is_shown {
            self.queue(b"\x1b[?25h");
        }
        self.cursor_is_shown = true;
        Ok(())
    }

    /// Never asked of the terminal: the answer may never come.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.cursor.ok_or_else(|| io::ErrorKind::Unsupported.into())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor != Some(position) {
            self.cursor = Some(position);
            CrosstermBackend::new(&mut self.frame).set_cursor_position(position)?;
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        CrosstermBackend::new(&mut self.frame).clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.tty.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.tty.size()?,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        self.pending.extend_from_slice(BEGIN);
        self.pending.append(&mut self.frame);
        self.pending.extend_from_slice(END);
        self.write_pending()
    }
}
