//! The terminal, as far as its size and the environment say. It is never asked: an answer may not come, or come late.

use super::check::CheckResult;
use crate::settings::terminal::{Depth, Multiplexer, Terminal};

/// The smallest that shows everything.
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;

/// The size, in columns and rows; none where no handle leads to a terminal.
pub(super) fn size(size: Option<(u16, u16)>, terminal: &Terminal) -> CheckResult {
    let Some((columns, rows)) = size else {
        return CheckResult::skipped("there is none here; the verbs need none");
    };
    let found = if terminal.is_dumb() {
        CheckResult::warn(
            "TERM=dumb: it cannot move its cursor, so the dashboard has nowhere to be",
            "use the verbs, or a terminal of another kind",
        )
    } else if columns == 0 || rows == 0 {
        CheckResult::warn(
            "it does not say how large it is",
            "set it: stty columns 120 rows 40",
        )
    } else if columns < COLUMNS || rows < ROWS {
        CheckResult::warn(
            &format!("{columns}x{rows}: smaller than 80x24, where all is shown"),
            "make it larger; below 80x24 parts are left out",
        )
    } else {
        CheckResult::ok(&format!(
            "{columns}x{rows}, TERM={}",
            terminal.kind.as_deref().unwrap_or("unset")
        ))
    };
    found.with("columns", columns).with("rows", rows)
}

/// Colours.
pub(super) fn colours(terminal: &Terminal) -> CheckResult {
    let by = terminal.depth_by.unwrap_or_default();
    match terminal.depth {
        Depth::Mono if by == "NO_COLOR" => {
            CheckResult::ok("none, as NO_COLOR asks; nothing is said by colour alone")
        }
        Depth::Mono => CheckResult::ok("none; nothing is said by colour alone"),
        Depth::Sixteen => CheckResult::ok("16, which are enough"),
        Depth::Many => CheckResult::ok(&format!("256 ({by})")),
        Depth::True => CheckResult::ok(&format!("24 bits ({by})")),
    }
}

/// Whether letters beyond ASCII may be shown.
pub(super) fn letters(terminal: &Terminal) -> CheckResult {
    match &terminal.locale {
        Some((name, value)) if terminal.unicode => CheckResult::ok(&format!("UTF-8 ({name}={value})")),
        Some((name, value)) => CheckResult::warn(
            &format!("ASCII alone, by {name}={value}"),
            "set LC_ALL=C.UTF-8 if this terminal shows UTF-8",
        ),
        None => CheckResult::warn(
            "ASCII alone, as no locale is set",
            "set LANG=C.UTF-8 if this terminal shows UTF-8",
        ),
    }
}

/// What stands between us and the terminal, and what it holds back: copying is OSC 52, being told is OSC 9.
pub(super) fn multiplexer(terminal: &Terminal) -> CheckResult {
    match terminal.multiplexer {
        Multiplexer::Tmux => CheckResult::warn(
            "tmux: it takes copies (OSC 52) and notices (OSC 9) only if it is told to",
            "in ~/.tmux.conf: `set -g set-clipboard on` and `set -g allow-passthrough on`",
        )
        .with("inside", "tmux"),
        Multiplexer::Screen => CheckResult::warn(
            "screen: it cuts what is copied (OSC 52) at 768 bytes and drops notices (OSC 9) it does not know",
            "copy little, or use tmux; the bell works",
        )
        .with("inside", "screen"),
        Multiplexer::None => CheckResult::ok("neither tmux nor screen"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    fn terminal(variables: &[(&str, &str)]) -> Terminal {
        Terminal::of(&variables.iter().copied().collect())
    }

    #[test]
    fn a_terminal_is_large_enough_or_says_what_to_do() {
        let xterm = terminal(&[("TERM", "xterm")]);
        for (given, state) in [
            (Some((80, 24)), State::Ok),
            (Some((79, 24)), State::Warn),
            (Some((80, 23)), State::Warn),
            (Some((0, 0)), State::Warn),
            (None, State::Skipped),
        ] {
            assert_eq!(size(given, &xterm).state, state, "{given:?}");
        }
        assert_eq!(
            size(Some((80, 24)), &terminal(&[("TERM", "dumb")])).state,
            State::Warn
        );
    }

    #[test]
    fn the_checks_describe_the_terminal_that_the_dashboard_uses() {
        for (variables, words) in [
            (&[("COLORTERM", "truecolor")][..], "24 bits (COLORTERM)"),
            (&[("TERM", "xterm-direct")], "24 bits (TERM)"),
            (&[("TERM", "screen-256color")], "256 (TERM)"),
            (&[("TERM", "linux")], "16"),
            (&[], "16"),
            (&[("TERM", "dumb")], "none"),
            (&[("TERM", "xterm"), ("NO_COLOR", "1")], "NO_COLOR"),
        ] {
            let found = colours(&terminal(variables));
            assert!(found.what.as_str().contains(words), "{variables:?}");
        }
        for (variables, state) in [
            (&[("LANG", "en_GB.UTF-8")][..], State::Ok),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")], State::Warn),
            (&[], State::Warn),
        ] {
            assert_eq!(letters(&terminal(variables)).state, state, "{variables:?}");
        }
        for (name, value, state) in [
            ("TMUX", "1", State::Warn),
            ("TERM", "tmux-256color", State::Warn),
            ("STY", "1", State::Warn),
            ("TERM", "screen", State::Warn),
            ("X", "1", State::Ok),
        ] {
            let found = multiplexer(&terminal(&[(name, value)]));
            assert_eq!(found.state, state, "{name}={value}");
        }
    }
}
