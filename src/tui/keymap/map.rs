//! The keys as they are in force: the table, with what the settings changed.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use crate::tui::keymap::{Command, Entry, Place, TABLE, chord::Chord};

/// Which key does what where. Cheap to copy; by default the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Keymap(Arc<[Row]>);

/// A row of the table with the keys that it has.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) keys: Vec<Chord>,
    pub(super) places: Vec<Place>,
    pub(super) entry: &'static Entry,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys && self.places == other.places && std::ptr::eq(self.entry, other.entry)
    }
}

impl Row {
    /// The row as the table has it.
    pub(super) fn of(entry: &'static Entry) -> Self {
        Self {
            keys: entry.keys.to_vec(),
            places: entry.places.to_vec(),
            entry,
        }
    }
}

impl Default for Keymap {
    fn default() -> Self {
        TABLE.iter().map(Row::of).collect()
    }
}

impl FromIterator<Row> for Keymap {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> Self {
        Self(
            rows.into_iter()
                .filter(|row| !row.keys.is_empty() && !row.places.is_empty())
                .collect(),
        )
    }
}

impl Keymap {
    /// What `pressed` does at `place`; nothing for a key that means nothing there.
    #[must_use]
    pub fn command(&self, place: Place, pressed: KeyEvent) -> Option<Command> {
        let chord = Chord::of(pressed)?;
        self.at(place)
            .find(|row| row.keys.contains(&chord))
            .map(|row| row.entry.command)
    }

    /// The keys of `place` that a footer tells of: the first of each, and what it does.
    pub(crate) fn hints(&self, place: Place) -> impl Iterator<Item = (String, &'static Entry)> {
        let told = self.at(place).filter(|row| !row.entry.hint.is_empty());
        told.filter_map(|row| Some((row.keys.first()?.name(), row.entry)))
    }

    /// What can be done at `place`, in the order of the table, each with all its keys.
    pub(crate) fn commands(&self, place: Place) -> Vec<(Command, String)> {
        let mut commands: Vec<(Command, String)> = Vec::new();
        for row in self.at(place) {
            let command = row.entry.command;
            match commands.iter_mut().find(|(known, _)| *known == command) {
                Some((_, keys)) => add(keys, row),
                None => commands.push((command, row.written())),
            }
        }
        commands
    }

    /// The first key of `command`, wherever it has one.
    pub(crate) fn key(&self, command: Command) -> Option<String> {
        let mut rows = self.0.iter().filter(|row| row.entry.command == command);
        rows.find_map(|row| row.keys.first()).map(|key| key.name())
    }

    /// The first key of `command` at `place`.
    pub(crate) fn key_at(&self, place: Place, command: Command) -> Option<String> {
        let mut rows = self.at(place).filter(|row| row.entry.command == command);
        rows.find_map(|row| row.keys.first()).map(|key| key.name())
    }

    /// What `pressed` would do at `place` had the settings not moved that, and how the key is called; for a key that
    /// means nothing there.
    pub(crate) fn moved_from(&self, place: Place, pressed: KeyEvent) -> Option<(String, Command)> {
        let chord = Chord::of(pressed)?;
        if self.command(place, pressed).is_some() {
            return None;
        }
        let mut entries = TABLE.iter().filter(|entry| entry.is_at(place));
        let entry = entries.find(|entry| entry.keys.contains(&chord))?;
        Some((chord.name(), entry.command))
    }

    /// A line for each phrase of the help: its keys, and what they do. With a place, the keys of that place; without,
    /// all there are.
    #[must_use]
    pub fn lines(&self, place: Option<Place>) -> Vec<(String, &'static str)> {
        let is_told = |row: &&Row| place.is_none_or(|place| row.places.contains(&place));
        let mut lines: Vec<(Command, String, &'static str)> = Vec::new();
        for row in self.0.iter().filter(is_told) {
            let entry = row.entry;
            let told = match entry.help {
                "" => lines.last_mut(),
                _ => lines.iter_mut().find(|(command, ..)| *command == entry.command),
            };
            match told {
                Some((_, keys, _)) => add(keys, row),
                None => lines.push((entry.command, row.written(), phrase(entry))),
            }
        }
        lines.into_iter().map(|(_, keys, help)| (keys, help)).collect()
    }

    /// The list of keys for `docs/keys.md`: one row a phrase.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::from("| key | what it does |\n|---|---|\n");
        for (keys, help) in self.lines(None) {
            let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
            text.extend(["| ", &keys.join(" "), " | ", help, " |\n"]);
        }
        text
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.0
    }

    fn at(&self, place: Place) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(move |row| row.places.contains(&place))
    }
}

impl Row {
    /// Its keys as they are written, such as `g Home`.
    fn written(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| key.name()).collect();
        keys.join(" ")
    }
}

/// Adds the keys of `row` that are not among `keys` yet.
fn add(keys: &mut String, row: &Row) {
    for name in row.keys.iter().map(|key| key.name()) {
        if keys.split(' ').all(|known| known != name) {
            keys.extend([" ", &name]);
        }
    }
}

/// What an entry does; where another entry tells it as well, what that says.
fn phrase(entry: &Entry) -> &'static str {
    if !entry.help.is_empty() {
        return entry.help;
    }
    let before = TABLE.iter().take_while(|other| !std::ptr::eq(*other, entry));
    before
        .filter(|other| !other.help.is_empty())
        .last()
        .map_or("", |other| other.help)
}
