//! The one table of keys: the keymap, the footer, the help and the list in `docs/keys.md` all come from it.
//!
//! `[`, `O` and `A`–`D` stay free: an arrow key torn apart by the network arrives as those.

mod chord;
mod map;
mod remap;
mod table;

use clap::{ValueEnum, builder::PossibleValue};

use chord::Chord;

pub use map::Keymap;
pub use table::TABLE;

/// What a key does. The name in the settings and in the palette is that of the variant, in lower case with hyphens; what
/// stands over the variant is what the palette says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Command {
    /// One row down.
    Down,
    /// One row up.
    Up,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Half a page down.
    HalfDown,
    /// Half a page up.
    HalfUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PreviousPane,
    /// All that is known of what is selected.
    Details,
    /// Narrow the list by a text.
    Filter,
    /// Show only what is in flight, or everything again.
    InFlight,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    TurnSort,
    /// Mark the selected row, or take its mark off.
    Mark,
    /// Mark all rows shown, or take their marks off.
    MarkAll,
    /// Cancel what is selected or marked; asks first.
    Cancel,
    /// Look again how an open cancellation ends.
    LookAgain,
    /// Every cancellation that this machine knows.
    History,
    /// The profiles, to go to another.
    Profiles,
    /// Ask the service or, in the history, the journal.
    Refresh,
    /// Show all keys.
    Help,
    /// Run any command of this place by its name.
    Palette,
    /// Copy an id, the Location or a curl line.
    Copy,
    /// Take what the letters typed so far lead to.
    Complete,
    /// Close what is open, or undo the filter.
    Back,
    /// Leave.
    Quit,
    /// Close the dialog, leave the operation alone.
    LeaveAlone,
    /// Leave, whatever is open.
    QuitNow,
    /// Give the terminal to the shell; fg comes back.
    Suspend,
    /// Paint the whole screen anew.
    Repaint,
    /// In an armed confirmation: cancel it.
    Confirm,
    /// In a dialog: take what is chosen or typed.
    Accept,
    /// In a confirmation: edit who is mailed.
    Addresses,
}

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list of offers.
    Offers,
    /// The status of the selected offer.
    Status,
    /// The cancellations.
    Cancellations,
    /// The details over everything else.
    Details,
    /// The history over everything else.
    History,
    /// All of one cancellation of the history.
    Record,
    /// The profiles over everything else.
    Profiles,
    /// The help.
    Help,
    /// The filter while it is typed; what is no key of this place is text.
    Filter,
    /// A confirmation that looks, or has nothing to ask.
    Told,
    /// The confirmation while it is read, or takes one key.
    Asked,
    /// The confirmation that takes the offer's id, or how many there are; what is no key of this place is text.
    Typing,
    /// Who is mailed, while that is edited in a confirmation; what is no key of this place is text.
    Addresses,
    /// The palette; what is no key of this place is text.
    Palette,
    /// The list of what can be copied.
    Copying,
}

impl Place {
    /// All of them.
    pub(crate) const ALL: &[Self] = table::EVERYWHERE;

    /// What it is called in a heading.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Offers => "the list of offers",
            Self::Status => "the status",
            Self::Cancellations => "the cancellations",
            Self::Details => "the details",
            Self::History => "the history",
            Self::Record => "one cancellation of the history",
            Self::Help => "this help",
            Self::Filter => "the filter",
            Self::Told | Self::Asked | Self::Typing => "the confirmation",
            Self::Addresses => "the addresses",
            Self::Profiles => "the profiles",
            Self::Palette => "the palette",
            Self::Copying => "what can be copied",
        }
    }
}

/// One key, or several that do the same.
#[derive(Debug)]
pub struct Entry {
    keys: &'static [Chord],
    /// What it does.
    pub command: Command,
    places: &'static [Place],
    /// One or two words for the footer; empty for what only the help tells.
    pub hint: &'static str,
    /// One phrase for the help; empty for what the phrase before tells as well.
    pub help: &'static str,
}

impl Command {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied()
    }

    /// What the settings and the palette call it, such as `next-pane`. Stays what it is.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The command with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|command| command.name() == name)
    }

    /// Whether it moves a selection or a text.
    pub(crate) fn is_movement(self) -> bool {
        matches!(
            self,
            Self::Down
                | Self::Up
                | Self::First
                | Self::Last
                | Self::HalfDown
                | Self::HalfUp
                | Self::PageDown
                | Self::PageUp
        )
    }

    /// What it does, in a phrase of its own: what its variant says of itself.
    pub(crate) fn help(self) -> String {
        let value = self.to_possible_value();
        let help = value.as_ref().and_then(PossibleValue::get_help);
        help.map(ToString::to_string).unwrap_or_default()
    }
}

impl Entry {
    /// Whether it is for `place`.
    pub(crate) fn is_at(&self, place: Place) -> bool {
        self.places.contains(&place)
    }
}

/// The list of keys for `docs/keys.md`, as they are by default: one row a phrase.
#[must_use]
pub fn markdown() -> String {
    Keymap::default().markdown()
}

#[cfg(test)]
mod tests;
