//! Keys and pastes, by the one key table.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::InputRequest;

use crate::{
    domain::text::is_unsafe,
    tui::{
        keymap::{Command, Place},
        model::{Chosen, Focus, Letter, Model, Notice, Overlay},
        msg::{Effect, Outcome},
        update::{
            arranging, close, confirm, copying, history, moving, opening, palette, profiles, recipients,
        },
    },
};

/// The most characters of a filter.
const LONGEST: usize = 256;

/// A key went down, or repeats; releases mean nothing.
pub(super) fn pressed(model: &mut Model, key: KeyEvent, outcome: &mut Outcome) {
    if key.kind == KeyEventKind::Release {
        return;
    }
    let place = model.place();
    let command = model.setup.preferences.keymap.command(place, key);
    if model.list.selected.is_some() {
        model.list.chosen = Chosen::ByPerson;
    }
    moving::pin(model);
    if model.notice.take().is_some() {
        outcome.redraw = true;
    }
    match (command, place) {
        (Some(command @ (Command::QuitNow | Command::Suspend | Command::Repaint)), _) => {
            run(model, command, outcome);
        }
        (_, Place::Addresses) => recipients::pressed(model, command, key, outcome),
        (_, Place::Told | Place::Asked | Place::Typing) => {
            confirm::pressed(model, command, key, outcome);
        }
        (_, Place::Palette) => {
            if let Some(chosen) = palette::pressed(model, command, key, outcome) {
                run(model, chosen, outcome);
            }
        }
        (_, Place::Copying) => copying::pressed(model, command, outcome),
        (Some(command), _) => run(model, command, outcome),
        (None, Place::Filter) => typed(model, key, outcome),
        (None, _) => moved_away(model, key, outcome),
    }
}

/// A key that the settings took its meaning from says where that is now.
fn moved_away(model: &mut Model, key: KeyEvent, outcome: &mut Outcome) {
    let (place, keymap) = (model.place(), &model.setup.preferences.keymap);
    let Some((was, command)) = keymap.moved_from(place, key) else {
        return;
    };
    let now = match keymap.key_at(place, command) {
        Some(key) => format!("{} is on {key}", command.name()),
        None if command == Command::Quit => format!("{} quits", model.way_out()),
        None => format!(":{} does it", command.name()),
    };
    model.notice = Some(format!("{was} does nothing here; {now}").into());
    outcome.redraw = true;
}

/// Pasted text is text for the filter while that is typed, and nothing anywhere else.
pub(super) fn pasted(model: &mut Model, text: &str, outcome: &mut Outcome) {
    match model.place() {
        Place::Filter => {
            for letter in text.chars().take_while(|letter| !matches!(letter, '\r' | '\n')) {
                insert(model, letter);
            }
            narrowed(model);
            outcome.redraw = true;
        }
        Place::Addresses => {
            recipients::pasted(model, text);
            outcome.redraw = true;
        }
        Place::Told | Place::Asked | Place::Typing => {
            // It may have ended its own bracket, so that what follows looks like keys.
            confirm::invalidate(model);
            outcome.redraw = true;
        }
        Place::Palette => {
            palette::pasted(model, text);
            outcome.redraw = true;
        }
        _ => {}
    }
}

/// Does what `command` means outside of dialogs, whether a key or the palette asks for it.
pub(super) fn run(model: &mut Model, command: Command, outcome: &mut Outcome) {
    match command {
        Command::QuitNow => outcome.effects.push(Effect::Quit),
        Command::Suspend | Command::Repaint => {
            confirm::invalidate(model);
            outcome.redraw = true;
            outcome.effects.push(match command {
                Command::Suspend => Effect::Suspend,
                _ => Effect::Repaint,
            });
        }
        _ => {
            outcome.redraw = true;
            carried_out(model, command, outcome);
        }
    }
}

