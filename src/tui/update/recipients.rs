//! Editing who is mailed, inside the confirmation. Taking the addresses changes what a request will say, and so the dialog
//! has to be painted and left alone anew; nothing in here sends.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::InputRequest;

use crate::tui::{
    keymap::Command,
    model::{Model, Recipients},
    msg::Outcome,
    update::confirm,
};

/// A key while they are edited.
pub(super) fn pressed(model: &mut Model, command: Option<Command>, key: KeyEvent, outcome: &mut Outcome) {
    outcome.redraw = true;
    match command {
        // A key that was held to get here does not take what nobody read.
        Some(Command::Accept) if key.kind == KeyEventKind::Repeat => {}
        Some(Command::Accept) => take(model, outcome),
        Some(Command::Back) => done(model, outcome),
        _ => {
            if let Some(recipients) = editing(model) {
                typed(recipients, key);
            }
        }
    }
}

/// A paste while they are edited is text, and never takes it.
pub(super) fn pasted(model: &mut Model, text: &str) {
    if let Some(recipients) = editing(model) {
        recipients.paste(text);
    }
}

fn take(model: &mut Model, outcome: &mut Outcome) {
    let Some(dialog) = model.confirmation_mut() else {
        return;
    };
    let Some(recipients) = &mut dialog.editing else {
        return;
    };
    match recipients.check() {
        Ok(addresses) => {
            dialog.proposal.notify = addresses;
            done(model, outcome);
        }
        Err(_) => recipients.is_refused = true,
    }
}

/// Back to the question, which may have grown too old meanwhile.
fn done(model: &mut Model, outcome: &mut Outcome) {
    if let Some(dialog) = model.confirmation_mut() {
        dialog.editing = None;
        dialog.invalidate();
    }
    confirm::expire(model, outcome);
}

fn typed(recipients: &mut Recipients, key: KeyEvent) {
    let held = key.modifiers.difference(KeyModifiers::SHIFT);
    let request = match (key.code, held) {
        (KeyCode::Char(letter), KeyModifiers::NONE) => return recipients.insert(letter),
        (KeyCode::Backspace, _) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, _) => InputRequest::DeleteNextChar,
        (KeyCode::Left, _) => InputRequest::GoToPrevChar,
        (KeyCode::Right, _) => InputRequest::GoToNextChar,
        (KeyCode::Home, _) => InputRequest::GoToStart,
        (KeyCode::End, _) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), KeyModifiers::CONTROL) => InputRequest::DeletePrevWord,
        (KeyCode::Char('u'), KeyModifiers::CONTROL) => InputRequest::DeleteLine,
        _ => return,
    };
    recipients.handle(request);
}

fn editing(model: &mut Model) -> Option<&mut Recipients> {
    model.confirmation_mut()?.editing.as_mut()
}
