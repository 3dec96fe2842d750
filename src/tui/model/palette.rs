//! The palette: what is typed into it, and which commands that finds.
//!
//! A command that the settings took every key from is found here all the same.

use crate::tui::{
    keymap::{Command, TABLE},
    model::Model,
};

/// What is typed, and which of what it finds is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// The letters.
    pub(crate) text: String,
    /// The chosen one, from 0.
    pub(crate) at: usize,
}

/// The commands of the place under the palette that `text` leads to, the best first; movements last.
pub(crate) fn found(model: &Model, text: &str) -> Vec<Command> {
    let place = model.place_below();
    let wanted = text.trim().to_lowercase().replace(' ', "-");
    let is_here = |command| {
        TABLE
            .iter()
            .any(|entry| entry.command == command && entry.is_at(place))
    };
    if Command::named(&wanted).is_some_and(|command| !is_here(command)) {
        // Whoever writes a name to its end means no other command.
        return Vec::new();
    }
    let mut found: Vec<(usize, bool, Command)> = Vec::new();
    for entry in TABLE.iter().filter(|entry| entry.is_at(place)) {
        let command = entry.command;
        if command == Command::Palette || found.iter().any(|(.., known)| *known == command) {
            continue;
        }
        if let Some(rank) = rank(&command.name(), &command.help(), &wanted) {
            found.push((rank, command.is_movement(), command));
        }
    }
    found.sort_by_key(|(rank, is_movement, _)| (*rank, *is_movement));
    found.into_iter().map(|(.., command)| command).collect()
}

/// How well a command answers to `wanted`, the best first; nothing where it does not.
fn rank(name: &str, help: &str, wanted: &str) -> Option<usize> {
    let ways = [
        name.starts_with(wanted),
        name.split('-').any(|word| word.starts_with(wanted)),
        name.contains(wanted),
        has_in_order(name, wanted),
        help.to_lowercase().replace(' ', "-").contains(wanted),
    ];
    ways.iter().position(|is_so| *is_so)
}

/// Whether `name` has the letters of `wanted` in that order, others between them or not.
fn has_in_order(name: &str, wanted: &str) -> bool {
    let mut letters = name.chars();
    wanted.chars().all(|letter| letters.any(|other| other == letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::{TestApp, quiet};

    fn names(text: &str) -> Vec<String> {
        let mut app = TestApp::new(quiet());
        app.keys(":");
        found(&app.model, text).into_iter().map(Command::name).collect()
    }

    #[test]
    fn letters_lead_to_names_the_nearest_first() {
        assert_eq!(names("ca")[0], "cancel");
        assert_eq!(names("pane")[..2], ["next-pane", "previous-pane"]);
        assert_eq!(names("next p")[0], "next-pane");
        assert_eq!(names("lkag"), ["look-again"]);
        assert_eq!(names("curl"), ["copy"], "by what it does");
        assert!(names("zzz").is_empty());
    }

    #[test]
    fn all_of_the_place_is_there_and_nothing_else() {
        let all = names("");
        assert_eq!(all[0], "cancel", "movements come last: {all:?}");
        for (name, is_there) in [
            ("quit", true),
            ("down", true),
            ("confirm", false),
            ("accept", false),
            ("palette", false),
        ] {
            assert_eq!(all.iter().any(|other| other == name), is_there, "{name}");
        }
    }
}
