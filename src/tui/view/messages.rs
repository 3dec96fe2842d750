//! What the service says about an operation: each message with its level and time, whole, oldest first.

use jiff::Timestamp;
use ratatui::text::Line;

use crate::{
    domain::operation::{Message, OperationDetail},
    presentation::{Tone, moment::exact},
    tui::{model::Model, view::paint, width::cells},
};

/// The most messages that are told; each frame goes through all of them.
const MOST: usize = 100;

/// The newest [`MOST`] messages, those without a time first. What was said before `asked_at` is context.
pub(super) fn lines(
    model: &Model,
    detail: &OperationDetail,
    asked_at: Option<Timestamp>,
    room: usize,
) -> Vec<Line<'static>> {
    let mut all: Vec<&Message> = detail.all_messages().collect();
    all.sort_by_key(|message| message.at);
    let earlier = all.len().saturating_sub(MOST);
    let mut messages: Vec<&Message> = Vec::new();
    for message in all.into_iter().skip(earlier) {
        // A step repeats what is said of the whole.
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    let one = |message: &Message| {
        let time = message
            .at
            .map(|at| exact(at, model.now.wall, &model.setup.zone))
            .unwrap_or_default();
        let (level, tone) = level(message.level.as_str());
        let is_past = asked_at.is_some_and(|asked_at| message.at.is_some_and(|at| at < asked_at));
        let tone = if is_past && tone == Tone::Plain {
            Tone::Quiet
        } else {
            tone
        };
        let text = format!("{level}  {}", message.text);
        let indent = if time.is_empty() { 0 } else { cells(&time) + 1 };
        paint::labelled(&time, &text, tone, indent, room, model.theme())
    };
    let mut lines = Vec::new();
    if earlier > 0 {
        let left_out = format!("earlier messages, not shown: {earlier}");
        lines.extend(paint::sentence(&left_out, Tone::Quiet, room, model.theme()));
    }
    lines.extend(messages.into_iter().flat_map(one));
    lines
}

/// The word for a level, and how what is said at it looks.
fn level(word: &str) -> (&str, Tone) {
    match word.to_ascii_lowercase().as_str() {
        "information" | "info" => ("info", Tone::Plain),
        "error" | "critical" => (word, Tone::Bad),
        "warning" => (word, Tone::Open),
        _ => (word, Tone::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::{TestApp, at, detail, quiet};

    fn message(text: &str, level: &str, time: Option<&str>) -> Message {
        Message {
            text: text.into(),
            level: level.into(),
            at: time.map(at),
        }
    }

    #[test]
    fn each_is_told_once_with_its_time_and_level_and_the_newest_last() {
        let app = TestApp::new(quiet());
        let late = message("The cancel is under way.", "Warning", Some("12:04:00"));
        let mut detail = detail();
        detail.steps[1].messages = vec![
            late.clone(),
            message("Broken.", "error", Some("12:04:10")),
            message("No time.", "", None),
        ];
        detail.messages.insert(0, late);
        let lines = lines(&app.model, &detail, Some(at("12:03:19")), 80);
        let told: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "No time.",
                "09:14:02 info Certification of the image began.",
                "12:04:00 Warning The cancel is under way.",
                "12:04:10 error Broken.",
            ]
        );
        let tones: Vec<_> = lines.iter().map(|line| line.spans[1].style).collect();
        let theme = app.model.theme();
        assert_eq!(
            tones,
            [Tone::Plain, Tone::Quiet, Tone::Open, Tone::Bad].map(|tone| theme.style(tone))
        );
    }

    #[test]
    fn of_very_many_the_newest_are_told() {
        let app = TestApp::new(quiet());
        let mut many = detail();
        many.messages = (0..MOST + 5)
            .map(|at| message(&format!("message {at}"), "", None))
            .collect();
        let told = lines(&app.model, &many, None, 80);
        assert_eq!(told.len(), 1 + MOST);
        assert_eq!(told[0].to_string(), "earlier messages, not shown: 5");
        assert_eq!(told[MOST].to_string(), format!("message {}", MOST + 4));
    }
}
