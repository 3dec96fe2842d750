use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{
    Place::{Asked, Details, Filter, Offers, Typing},
    *,
};
use crate::settings::{KeyOverride, SpannedText};

fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

fn bare(letter: char) -> KeyEvent {
    press(KeyCode::Char(letter), KeyModifiers::NONE)
}

/// Wishes as the settings file has them, a line each.
fn wishes(wishes: &[(&str, &[&str])]) -> Vec<KeyOverride> {
    let written = |text: &str, line, column| SpannedText {
        text: text.to_owned(),
        file: std::path::Path::new("s.toml").into(),
        line,
        column,
    };
    let wish = |(line, (command, keys)): (usize, &(&str, &[&str]))| KeyOverride {
        command: written(command, line, 1),
        keys: keys.iter().map(|key| written(key, line, 9)).collect(),
    };
    (1..).zip(wishes).map(wish).collect()
}

fn refused(given: &[(&str, &[&str])]) -> String {
    Keymap::remapped(&wishes(given)).unwrap_err().to_string()
}

#[test]
fn no_key_means_two_things_in_one_place() {
    for place in Place::ALL {
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
            for place in Place::ALL {
                let pressed = press(KeyCode::Char(torn), modifiers);
                assert_eq!(Keymap::default().command(*place, pressed), None);
            }
        }
    }
}

#[test]
fn no_default_is_eaten_by_what_stands_between() {
    // The prefixes of screen and tmux, and what stops and starts a line.
    for eaten in ['a', 'b', 's', 'q'] {
        let pressed = press(KeyCode::Char(eaten), KeyModifiers::CONTROL);
        for place in Place::ALL {
            assert_eq!(Keymap::default().command(*place, pressed), None, "ctrl-{eaten}");
        }
    }
}

#[test]
fn a_held_modifier_makes_another_key() {
    let (keymap, y) = (Keymap::default(), KeyCode::Char('y'));
    let at_asked = |held| keymap.command(Asked, press(y, held));
    assert_eq!(at_asked(KeyModifiers::NONE), Some(Command::Confirm));
    assert_eq!(at_asked(KeyModifiers::CONTROL), None);
    assert_eq!(at_asked(KeyModifiers::ALT), None);
    let last = press(KeyCode::Char('G'), KeyModifiers::SHIFT);
    assert_eq!(keymap.command(Offers, last), Some(Command::Last));
}

