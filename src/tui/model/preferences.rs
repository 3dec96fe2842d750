//! How the dashboard is worked, and how it reaches a person beyond the screen.

use crate::{
    settings::Tell,
    tui::{keymap::Keymap, terminal::Multiplexer, theme::Palette},
};

/// What a person chose about keys, colours, the mouse, notifications and the title.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preferences {
    /// Which key does what.
    pub keymap: Keymap,
    /// The colours.
    pub palette: Palette,
    /// How a verdict is told to whoever looks elsewhere.
    pub tell: Tell,
    /// Whether the title of the terminal says how much is pending.
    pub title: bool,
    /// What stands between this program and the terminal.
    pub multiplexer: Multiplexer,
}
