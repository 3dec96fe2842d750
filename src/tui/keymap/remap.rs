//! What the settings change in the keymap, and what they must not.
//!
//! The keys that answer a dialog, and those where text is typed, are the same for everyone: whoever has learnt that `y`
//! cancels and anything else does not must not find it otherwise on somebody else's machine. `ctrl-c` stays a way out.

use crossterm::event::KeyCode;

use crate::{
    domain::nearest::nearest,
    settings::{KeyOverride, SettingsError, SpannedText},
    tui::keymap::{Command, Keymap, Place, TABLE, chord::Chord, map::Row},
};

/// Whether the keys of `command` stay as they are there. Of each place it is said, so that none is open by oversight.
fn is_fixed(place: Place, command: Command) -> bool {
    match place {
        // A list like the others, but for the key that chooses.
        Place::Profiles => command == Command::Accept,
        Place::Filter
        | Place::Told
        | Place::Asked
        | Place::Typing
        | Place::Addresses
        | Place::Palette
        | Place::Copying => true,
        Place::Offers
        | Place::Status
        | Place::Cancellations
        | Place::Details
        | Place::History
        | Place::Record
        | Place::Help => false,
    }
}

impl Keymap {
    /// The table with these wishes.
    ///
    /// # Errors
    /// At the first wish that names no command, no key, a key that must stay free, or one that does something else in the
    /// same place.
    pub fn remapped(wishes: &[KeyOverride]) -> Result<Self, SettingsError> {
        let mut rows: Vec<Row> = TABLE.iter().map(Row::of).collect();
        let mut wanted = Vec::new();
        for wish in wishes {
            let command = named(&wish.command)?;
            let keys = wish
                .keys
                .iter()
                .map(|written| Ok((written, chord(written, command)?)));
            let keys = keys.collect::<Result<Vec<_>, SettingsError>>()?;
            let chords: Vec<Chord> = keys.iter().map(|(_, key)| *key).collect();
            rows = put(rows, command, &chords);
            wanted.push((command, keys));
        }
        let keymap: Self = rows.into_iter().collect();
        for (command, keys) in wanted {
            for (written, key) in keys {
                if let Some(other) = keymap.rival(command, key) {
                    return Err(written.fault(&format!(
                        "`{}` is `{}` already in the same place; give that another key as well",
                        written.text,
                        other.name()
                    )));
                }
            }
        }
        Ok(keymap)
    }

    /// What else `key` does where it does `command`.
    fn rival(&self, command: Command, key: Chord) -> Option<Command> {
        let has = |row: &&Row| row.keys.contains(&key);
        let own = self
            .rows()
            .iter()
            .filter(has)
            .filter(|row| row.entry.command == command);
        let places: Vec<Place> = own.flat_map(|row| row.places.iter().copied()).collect();
        let mut others = self
            .rows()
            .iter()
            .filter(has)
            .filter(|row| row.entry.command != command);
        let clash = others.find(|row| row.places.iter().any(|place| places.contains(place)));
        clash.map(|row| row.entry.command)
    }
}

/// Gives `command` these keys wherever keys may be changed; elsewhere it keeps its own.
fn put(rows: Vec<Row>, command: Command, keys: &[Chord]) -> Vec<Row> {
    let is_free = |place: &Place| !is_fixed(*place, command);
    let of_command = |row: &&Row| row.entry.command == command;
    let free: Vec<Place> = Place::ALL
        .iter()
        .copied()
        .filter(|place| {
            is_free(place)
                && rows
                    .iter()
                    .filter(of_command)
                    .any(|row| row.places.contains(place))
        })
        .collect();
    let mut changed = Vec::with_capacity(rows.len() + 1);
    let mut is_put = false;
    for mut row in rows {
        if row.entry.command == command {
            if !is_put {
                is_put = true;
                changed.push(Row {
                    keys: keys.to_vec(),
                    places: free.clone(),
                    entry: row.entry,
                });
            }
            row.places.retain(|place| !is_free(place));
        }
        changed.push(row);
    }
    changed
}

fn named(written: &SpannedText) -> Result<Command, SettingsError> {
    let Some(command) = Command::named(&written.text) else {
        let names = || {
            Command::all()
                .filter(|command| is_free(*command))
                .map(Command::name)
        };
        let names: Vec<String> = names().collect();
        let advice = match nearest(&written.text, names.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the commands are {}", names.join(", ")),
        };
        return Err(written.fault(&format!("unknown command `{}`; {advice}", written.text)));
    };
    if command == Command::QuitNow {
        return Err(written.fault("`quit-now` stays on ctrl-c, so that there is always a way out"));
    }
    if !is_free(command) {
        return Err(written.fault(&format!(
            "`{}` keeps its keys, so that a dialog is answered the same way everywhere",
            written.text
        )));
    }
    Ok(command)
}

/// Whether it does something where keys may be changed.
fn is_free(command: Command) -> bool {
    let mut entries = TABLE.iter().filter(|entry| entry.command == command);
    command != Command::QuitNow
        && entries.any(|entry| entry.places.iter().any(|place| !is_fixed(*place, command)))
}

fn chord(written: &SpannedText, command: Command) -> Result<Chord, SettingsError> {
    let chord = Chord::parse(&written.text).map_err(|what| written.fault(&what))?;
    let answers = matches!(chord.code, KeyCode::Char('y') | KeyCode::Enter);
    if command == Command::Cancel && answers && !chord.control {
        let what = format!(
            "`{}` answers the confirmation, and so must not open it",
            written.text
        );
        return Err(written.fault(&what));
    }
    Ok(chord)
}
