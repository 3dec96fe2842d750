//! Standard input and output, and the choice of screen or lines for them.

use std::io::{self, IsTerminal as _};

use crate::settings::terminal::Terminal;

/// Standard input and output of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Streams {
    display: Display,
    reads_terminal: bool,
    writes_terminal: bool,
}

/// Requested kind of terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Display {
    /// Lines in ASCII were requested.
    Plain,
    /// Lines only: the terminal supports nothing else.
    Lines,
    /// A screen.
    Screen,
}

impl Streams {
    /// Inspects the streams of this process; `is_plain` if a flag or the settings request lines.
    pub(super) fn of_process(is_plain: bool, terminal: &Terminal) -> Self {
        Self {
            display: match is_plain {
                true => Display::Plain,
                false if terminal.is_dumb() => Display::Lines,
                false => Display::Screen,
            },
            reads_terminal: io::stdin().is_terminal(),
            writes_terminal: io::stdout().is_terminal(),
        }
    }

    /// Returns true if the dashboard is to be lines of text.
    pub(super) fn want_lines(self) -> bool {
        self.display != Display::Screen || !self.writes_terminal
    }

    /// Returns true if one of them is a terminal.
    pub(super) fn are_attended(self) -> bool {
        self.reads_terminal || self.writes_terminal
    }

    /// Returns true if input lines are commands. An unattended input without a request for lines is just held open.
    pub(super) fn give_commands(self) -> bool {
        self.are_attended() || self.display == Display::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_replace_an_unsuitable_screen() {
        for (display, reads_terminal, writes_terminal, [lines, attended, commands]) in [
            (Display::Screen, true, true, [false, true, true]),
            (Display::Plain, true, true, [true, true, true]),
            (Display::Lines, true, true, [true, true, true]),
            (Display::Screen, true, false, [true, true, true]),
            (Display::Screen, false, true, [false, true, true]),
            (Display::Screen, false, false, [true, false, false]),
            (Display::Lines, false, false, [true, false, false]),
            (Display::Plain, false, false, [true, false, true]),
        ] {
            let streams = Streams {
                display,
                reads_terminal,
                writes_terminal,
            };
            let found = [
                streams.want_lines(),
                streams.are_attended(),
                streams.give_commands(),
            ];
            assert_eq!(found, [lines, attended, commands], "{streams:?}");
        }
    }
}
