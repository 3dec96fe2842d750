//! Keys in the palette: letters narrow it, and one of its commands is chosen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    domain::text::{SafeText, is_unsafe},
    tui::{
        keymap::Command,
        model::{Model, Overlay, Typed, found},
        msg::Outcome,
        update::close,
    },
};

/// The most letters; no name is as long.
const LONGEST: usize = 64;

/// Opens it.
pub(super) fn open(model: &mut Model) {
    model.overlays.push(Overlay::Palette(Typed::default()));
}

/// A key while it is open; returns the command that it chooses.
pub(super) fn pressed(
    model: &mut Model,
    command: Option<Command>,
    key: KeyEvent,
    outcome: &mut Outcome,
) -> Option<Command> {
    outcome.redraw = true;
    let Some(Overlay::Palette(typed)) = model.overlays.last() else {
        return None;
    };
    let found = found(model, &typed.text);
    let (chosen, last) = (found.get(typed.at).copied(), found.len().saturating_sub(1));
    match command {
        Some(Command::Back) => drop(close(model)),
        Some(Command::Accept) => return accepted(model, chosen),
        Some(Command::Complete) => {
            if let Some(chosen) = chosen {
                put(model, |text| *text = chosen.name());
            }
        }
        Some(Command::Down) => choose(model, |at| (at + 1).min(last)),
        Some(Command::Up) => choose(model, |at| at.saturating_sub(1)),
        _ => typed_in(model, key),
    }
    None
}

/// Pasted text is letters as well.
pub(super) fn pasted(model: &mut Model, text: &str) {
    let line = text.lines().next().unwrap_or_default();
    put(model, |typed| {
        line.chars().for_each(|letter| insert(typed, letter));
    });
}

fn accepted(model: &mut Model, chosen: Option<Command>) -> Option<Command> {
    if let Some(Overlay::Palette(typed)) = close(model)
        && chosen.is_none()
    {
        let text = SafeText::new(&typed.text);
        model.notice = Some(format!("no command here is called ‘{text}’").into());
    }
    chosen
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
