//! How large a terminal is, where it says so and where it does not.

use std::{env, io, os::fd::AsFd};

use ratatui::layout::Size;
use rustix::termios::tcgetwinsize;

/// What a terminal is taken for that says nothing, as a serial line does or a container without a window.
const USUAL: Size = Size::new(80, 24);
/// No screen is larger; what claims to be would have more cells kept for it than there is memory.
const LARGEST: Size = Size::new(1000, 500);

/// Columns and rows, neither of them 0. A side that `terminal` does not tell is what `COLUMNS` or `LINES` says.
///
/// # Errors
/// When it is no terminal, or is gone.
pub fn size_of(terminal: impl AsFd) -> io::Result<Size> {
    let told = tcgetwinsize(terminal)?;
    Ok(fitting(Size::new(told.ws_col, told.ws_row), |name| {
        env::var(name).ok()
    }))
}

fn fitting(told: Size, variable: impl Fn(&str) -> Option<String>) -> Size {
    let said = |name, usual| {
        let said = variable(name).and_then(|said| said.trim().parse().ok());
        said.filter(|side| *side > 0).unwrap_or(usual)
    };
    let size = Size::new(
        if told.width > 0 {
            told.width
        } else {
            said("COLUMNS", USUAL.width)
        },
        if told.height > 0 {
            told.height
        } else {
            said("LINES", USUAL.height)
        },
    );
    Size::new(size.width.min(LARGEST.width), size.height.min(LARGEST.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_no_measurement_and_nothing_is_larger_than_a_screen() {
        for (told, columns, lines, expected) in [
            ((120, 40), Some("90"), Some("30"), (120, 40)),
            ((0, 0), None, None, (80, 24)),
            ((0, 0), Some("90"), Some(" 30 "), (90, 30)),
            ((0, 40), Some("90"), Some("30"), (90, 40)),
            ((120, 0), Some("90"), None, (120, 24)),
            ((0, 0), Some("0"), Some("-1"), (80, 24)),
            ((0, 0), Some("wide"), Some("99999999"), (80, 24)),
            ((65535, 65535), None, None, (1000, 500)),
            ((0, 0), Some("65535"), Some("65535"), (1000, 500)),
            ((1, 1), None, None, (1, 1)),
        ] {
            let variable = |name: &str| match name {
                "COLUMNS" => columns.map(str::to_owned),
                _ => lines.map(str::to_owned),
            };
            let size = fitting(Size::new(told.0, told.1), variable);
            assert_eq!(
                (size.width, size.height),
                expected,
                "{told:?} {columns:?} {lines:?}"
            );
        }
    }
}
