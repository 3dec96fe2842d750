//! The few styles and marks of the screen, for any number of colours, for none, and for a terminal without UTF-8.
//!
//! Nothing is told by colour alone: every style stands beside a word or a mark.

use std::borrow::Cow;

use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier, Style},
    text::Span,
};

use crate::presentation::{Tone, ascii};

mod capabilities;
mod depth;
mod file;
mod palette;

pub use crate::settings::terminal::Depth;
pub use capabilities::Capabilities;
pub use file::{Fault, NAMES, bundled};
pub use palette::Palette;

/// The styles of one terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Theme {
    look: Capabilities,
    palette: Palette,
}

impl Theme {
    /// The styles for what the terminal can show.
    #[must_use]
    pub(crate) fn new(look: Capabilities, palette: Palette) -> Self {
        Self { look, palette }
    }

    /// How `tone` looks.
    #[must_use]
    pub(crate) fn style(self, tone: Tone) -> Style {
        let style = self.palette.style(tone);
        if self.look.colour {
            style
        } else {
            Style { fg: None, ..style }
        }
    }

    /// `text` in the style of `tone`.
    pub(crate) fn say<'a>(self, tone: Tone, text: impl Into<Cow<'a, str>>) -> Span<'a> {
        Span::styled(text, self.style(tone))
    }

    /// The row that keys act on: one bar, in which no colour makes a block of its own and nothing is dim.
    #[must_use]
    pub(crate) fn selected() -> Style {
        Style::new()
            .fg(Color::Reset)
            .remove_modifier(Modifier::DIM)
            .add_modifier(Modifier::REVERSED)
    }

    /// The last pass over a frame: ink and paper where nothing else was said, and marks that the terminal can show.
    pub(crate) fn fit(self, buffer: &mut Buffer) {
        if self.look.colour {
            self.palette.ground(buffer);
        }
        self.spell(buffer);
    }

    /// Replaces what a terminal without UTF-8 cannot show, cell by cell, so that every column stays where it is.
    fn spell(self, buffer: &mut Buffer) {
        if self.look.unicode {
            return;
        }
        for cell in &mut buffer.content {
            if !cell.symbol().is_ascii() {
                let letter = cell.symbol().chars().next();
                let plain = letter.and_then(ascii::stand_in).unwrap_or("?");
                cell.set_symbol(plain);
            }
        }
    }
}

/// The mark of a step.
pub(crate) mod mark {
    /// Ended well.
    pub(crate) const DONE: &str = "✓";
    /// Under way.
    pub(crate) const DOING: &str = "◐";
    /// Not begun.
    pub(crate) const TO_DO: &str = "○";
    /// Ended badly, or cancelled.
    pub(crate) const FAILED: &str = "✗";
    /// A state with no known meaning.
    pub(crate) const UNKNOWN: &str = "?";
    /// The selected row.
    pub(crate) const CURSOR: &str = "▸";
    /// A row that is to be cancelled together with others.
    pub(crate) const MARKED: &str = "*";
    /// Sorted, the first on top.
    pub(crate) const UP: &str = "↑";
    /// Sorted, the last on top.
    pub(crate) const DOWN: &str = "↓";
    /// Something is wrong.
    pub(crate) const TROUBLE: &str = "!";
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn without_colour_meaning_is_left_to_modifiers() {
        let bare = Theme::new(
            Capabilities {
                unicode: true,
                colour: false,
            },
            Palette::default(),
        );
        let full = Theme::new(
            Capabilities {
                unicode: true,
                colour: true,
            },
            Palette::default(),
        );
        assert_eq!(bare.style(Tone::Live).fg, None);
        assert!(bare.style(Tone::Live).add_modifier.contains(Modifier::BOLD));
        assert_eq!(full.style(Tone::Live).fg, Some(Color::Red));
    }

    #[test]
    fn ascii_takes_as_many_cells() {
        let mut buffer = Buffer::with_lines(["▸ a → b… 漢字 é"]);
        Theme::new(
            Capabilities {
                unicode: false,
                colour: true,
            },
            Palette::default(),
        )
        .fit(&mut buffer);
        assert_eq!(buffer.area, Rect::new(0, 0, 15, 1));
        assert_eq!(buffer, Buffer::with_lines(["> a > b~ ? ?  ?"]));
    }
}
