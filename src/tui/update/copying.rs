//! Keys in the list of what can be copied.

use crate::tui::{
    keymap::Command,
    model::{Model, Overlay, copyable},
    msg::{Effect, Outcome},
    terminal::Multiplexer,
    update::close,
};

/// Opens it, where there is something to copy.
pub(super) fn open(model: &mut Model) {
    match copyable(model) {
        Some(copying) => model.overlays.push(Overlay::Copying(copying)),
        None => model.notice = Some("nothing is selected: there is nothing to copy".into()),
    }
}

/// A key while it is open.
pub(super) fn pressed(model: &mut Model, command: Option<Command>, outcome: &mut Outcome) {
    outcome.redraw = true;
    let Some(Overlay::Copying(copying)) = model.overlays.last_mut() else {
        return;
    };
    let last = copying.pieces.len().saturating_sub(1);
    match command {
        Some(Command::Down) => copying.at = (copying.at + 1).min(last),
        Some(Command::Up) => copying.at = copying.at.saturating_sub(1),
        Some(Command::Accept | Command::Copy) => copied(model, outcome),
        Some(Command::Back) => drop(close(model)),
        _ => {}
    }
}

/// Hands the chosen piece to the terminal. Whether that takes it nobody tells, so it is not claimed.
fn copied(model: &mut Model, outcome: &mut Outcome) {
    let Some(Overlay::Copying(copying)) = close(model) else {
        return;
    };
    let Some(piece) = copying.pieces.into_iter().nth(copying.at) else {
        return;
    };
    let label = piece.label;
    model.notice = Some(match piece.text {
        Ok(clip) => {
            outcome.effects.push(Effect::Copy(clip));
            let takes = match model.setup.preferences.multiplexer {
                Multiplexer::Tmux => "if tmux (set-clipboard on) and the terminal take OSC 52",
                _ => "if the terminal takes OSC 52",
            };
            format!("copied the {label}, {takes}").into()
        }
        Err((_, why)) => format!("the {label} is not copied: {why}").into(),
    });
}