fn carried_out(model: &mut Model, command: Command, outcome: &mut Outcome) {
    if moving::moved(model, command) {
        return;
    }
    match command {
        Command::NextPane => moving::turn(model, true),
        Command::PreviousPane => moving::turn(model, false),
        Command::Details if model.place() == Place::History => history::record(model),
        Command::Details => opening::details(model),
        Command::History => history::open(model, outcome),
        Command::LookAgain => history::look_again(model, outcome),
        Command::Filter => {
            model.focus = Focus::Offers;
            model.list.is_typing = true;
            model.list.next_letter = if model.list.filter.value().is_empty() {
                Letter::GoesOn
            } else {
                Letter::BeginsAnew
            };
            moving::keep_in_view(model);
        }
        Command::Profiles => profiles::open(model),
        Command::Accept if model.place() == Place::Profiles => profiles::chosen(model, outcome),
        Command::Accept => model.list.is_typing = false,
        Command::InFlight => {
            model.list.only_in_flight = !model.list.only_in_flight;
            narrowed(model);
        }
        Command::Sort | Command::TurnSort => sorted(model, command),
        Command::Mark => {
            model.list.mark();
            moving::selected(model);
        }
        Command::MarkAll => {
            model.list.mark_all();
            moving::keep_in_view(model);
        }
        Command::Cancel if model.place() == Place::Offers && model.list.marks.count() > 0 => {
            opening::confirmation_of_marked(model, outcome);
        }
        Command::Cancel => opening::confirmation(model, outcome),
        Command::Refresh if model.place() == Place::History => history::reload(model, outcome),
        Command::Refresh => {
            if model.unresumed.is_some() {
                outcome.effects.push(Effect::Resume);
            }
            model.notice = Some(Notice::awaiting("asking the service anew"));
            outcome.effects.push(profiles::ask_anew(model));
        }
        Command::Help => match model.overlays.last() {
            Some(Overlay::Help { .. }) => drop(close(model)),
            _ => model.overlays.push(Overlay::Help { scrolled: 0 }),
        },
        Command::Palette => palette::open(model),
        Command::Copy => copying::open(model),
        Command::Back => back(model),
        Command::Quit => outcome.effects.push(Effect::Quit),
        // Moved by above, answered in a dialog, or done before anything else.
        Command::Down
        | Command::Up
        | Command::First
        | Command::Last
        | Command::HalfDown
        | Command::HalfUp
        | Command::PageDown
        | Command::PageUp
        | Command::Complete
        | Command::LeaveAlone
        | Command::QuitNow
        | Command::Suspend
        | Command::Repaint
        | Command::Confirm
        | Command::Addresses => {}
    }
}

/// Closes what is on top, then undoes the filter, goes back to the list, takes the marks off, shows all.
fn back(model: &mut Model) {
    if close(model).is_some() {
        return;
    }
    if model.list.is_typing || !model.list.filter.value().is_empty() {
        model.list.is_typing = false;
        model.list.filter.reset();
        narrowed(model);
    } else if model.focus != Focus::Offers {
        model.focus = Focus::Offers;
    } else if model.list.marks.count() > 0 {
        model.list.unmark_all();
        moving::keep_in_view(model);
    } else {
        model.list.only_in_flight = false;
        narrowed(model);
    }
}

/// The person chose another order: the selection stays with its offer.
fn sorted(model: &mut Model, command: Command) {
    let sort = model.list.sort;
    model.notice = if command == Command::Sort {
        model.list.sort = sort.next();
        Some(format!("sorted {}", model.list.sort.describe()).into())
    } else if sort.column.is_some() {
        model.list.sort = sort.turned();
        Some(format!("sorted {}", model.list.sort.describe()).into())
    } else {
        Some("s sorts by a column, S turns that round".into())
    };
    model.list.is_held = true;
    arranging::arrange(model);
}

fn typed(model: &mut Model, key: KeyEvent, outcome: &mut Outcome) {
    let held = key.modifiers.difference(KeyModifiers::SHIFT);
    let request = match (key.code, held) {
        (KeyCode::Char(letter), KeyModifiers::NONE) => {
            insert(model, letter);
            None
        }
        (KeyCode::Backspace | KeyCode::Delete, _) if model.list.next_letter == Letter::BeginsAnew => {
            Some(InputRequest::DeleteLine)
        }
        (KeyCode::Backspace, _) => Some(InputRequest::DeletePrevChar),
        (KeyCode::Delete, _) => Some(InputRequest::DeleteNextChar),
        (KeyCode::Left, _) => Some(InputRequest::GoToPrevChar),
        (KeyCode::Right, _) => Some(InputRequest::GoToNextChar),
        (KeyCode::Home, _) => Some(InputRequest::GoToStart),
        (KeyCode::End, _) => Some(InputRequest::GoToEnd),
        (KeyCode::Char('w'), KeyModifiers::CONTROL) => Some(InputRequest::DeletePrevWord),
        (KeyCode::Char('u'), KeyModifiers::CONTROL) => Some(InputRequest::DeleteLine),
        _ => return,
    };
    if let Some(request) = request {
        model.list.next_letter = Letter::GoesOn;
        model.list.filter.handle(request);
    }
    narrowed(model);
    outcome.redraw = true;
}

fn insert(model: &mut Model, letter: char) {
    if std::mem::take(&mut model.list.next_letter) == Letter::BeginsAnew {
        model.list.filter.reset();
    }
    let filter = &mut model.list.filter;
    if !is_unsafe(letter) && filter.value().chars().count() < LONGEST {
        filter.handle(InputRequest::InsertChar(letter));
    }
}

/// The person narrowed or widened the list: the selection goes to what is shown.
fn narrowed(model: &mut Model) {
    model.list.is_held = true;
    arranging::arrange(model);
    model.list.reselect();
    model.scrolled = 0;
    moving::keep_in_view(model);
}