#[test]
fn where_text_is_typed_letters_are_text() {
    let remapped = Keymap::remapped(&wishes(&[
        ("back", &["b"]),
        ("suspend", &["Z"]),
        ("down", &["n"]),
    ]))
    .unwrap();
    for keymap in [Keymap::default(), remapped] {
        for place in [Filter, Typing, Place::Palette, Place::Addresses] {
            for c in ' '..='~' {
                assert_eq!(keymap.command(place, bare(c)), None, "{c}");
            }
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
    assert_eq!(text.lines().count(), 2 + Keymap::default().lines(None).len());
}

#[test]
fn every_command_has_a_name_a_key_and_a_phrase() {
    for command in Command::all() {
        assert_eq!(Command::named(&command.name()), Some(command));
        assert!(
            TABLE.iter().any(|entry| entry.command == command),
            "{command:?} has no key"
        );
        let (help, told) = (command.help(), crate::tui::width::cells(&command.help()));
        assert!((1..=50).contains(&told), "{command:?}: {help} takes {told}");
        let others = Command::all().filter(|other| other.help() == help);
        assert_eq!(others.count(), 1, "{help} is told of several");
    }
    assert_eq!(Command::NextPane.name(), "next-pane");
    assert_eq!(Command::Up.help(), "One row up");
}

#[test]
fn a_wish_moves_a_command_and_frees_its_old_keys() {
    let keymap = Keymap::remapped(&wishes(&[
        ("cancel", &["x"]),
        ("quit", &[]),
        ("down", &["n", "ctrl-n", "F5"]),
        ("refresh", &["c"]),
    ]))
    .unwrap();
    for place in [Offers, Details, Place::Profiles, Place::Help] {
        assert_eq!(keymap.command(place, bare('q')), None, "{place:?}");
        assert_eq!(keymap.command(place, bare('n')), Some(Command::Down), "{place:?}");
    }
    for place in [Offers, Details] {
        assert_eq!(keymap.command(place, bare('x')), Some(Command::Cancel));
        assert_eq!(keymap.command(place, bare('c')), Some(Command::Refresh));
        for pressed in [bare('n'), press(KeyCode::F(5), KeyModifiers::NONE)] {
            assert_eq!(keymap.command(place, pressed), Some(Command::Down));
        }
        assert_eq!(keymap.command(place, bare('j')), None);
    }
    let hints: Vec<_> = keymap
        .hints(Offers)
        .map(|(key, entry)| (key, entry.command))
        .collect();
    assert!(hints.contains(&("x".to_owned(), Command::Cancel)), "{hints:?}");
    assert!(hints.iter().all(|(_, command)| *command != Command::Quit));
    let help = keymap.lines(Some(Offers));
    assert!(
        help.iter().any(|(keys, _)| keys.starts_with("n ctrl-n F5 ")),
        "{help:?}"
    );
}

#[test]
fn what_is_not_changed_is_as_the_table_has_it() {
    assert_eq!(Keymap::remapped(&[]).unwrap(), Keymap::default());
    assert_ne!(
        Keymap::remapped(&wishes(&[("quit", &["Q"])])).unwrap(),
        Keymap::default()
    );
}

#[test]
fn a_dialog_is_answered_the_same_way_whatever_is_wished() {
    let keymap = Keymap::remapped(&wishes(&[
        ("copy", &[]),
        ("down", &["y"]),
        ("back", &["backspace"]),
        ("details", &["e"]),
        ("quit", &["Q"]),
    ]))
    .unwrap();
    let default = Keymap::default();
    for place in [
        Place::Told,
        Asked,
        Typing,
        Filter,
        Place::Palette,
        Place::Copying,
        Place::Addresses,
    ] {
        let keys = (' '..='~')
            .map(KeyCode::Char)
            .chain([KeyCode::Enter, KeyCode::Esc, KeyCode::Backspace]);
        for pressed in keys.map(|code| press(code, KeyModifiers::NONE)) {
            assert_eq!(
                keymap.command(place, pressed),
                default.command(place, pressed),
                "{place:?}"
            );
        }
    }
    assert_eq!(keymap.command(Offers, bare('y')), Some(Command::Down));
}

#[test]
fn a_wish_that_cannot_be_is_named_with_its_place() {
    for (given, told) in [
        (
            &[("cancle", &["x"][..])][..],
            "s.toml:1:1: unknown command `cancle`; did you mean `cancel`?",
        ),
        (
            &[("down", &["n"]), ("cancel", &["xx"])],
            "s.toml:2:9: `xx` is no key; write one letter, ctrl-x, F1 to F12, or",
        ),
        (
            &[("cancel", &["A"])],
            "s.toml:1:9: `A` cannot be bound: an arrow key that the network tore apart",
        ),
        (
            &[("quit", &["ctrl-c"])],
            "s.toml:1:9: `ctrl-c` cannot be bound: it stays a way out",
        ),
        (&[("quit-now", &["Q"])], "s.toml:1:1: `quit-now` stays on ctrl-c"),
        (
            &[("confirm", &["Y"])],
            "s.toml:1:1: `confirm` keeps its keys, so that a dialog is answered the same way",
        ),
        (
            &[("leave-alone", &[])],
            "s.toml:1:1: `leave-alone` keeps its keys",
        ),
        (
            &[("cancel", &["y"])],
            "s.toml:1:9: `y` answers the confirmation, and so must not open it",
        ),
        (
            &[("cancel", &["enter"])],
            "s.toml:1:9: `enter` answers the confirmation",
        ),
        (
            &[("cancel", &["q"])],
            "s.toml:1:9: `q` is `quit` already in the same place",
        ),
        (
            &[("cancel", &["x"]), ("refresh", &["x"])],
            "s.toml:1:9: `x` is `refresh` already in the same place",
        ),
    ] {
        assert!(
            refused(given).starts_with(told),
            "{}\nis not\n{told}",
            refused(given)
        );
    }
    assert!(refused(&[("zzzzzz", &[])]).contains("the commands are down, up,"));
}
