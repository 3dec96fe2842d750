//! Keys in the palette: letters narrow it, and what is chosen is run as if its key had been pressed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    domain::text::{SafeText, is_unsafe},
    tui::{
        keymap::Command,
        model::{Model, Overlay, Typed, found},
        msg::Outcome,
        update::{close, keys},
    },
};

/// The most letters; no name is as long.
const LONGEST: usize = 64;

/// Opens it.
pub(super) fn open(model: &mut Model) {
    model.overlays.push(Overlay::Palette(Typed::default()));
}

/// A key while it is open.
pub(super) fn pressed(model: &mut Model, command: Option<Command>, key: KeyEvent, outcome: &mut Outcome) {
    outcome.redraw = true;
    let Some(Overlay::Palette(typed)) = model.overlays.last() else {
        return;
    };
    let found = found(model, &typed.text);
    let (chosen, last) = (found.get(typed.at).copied(), found.len().saturating_sub(1));
    match command {
        Some(Command::Back) => drop(close(model)),
        Some(Command::Accept) => accepted(model, chosen, outcome),
        Some(Command::Complete) => {
            if let Some(chosen) = chosen {
                put(model, |text| *text = chosen.name());
            }
        }
        Some(Command::Down) => choose(model, |at| (at + 1).min(last)),
        Some(Command::Up) => choose(model, |at| at.saturating_sub(1)),
        _ => typed_in(model, key),
    }
}

/// Pasted text is letters as well.
pub(super) fn pasted(model: &mut Model, text: &str) {
    let line = text.lines().next().unwrap_or_default();
    put(model, |typed| {
        line.chars().for_each(|letter| insert(typed, letter));
    });
}

fn accepted(model: &mut Model, chosen: Option<Command>, outcome: &mut Outcome) {
    let Some(Overlay::Palette(typed)) = close(model) else {
        return;
    };
    if let Some(command) = chosen {
        keys::run(model, command, outcome);
    } else {
        let text = SafeText::new(&typed.text);
        model.notice = Some(format!("no command here is called ‘{text}’").into());
    }
}

fn typed_in(model: &mut Model, key: KeyEvent) {
    let held = key.modifiers.difference(KeyModifiers::SHIFT);
    match (key.code, held) {
        (KeyCode::Backspace, _) => put(model, |text| _ = text.pop()),
        (KeyCode::Char('u' | 'w'), KeyModifiers::CONTROL) => put(model, String::clear),
        (KeyCode::Char(letter), KeyModifiers::NONE) => put(model, |text| insert(text, letter)),
        _ => {}
    }
}

fn insert(text: &mut String, letter: char) {
    if !is_unsafe(letter) && text.chars().count() < LONGEST {
        text.push(letter);
    }
}

/// Other letters find others: the first of them is chosen.
fn put(model: &mut Model, change: impl FnOnce(&mut String)) {
    if let Some(Overlay::Palette(typed)) = model.overlays.last_mut() {
        change(&mut typed.text);
        typed.at = 0;
    }
}

fn choose(model: &mut Model, step: impl FnOnce(usize) -> usize) {
    if let Some(Overlay::Palette(typed)) = model.overlays.last_mut() {
        typed.at = step(typed.at);
    }
}
