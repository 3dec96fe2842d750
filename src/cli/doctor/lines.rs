//! The lines of a finding: what was found, and below it what to do, within the width of a terminal.

use unicode_width::UnicodeWidthStr as _;

use super::check::CheckResult;

/// The widest name of a check, and the widest word of a state, with the blanks behind them.
const NAME: usize = 13;
const STATE: usize = 6;
/// Narrower than this, a text is left to the terminal to break.
const NARROWEST: usize = 20;

/// The lines of `check`, each with its end; without a `width` none is broken, so that a script finds it whole.
pub(super) fn lines(name: &str, finding: &CheckResult, width: Option<usize>) -> String {
    let head = format!("{:STATE$}{name:NAME$}", finding.state.word());
    let first = hanging(&head, finding.what.as_str(), width);
    match &finding.advice {
        Some(advice) => {
            let head = format!("{:1$}-> ", "", STATE + NAME);
            first + &hanging(&head, advice.as_str(), width)
        }
        None => first,
    }
}

/// `text` behind `head`, its further lines as far in as its first.
fn hanging(head: &str, text: &str, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(head.len()));
    if room < NARROWEST {
        return format!("{head}{text}\n");
    }
    let mut lines = head.to_owned();
    let mut taken = 0;
    for word in text.split(' ') {
        let needed = word.width() + usize::from(taken > 0);
        if taken > 0 && taken + needed > room {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', head.len()));
            taken = 0;
        }
        if taken > 0 {
            lines.push(' ');
            taken += 1;
        }
        lines.push_str(word);
        taken += word.width();
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_finding_hangs_under_its_beginning() {
        let finding = CheckResult::fail(
            "the name service.test cannot be resolved",
            "check the network and the base URL",
        );
        let expected = "\
fail  names        the name service.test
                   cannot be resolved
                   -> check the network and
                      the base URL
";
        assert_eq!(lines("names", &finding, Some(45)), expected);
        let whole = lines("names", &finding, None);
        assert_eq!(whole.lines().count(), 2);
        assert_eq!(
            lines("names", &finding, Some(10)),
            whole,
            "too narrow to be broken well"
        );
    }

    #[test]
    fn a_word_that_is_too_long_stays_whole() {
        let long = "x".repeat(100);
        let told = lines("folder", &CheckResult::ok(&format!("a {long} b")), Some(60));
        assert_eq!(told.lines().count(), 3, "{told}");
        assert!(told.contains(&long));
    }
}
