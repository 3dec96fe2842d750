//! The sheet that the findings are entered on: a line as each check ends, or one JSON object at the end.

use serde::Serialize;
use serde_json::json;

use super::finding::{Finding, State};
use crate::{cli::Io, domain::verdict::Exit};

/// The widest name of a check, and the widest word of a state, with the blanks behind them.
const NAME: usize = 13;
const STATE: usize = 6;

/// What was found so far.
pub(super) struct Sheet<'a, 'io> {
    io: &'a mut Io<'io>,
    is_json: bool,
    entries: Vec<Entry>,
    /// Nobody reads what is written any more.
    is_unread: bool,
    exit: Exit,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    #[serde(flatten)]
    finding: Finding,
}

impl<'a, 'io> Sheet<'a, 'io> {
    pub(super) fn new(is_json: bool, io: &'a mut Io<'io>) -> Self {
        Self {
            io,
            is_json,
            entries: Vec::new(),
            is_unread: false,
            exit: Exit::Done,
        }
    }

    /// Enters what the check `name` found; whether what stands on it can be checked.
    pub(super) fn enter(&mut self, name: &'static str, finding: Finding) -> bool {
        let holds = finding.holds();
        self.exit = self.exit.max(finding.exit);
        if !self.is_json && !self.is_unread {
            self.write(&lines(name, &finding));
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
        if !self.is_unread {
            self.write(&end);
        }
        self.exit
    }

    fn write(&mut self, text: &str) {
        use crate::cli::io::Gone;
        match self.io.write(text) {
            Ok(()) => {}
            Err(gone) => {
                self.is_unread = true;
                if gone == Gone::Lost {
                    self.exit = self.exit.max(Exit::Failure);
                }
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

/// The line of a finding, and what to do below it.
fn lines(name: &str, finding: &Finding) -> String {
    let mut lines = format!("{:STATE$}{name:NAME$}{}\n", finding.state.word(), finding.what);
    if let Some(advice) = &finding.advice {
        let indent = STATE + NAME;
        lines.push_str(&format!("{:indent$}-> {advice}\n", ""));
    }
    lines
}
