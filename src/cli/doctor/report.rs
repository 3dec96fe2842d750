//! The sheet that the findings are entered on: a line as each check ends, or one JSON object at the end.

use serde::Serialize;
use serde_json::json;

use super::{
    check::{CheckResult, State},
    lines::lines,
};
use crate::{
    cli::io::{Gone, Io},
    domain::verdict::Exit,
};

/// What was found so far.
pub(super) struct DoctorReport<'a, 'io> {
    io: &'a mut Io<'io>,
    is_json: bool,
    width: Option<usize>,
    entries: Vec<Entry>,
    /// Nobody reads what is written any more.
    is_unread: bool,
    exit: Exit,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    #[serde(flatten)]
    finding: CheckResult,
}

impl<'a, 'io> DoctorReport<'a, 'io> {
    /// Lines are broken to fit into `width`, where there is one.
    pub(super) fn new(is_json: bool, width: Option<usize>, io: &'a mut Io<'io>) -> Self {
        Self {
            io,
            is_json,
            width,
            entries: Vec::new(),
            is_unread: false,
            exit: Exit::Done,
        }
    }

    /// Enters what the check `name` found; whether what stands on it can be checked.
    pub(super) fn enter(&mut self, name: &'static str, finding: CheckResult) -> bool {
        let holds = finding.holds();
        self.exit = self.exit.max(finding.exit);
        if !self.is_json {
            self.write(&lines(name, &finding, self.width));
        }
        self.entries.push(Entry { name, finding });
        holds
    }

    /// Writes the end, and returns how the program ends.
    pub(super) fn close(mut self) -> Exit {
        let end = if self.is_json {
            let ok = !self
                .entries
                .iter()
                .any(|entry| entry.finding.state == State::Fail);
            format!("{}\n", json!({ "checks": self.entries, "ok": ok }))
        } else {
            self.summary()
        };
        self.write(&end);
        self.exit
    }

    fn write(&mut self, text: &str) {
        if self.is_unread {
            return;
        }
        if let Err(gone) = self.io.write(text) {
            self.is_unread = true;
            if gone == Gone::Lost {
                self.exit = self.exit.max(Exit::Failure);
            }
        }
    }

    fn summary(&self) -> String {
        let count = |state| {
            self.entries
                .iter()
                .filter(|entry| entry.finding.state == state)
                .count()
        };
        match (count(State::Fail), count(State::Warn)) {
            (0, 0) => "all is well\n".to_owned(),
            (0, 1) => "it works; 1 thing to know\n".to_owned(),
            (0, warnings) => format!("it works; {warnings} things to know\n"),
            (1, _) => "1 check failed\n".to_owned(),
            (failed, _) => format!("{failed} checks failed\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::cli::io::tests::{Broken, text};

    fn filled(is_json: bool, out: &mut dyn std::io::Write) -> Exit {
        let mut io = Io {
            out,
            err: &mut Vec::new(),
            ask: None,
            zone: TimeZone::UTC,
        };
        let mut sheet = DoctorReport::new(is_json, None, &mut io);
        assert!(sheet.enter("folder", CheckResult::ok("fine").with("mode", "0700")));
        assert!(sheet.enter("letters", CheckResult::warn("ASCII\u{1b}", "set LANG")));
        assert!(!sheet.enter("tls", CheckResult::fail("bad", "mend it")));
        assert!(!sheet.enter("sign_in", CheckResult::fail("none", "").ending(Exit::SignIn)));
        assert!(!sheet.enter("request", CheckResult::skipped("no token")));
        sheet.close()
    }

    #[test]
    fn a_person_reads_lines_and_the_gravest_counts() {
        let mut out = Vec::new();
        assert_eq!(filled(false, &mut out), Exit::SignIn);
        let expected = "\
ok    folder       fine
warn  letters      ASCII^[
                   -> set LANG
fail  tls          bad
                   -> mend it
fail  sign_in      none
skip  request      no token
2 checks failed
";
        assert_eq!(text(&out), expected);
    }

    #[test]
    fn a_script_reads_one_object() {
        let mut out = Vec::new();
        filled(true, &mut out);
        let sheet: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(sheet["ok"], false);
        let first = json!({ "name": "folder", "state": "ok", "what": "fine", "mode": "0700" });
        assert_eq!(sheet["checks"][0], first);
        assert_eq!(sheet["checks"].as_array().unwrap().len(), 5);
    }

    #[test]
    fn a_reader_that_has_gone_away_ends_nothing_early() {
        assert_eq!(filled(false, &mut Broken(ErrorKind::BrokenPipe)), Exit::SignIn);
    }
}
