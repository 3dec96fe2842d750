//! Draws the model.

use ratatui::{Frame, widgets::Paragraph};

use crate::tui::model::Model;

/// Draws all of it.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let text = format!("countermand {} {}", model.setup.publisher, model.typed);
    frame.render_widget(Paragraph::new(text), frame.area());
}
