//! Standard input and output: whether the dashboard on them is a screen or lines.

use std::io::{self, IsTerminal as _};

use crate::settings::terminal::Terminal;

/// Standard input and output of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Streams {
    display: Display,
    reads_terminal: bool,
    writes_terminal: bool,
}

/// What is wanted of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Display {
    /// Lines in ASCII were asked for.
    Plain,
    /// No more than lines: it can do nothing else.
    Lines,
    /// A screen.
    Screen,
}

impl Streams {
    /// What this process was started with; `is_plain` where a flag or the settings want lines.
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

    /// Whether the dashboard is to be lines of text.
    pub(super) fn want_lines(self) -> bool {
        self.display != Display::Screen || !self.writes_terminal
    }

    /// Whether somebody sits at one of them.
    pub(super) fn are_attended(self) -> bool {
        self.reads_terminal || self.writes_terminal
    }

    /// Whether lines are obeyed. Where nobody sits by and nobody wanted lines, whatever holds standard input open says
    /// nothing.
    pub(super) fn give_commands(self) -> bool {
        self.are_attended() || self.display == Display::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_for_whom_a_screen_is_no_good() {
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
