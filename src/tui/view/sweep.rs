//! The second line behind [`SafeText`](crate::domain::text::SafeText): the finished frame is swept of what a terminal
//! would obey, whichever way it got there.
//!
//! Nothing should ever be found. A cell that is gets a visible mark as wide as it was, so that no column moves.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use crate::domain::text::is_unsafe;

/// What stands in a cell that was not fit to be shown; every terminal has it.
const MARK: &str = "?";

/// Replaces what must not reach a terminal.
pub(super) fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !is_fit(cell.symbol()) {
            mark(cell);
        }
    }
}

/// Whether `symbol` is what it seems, and stays in its cell.
fn is_fit(symbol: &str) -> bool {
    match symbol.as_bytes() {
        // Nearly every cell.
        [b' '..=b'~'] => true,
        _ => symbol.width() > 0 && !symbol.chars().any(is_unsafe),
    }
}

fn mark(cell: &mut Cell) {
    let marks = MARK.repeat(cell.symbol().width().clamp(1, 2));
    cell.set_symbol(&marks);
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, backend::TestBackend, style::Style};

    use super::*;
    use crate::tui::{
        fixture::{TestApp, busy},
        view::view,
        width::cells,
    };

    #[test]
    fn what_was_planted_is_marked_and_everything_beside_it_stays_where_it_is() {
        for planted in [
            "\x1b]0;owned\x07",
            "\x1b",
            "a\x1b[2J",
            "\u{9b}",
            "\u{7f}",
            "\r",
            "\u{202e}",
            "\u{200b}",
            "a\u{200d}",
            "\u{301}",
            "\u{e0041}",
            "",
        ] {
            let mut buffer = Buffer::with_lines(["left 漢字 right"]);
            buffer[(4, 0)].set_symbol(planted);
            sweep(&mut buffer);
            let swept = buffer[(4, 0)].symbol().to_owned();
            assert!(
                swept.starts_with('?') && swept.len() <= 2,
                "{planted:?} {swept:?}"
            );
            let line: String = buffer.content.iter().map(Cell::symbol).collect();
            // A wide glyph has an empty cell behind it.
            assert_eq!(line, format!("left{swept}漢 字  right"));
        }
    }

    #[test]
    fn a_wide_cell_is_marked_as_wide_as_it_was() {
        let mut buffer = Buffer::with_lines(["a漢b"]);
        buffer[(1, 0)].set_symbol("漢\u{202e}");
        sweep(&mut buffer);
        assert_eq!(buffer[(1, 0)].symbol(), "??");
        assert_eq!(cells(buffer[(1, 0)].symbol()), 2);
    }

    #[test]
    fn what_is_fit_is_left_alone() {
        let mut buffer = Buffer::with_lines(["▸ ✓ ◐ ○ ✗ │ 漢字 e\u{301} ก้ำ – …"]);
        buffer[(0, 0)].set_style(Style::new());
        let before = buffer.clone();
        sweep(&mut buffer);
        assert_eq!(buffer, before);
    }

    #[test]
    fn every_frame_is_swept_whatever_was_drawn() {
        let app = TestApp::new(busy());
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let drawn = terminal
            .draw(|frame| {
                // Wherever the view draws nothing of its own, this would stay.
                for cell in &mut frame.buffer_mut().content {
                    cell.set_symbol("\x1b]0;owned\x07");
                }
                view(&app.model, frame);
            })
            .unwrap();
        let cells = &drawn.buffer.content;
        assert!(cells.iter().all(|cell| is_fit(cell.symbol())));
        assert!(
            cells.iter().any(|cell| cell.symbol() == "??"),
            "something was there to be swept"
        );
    }
}
