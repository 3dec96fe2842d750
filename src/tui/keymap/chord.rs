//! One key with what is held beside it: how it is written, in the help and in the settings alike.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with the modifiers that must be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chord {
    pub(super) code: KeyCode,
    pub(super) control: bool,
}

/// Keys that are no letters: how the settings write them, and how the help shows them.
const NAMED: &[(&str, KeyCode, &str)] = &[
    ("space", KeyCode::Char(' '), "space"),
    ("enter", KeyCode::Enter, "enter"),
    ("tab", KeyCode::Tab, "tab"),
    ("shift-tab", KeyCode::BackTab, "shift-tab"),
    ("esc", KeyCode::Esc, "esc"),
    ("up", KeyCode::Up, "↑"),
    ("down", KeyCode::Down, "↓"),
    ("left", KeyCode::Left, "←"),
    ("right", KeyCode::Right, "→"),
    ("home", KeyCode::Home, "Home"),
    ("end", KeyCode::End, "End"),
    ("pgup", KeyCode::PageUp, "PgUp"),
    ("pgdn", KeyCode::PageDown, "PgDn"),
    ("backspace", KeyCode::Backspace, "backspace"),
    ("delete", KeyCode::Delete, "delete"),
    ("insert", KeyCode::Insert, "insert"),
];

impl Chord {
    /// What was pressed, but for shift, which is in the letter already; none for what nothing is bound to.
    pub(super) fn of(pressed: KeyEvent) -> Option<Self> {
        let held = pressed.modifiers.difference(KeyModifiers::SHIFT);
        let control = held == KeyModifiers::CONTROL;
        (held.is_empty() || control).then_some(Self {
            code: pressed.code,
            control,
        })
    }

    /// As it is shown.
    pub(crate) fn name(self) -> String {
        let named = NAMED.iter().find(|(_, code, _)| *code == self.code);
        let name = match (named, self.code) {
            (Some((.., shown)), _) => (*shown).to_owned(),
            (None, KeyCode::Char(letter)) => letter.to_string(),
            (None, other) => other.to_string(),
        };
        if self.control {
            format!("ctrl-{name}")
        } else {
            name
        }
    }

    /// Reads a key as the settings write it: `x`, `ctrl-x`, `space`, `F5`.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub(super) fn parse(written: &str) -> Result<Self, String> {
        let chord = Self::read(written).ok_or_else(|| {
            format!(
                "`{written}` is no key; write one letter, ctrl-x, F1 to F12, or {}",
                names()
            )
        })?;
        match chord.reserved() {
            Some(why) => Err(format!("`{written}` cannot be bound: {why}")),
            None => Ok(chord),
        }
    }

    fn read(written: &str) -> Option<Self> {
        let lower = written.to_ascii_lowercase();
        if let Some((_, code, _)) = NAMED.iter().find(|(name, ..)| *name == lower) {
            return Some(Self {
                code: *code,
                control: false,
            });
        }
        if let Some(number) = lower.strip_prefix('f').and_then(|number| number.parse().ok()) {
            let code = KeyCode::F(number);
            return (1..=12)
                .contains(&number)
                .then_some(Self { code, control: false });
        }
        let (control, letter) = match lower.strip_prefix("ctrl-") {
            Some(letter) => (true, letter),
            None => (false, written),
        };
        let mut letters = letter.chars();
        let only = letters.next().filter(|_| letters.next().is_none())?;
        let can_be_held = only.is_ascii_alphabetic() || matches!(only, '[' | ']' | '\\' | '^' | '_');
        let is_key = if control {
            can_be_held
        } else {
            !only.is_control() && !only.is_whitespace()
        };
        is_key.then_some(Self {
            code: KeyCode::Char(only),
            control,
        })
    }

    /// Why nothing may be bound to it.
    fn reserved(self) -> Option<&'static str> {
        let KeyCode::Char(letter) = self.code else {
            return None;
        };
        match (self.control, letter) {
            (false, '[' | 'O' | 'A'..='D') => Some("an arrow key that the network tore apart arrives as it"),
            (true, 'c') => Some("it stays a way out"),
            (true, 'i' | 'm' | 'j' | 'h' | '[') => {
                Some("a terminal sends the same for tab, enter, backspace or esc")
            }
            _ => None,
        }
    }
}

fn names() -> String {
    NAMED
        .iter()
        .map(|(name, ..)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_shown() {
        for written in [
            "x",
            "X",
            "ctrl-x",
            "space",
            "enter",
            "F5",
            "/",
            "shift-tab",
            "backspace",
            "é",
        ] {
            assert_eq!(Chord::parse(written).map(Chord::name), Ok(written.to_owned()));
        }
        for (written, shown) in [
            ("CTRL-X", "ctrl-x"),
            ("f12", "F12"),
            ("up", "↑"),
            ("PgDn", "PgDn"),
        ] {
            assert_eq!(Chord::parse(written).map(Chord::name), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn what_is_no_key_or_must_stay_free_is_refused() {
        for written in [
            "", " ", "xx", "ctrl-", "ctrl-xx", "ctrl-1", "alt-x", "F0", "F13", "\u{1b}", "spcae",
        ] {
            assert!(
                Chord::parse(written).unwrap_err().contains("is no key"),
                "{written:?}"
            );
        }
        for written in ["[", "O", "A", "D", "ctrl-c", "ctrl-[", "ctrl-m", "ctrl-i"] {
            assert!(
                Chord::parse(written).unwrap_err().contains("cannot be bound"),
                "{written}"
            );
        }
    }
}
