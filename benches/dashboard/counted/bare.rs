//! Baseline: the plainest ratatui program with the same rows.

use ratatui::{
    Frame,
    style::{Modifier, Style},
    text::Text,
    widgets::{Block, List, ListState},
};

use super::publisher::line;

/// A bordered list with a cursor. Passes only the visible rows to the widget, as a list of this length requires.
pub(crate) struct Bare {
    rows: Vec<String>,
    top: usize,
    cursor: usize,
}

impl Bare {
    /// Creates one line of text for each of `count` offers, with the content of the dashboard's rows; the first
    /// `in_flight` are in flight.
    pub(crate) fn of(count: usize, in_flight: usize) -> Self {
        Self {
            rows: (1..=count)
                .map(|number| line(number, number <= in_flight))
                .collect(),
            top: 0,
            cursor: 0,
        }
    }

    /// Moves the cursor one row down.
    pub(crate) fn down(&mut self) {
        self.cursor = (self.cursor + 1).min(self.rows.len().saturating_sub(1));
    }

    /// Draws the list, scrolled no further than the cursor needs.
    pub(crate) fn draw(&mut self, frame: &mut Frame<'_>) {
        let block = Block::bordered().title("offers");
        let height = usize::from(block.inner(frame.area()).height).max(1);
        if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
        let end = (self.top + height).min(self.rows.len());
        let rows = self.rows[self.top..end].iter().map(|row| Text::raw(row.as_str()));
        let list = List::new(rows)
            .block(block)
            .highlight_symbol("> ")
            .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
        let mut state = ListState::default().with_selected(Some(self.cursor - self.top));
        frame.render_stateful_widget(list, frame.area(), &mut state);
    }
}
