//! Changes the model.

use crossterm::event::{Event, KeyCode, KeyModifiers};

use crate::tui::{
    model::Model,
    msg::{Effect, Msg, Outcome},
};

/// Takes one message.
pub fn update(model: &mut Model, msg: Msg) -> Outcome {
    let Msg::Terminal(event) = msg else {
        return Outcome {
            redraw: matches!(msg, Msg::Known(_) | Msg::Reply(_)),
            effects: Vec::new(),
        };
    };
    let mut effects = Vec::new();
    if let Event::Key(key) = event {
        match (key.code, key.modifiers) {
            (KeyCode::Char('q'), _) | (KeyCode::Char('c'), KeyModifiers::CONTROL) => {
                effects.push(Effect::Quit)
            }
            (KeyCode::Char('z'), KeyModifiers::CONTROL) => effects.push(Effect::Suspend),
            (KeyCode::Char(c), _) => model.typed.push(c),
            (KeyCode::Backspace, _) => drop(model.typed.pop()),
            _ => {}
        }
    }
    Outcome {
        redraw: true,
        effects,
    }
}
