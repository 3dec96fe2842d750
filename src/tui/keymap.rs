//! The one table of keys: the keymap, the footer, the help and the list in the README all come from it.
//!
//! `[`, `O` and `A`–`D` stay free: an arrow key torn apart by the network arrives as those.

mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use table::TABLE;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Mark all rows that are shown, or take their marks off.
    MarkAll,
    /// Ask to cancel what is selected, or marked.
    Cancel,
    /// Look again how an open cancellation ends.
    LookAgain,
    /// Every cancellation that this machine knows.
    History,
    /// The profiles, to go to another.
    Profiles,
    /// Ask the service anew.
    Refresh,
    /// Show all keys.
    Help,
    /// Close what is open, or undo the filter.
    Back,
    /// Leave.
    Quit,
    /// Close the dialog, and leave the operation alone.
    LeaveAlone,
    /// Leave, whatever is open.
    QuitNow,
    /// Stop, and give the terminal to the shell until continued.
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
    /// A dialog that looks, failed to, or has nothing to ask.
    Told,
    /// A dialog that lets one of several operations be chosen.
    Choosing,
    /// The dialog on what is marked, while it looks, is read, or takes one key.
    Several,
    /// The same where it takes a text; what is no key of this place is text.
    Counting,
    /// The confirmation that takes one key.
    Asked,
    /// The confirmation that takes the offer's id; what is no key of this place is text.
    Typing,
    /// Who is mailed, while that is edited in a confirmation; what is no key of this place is text.
    Addresses,
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

/// A key with the modifiers that must be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Chord {
    code: KeyCode,
    control: bool,
}

/// What `pressed` does at `place`; nothing for a key that means nothing there.
#[must_use]
pub fn command(place: Place, pressed: KeyEvent) -> Option<Command> {
    let held = pressed.modifiers.difference(KeyModifiers::SHIFT);
    let chord = Chord {
        code: pressed.code,
        control: held == KeyModifiers::CONTROL,
    };
    if !held.is_empty() && !chord.control {
        return None;
    }
    TABLE
        .iter()
        .find(|entry| entry.places.contains(&place) && entry.keys.contains(&chord))
        .map(|entry| entry.command)
}

/// The keys of `place` that a footer tells of.
pub(crate) fn hints(place: Place) -> impl Iterator<Item = &'static Entry> {
    TABLE
        .iter()
        .filter(move |entry| entry.places.contains(&place) && !entry.hint.is_empty())
}

impl Entry {
    /// Its keys as they are written, such as `g Home`.
    #[must_use]
    pub fn keys(&self) -> String {
        self.keys
            .iter()
            .map(|chord| chord.name())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Its first key alone.
    pub(crate) fn first_key(&self) -> String {
        self.keys.first().map(|chord| chord.name()).unwrap_or_default()
    }
}

impl Chord {
    fn name(self) -> String {
        let name = match self.code {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(letter) => letter.to_string(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::Home => "Home".to_owned(),
            KeyCode::End => "End".to_owned(),
            KeyCode::Enter => "enter".to_owned(),
            KeyCode::Tab => "tab".to_owned(),
            KeyCode::Esc => "esc".to_owned(),
            other => other.to_string(),
        };
        if self.control {
            format!("ctrl-{name}")
        } else {
            name
        }
    }
}

/// The table once more with a line for each phrase of the help: its keys, and what they do.
#[must_use]
pub fn lines() -> Vec<(String, &'static str)> {
    let mut lines: Vec<(Command, String, &'static str)> = Vec::new();
    for entry in TABLE {
        let told = match entry.help {
            "" => lines.last_mut(),
            _ => lines.iter_mut().find(|(command, ..)| *command == entry.command),
        };
        match told {
            Some((_, keys, _)) => {
                keys.push(' ');
                keys.push_str(&entry.keys());
            }
            None => lines.push((entry.command, entry.keys(), entry.help)),
        }
    }
    lines.into_iter().map(|(_, keys, help)| (keys, help)).collect()
}

/// The list of keys for the README: one row a command.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from("| key | what it does |\n|---|---|\n");
    for (keys, help) in lines() {
        let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
        text.extend(["| ", &keys.join(" "), " | ", help, " |\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{
        Place::{Addresses, Asked, Filter, Offers, Typing},
        table::EVERYWHERE,
        *,
    };

    fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for place in EVERYWHERE {
            let here = TABLE.iter().filter(|entry| entry.places.contains(place));
            let keys: Vec<Chord> = here.flat_map(|entry| entry.keys).copied().collect();
            for (at, chord) in keys.iter().enumerate() {
                assert!(!keys[at + 1..].contains(chord), "{place:?} {chord:?}");
            }
        }
    }

    #[test]
    fn what_a_torn_arrow_key_leaves_behind_does_nothing() {
        for torn in ['[', 'O', 'A', 'B', 'C', 'D'] {
            for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::ALT] {
                for place in EVERYWHERE {
                    assert_eq!(command(*place, press(KeyCode::Char(torn), modifiers)), None);
                }
            }
        }
    }

    #[test]
    fn a_held_modifier_makes_another_key() {
        let y = KeyCode::Char('y');
        assert_eq!(
            command(Asked, press(y, KeyModifiers::NONE)),
            Some(Command::Confirm)
        );
        assert_eq!(command(Asked, press(y, KeyModifiers::CONTROL)), None);
        assert_eq!(command(Asked, press(y, KeyModifiers::ALT)), None);
        assert_eq!(command(Offers, press(y, KeyModifiers::NONE)), None);
        let last = press(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(command(Offers, last), Some(Command::Last));
    }

    #[test]
    fn where_text_is_typed_letters_are_text() {
        for place in [Filter, Typing, Addresses] {
            for c in ' '..='~' {
                assert_eq!(command(place, press(KeyCode::Char(c), KeyModifiers::NONE)), None);
            }
        }
    }

    #[test]
    fn the_readme_tells_every_key_once() {
        let text = markdown();
        for entry in TABLE {
            for chord in entry.keys {
                assert!(text.contains(&format!("`{}`", chord.name())), "{chord:?}");
            }
        }
        assert_eq!(text.lines().count(), 2 + lines().len());
    }
}
