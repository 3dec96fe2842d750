//! The look of every tone, and the ground it stands on.

use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier, Style},
};

use crate::presentation::Tone;

/// The look of every tone. By default that of sixteen colours without a ground: white, yellow and grey are left out,
/// because one of them vanishes on any background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// What ink is without a tone; none for the terminal's own.
    pub(super) ink: Option<Color>,
    /// What everything stands on; none for the terminal's own.
    pub(super) paper: Option<Color>,
    pub(super) quiet: Style,
    pub(super) strong: Style,
    pub(super) busy: Style,
    pub(super) good: Style,
    pub(super) bad: Style,
    pub(super) open: Style,
    pub(super) live: Style,
}

impl Default for Palette {
    fn default() -> Self {
        let (bare, bold) = (Style::new(), Style::new().add_modifier(Modifier::BOLD));
        Self {
            ink: None,
            paper: None,
            quiet: bare.add_modifier(Modifier::DIM),
            strong: bold,
            busy: bold.fg(Color::Magenta),
            good: bare.fg(Color::Green),
            bad: bold.fg(Color::Red),
            open: bare.fg(Color::Magenta),
            live: bold.fg(Color::Red),
        }
    }
}

impl Palette {
    /// How `tone` looks.
    pub(super) fn style(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Quiet => self.quiet,
            Tone::Strong => self.strong,
            Tone::Busy => self.busy,
            Tone::Good => self.good,
            Tone::Bad => self.bad,
            Tone::Open => self.open,
            Tone::Live => self.live,
        }
    }

    /// Gives ink and paper to what has none.
    pub(super) fn ground(&self, buffer: &mut Buffer) {
        if self.ink.is_none() && self.paper.is_none() {
            return;
        }
        for cell in &mut buffer.content {
            if cell.fg == Color::Reset {
                cell.fg = self.ink.unwrap_or(Color::Reset);
            }
            if cell.bg == Color::Reset {
                cell.bg = self.paper.unwrap_or(Color::Reset);
            }
        }
    }
}
