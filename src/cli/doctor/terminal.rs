//! The terminal, as far as its size and the environment say. It is never asked: an answer may not come, or come late.

use super::check::CheckResult;
use crate::settings::Environment;

/// The smallest that shows everything.
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;

/// The size, in columns and rows; none where no handle leads to a terminal.
pub(super) fn size(size: Option<(u16, u16)>, environment: &Environment) -> CheckResult {
    let Some((columns, rows)) = size else {
        return CheckResult::skipped("there is none here; the verbs need none");
    };
    let found = if environment.get("TERM") == Some("dumb") {
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
            environment.get("TERM").unwrap_or("unset")
        ))
    };
    found.with("columns", columns).with("rows", rows)
}

/// Colours.
pub(super) fn colours(environment: &Environment) -> CheckResult {
    if environment.get("NO_COLOR").is_some() {
        return CheckResult::ok("none, as NO_COLOR asks; nothing is said by colour alone");
    }
    let term = environment.get("TERM").unwrap_or_default();
    match environment.get("COLORTERM") {
        Some("truecolor" | "24bit") => CheckResult::ok("24 bits (COLORTERM)"),
        _ if term.contains("256color") => CheckResult::ok("256 (TERM)"),
        _ if term.is_empty() || term == "dumb" => CheckResult::ok("none; nothing is said by colour alone"),
        _ => CheckResult::ok("16, which are enough"),
    }
}

/// Whether letters beyond ASCII may be shown.
pub(super) fn letters(environment: &Environment) -> CheckResult {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| Some((name, environment.get(name)?)));
    let is_utf8 = |value: &str| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    };
    match named {
        Some((name, value)) if is_utf8(value) => CheckResult::ok(&format!("UTF-8 ({name}={value})")),
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
pub(super) fn multiplexer(environment: &Environment) -> CheckResult {
    let is_screen = environment.get("STY").is_some();
    if environment.get("TMUX").is_some() {
        CheckResult::warn(
            "tmux: it takes copies (OSC 52) and notices (OSC 9) only if it is told to",
            "in ~/.tmux.conf: `set -g set-clipboard on` and `set -g allow-passthrough on`",
        )
        .with("inside", "tmux")
    } else if is_screen {
        CheckResult::warn(
            "screen: it cuts what is copied (OSC 52) at 768 bytes and drops notices (OSC 9) it does not know",
            "copy little, or use tmux; the bell works",
        )
        .with("inside", "screen")
    } else {
        CheckResult::ok("neither tmux nor screen")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
    }

    #[test]
    fn a_terminal_is_large_enough_or_says_what_to_do() {
        let xterm = environment(&[("TERM", "xterm")]);
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
            size(Some((80, 24)), &environment(&[("TERM", "dumb")])).state,
            State::Warn
        );
    }

    #[test]
    fn the_environment_says_what_can_be_shown() {
        for (variables, words) in [
            (&[("COLORTERM", "truecolor")][..], "24 bits"),
            (&[("TERM", "screen-256color")], "256"),
            (&[("TERM", "linux")], "16"),
            (&[("TERM", "dumb")], "none"),
            (&[("TERM", "xterm"), ("NO_COLOR", "1")], "NO_COLOR"),
        ] {
            assert!(
                colours(&environment(variables)).what.as_str().contains(words),
                "{variables:?}"
            );
        }
        for (variables, state) in [
            (&[("LANG", "en_GB.UTF-8")][..], State::Ok),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")], State::Warn),
            (&[], State::Warn),
        ] {
            assert_eq!(letters(&environment(variables)).state, state, "{variables:?}");
        }
        for (name, state) in [("TMUX", State::Warn), ("STY", State::Warn), ("X", State::Ok)] {
            assert_eq!(multiplexer(&environment(&[(name, "1")])).state, state, "{name}");
        }
    }
}
