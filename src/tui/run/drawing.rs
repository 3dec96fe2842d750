//! A frame on its way to the terminal, and what the terminal shows by then.

use std::io;

use crossterm::event::Event;
use ratatui::layout::{Position, Rect};
use tokio::time::Instant;

use crate::tui::{msg::Msg, run::Dashboard, terminal::Canvas, view::view};

impl<B: Canvas> Dashboard<B>
where
    B::Error: Send + Sync + 'static,
{
    /// Draws what the model shows now, the whole of it where the terminal may show something else.
    pub(super) fn draw(&mut self) -> io::Result<()> {
        self.frames.drawn(Instant::now());
        let size = self.terminal.size().map_err(io::Error::other)?;
        if size.width == 0 || size.height == 0 {
            return Ok(());
        }
        if self.told.is_none() {
            self.tell_time();
            self.apply(Msg::Terminal(Event::Resize(size.width, size.height)));
            self.frames.drawn(Instant::now());
        }
        if std::mem::take(&mut self.repaint) {
            // The whole of it, and nothing asked of the terminal, as clearing it would.
            let area = Rect::from((Position::ORIGIN, size));
            self.terminal.resize(area).map_err(io::Error::other)?;
        }
        let model = &self.model;
        self.terminal
            .draw(|frame| view(model, frame))
            .map_err(io::Error::other)?;
        if self.terminal.backend().is_drained() {
            self.tell_painted();
        }
        Ok(())
    }

    /// Tells the model that what it shows is on the terminal, unless it shows something newer by now.
    pub(super) fn tell_painted(&mut self) {
        // First, because time alone may change what is to be shown.
        self.tell_time();
        if !self.frames.is_wanted() {
            self.apply(Msg::Painted);
        }
    }

    /// The terminal does not show what was drawn any more.
    pub(super) fn lose_screen(&mut self) {
        self.repaint = true;
        self.frames.want();
    }
}
