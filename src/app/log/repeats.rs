//! Folding of repeated lines: written once, and then their count.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// Time for which a written line is not repeated.
const WINDOW: Duration = Duration::from_mins(1);
/// Number of distinct lines remembered. Several simultaneous failures alternate.
const KNOWN: usize = 64;

/// A recently written line.
#[derive(Default)]
pub(super) struct Repeats(VecDeque<Said>);

struct Said {
    what: String,
    until: Instant,
    again: u32,
    /// Time of the last repetition, as the log writes it.
    last: String,
}

impl Said {
    fn summary(self) -> Option<String> {
        let Self {
            what, again, last, ..
        } = self;
        (again > 0).then(|| format!("{last} {what} (repeated {again} times)\n"))
    }
}

impl Repeats {
    /// Takes a line, which begins with a time, and returns the lines to write.
    pub(super) fn fold(&mut self, line: String, now: Instant) -> Vec<String> {
        let mut lines = self.over(now);
        let (time, what) = line.split_once(' ').unwrap_or(("", &line));
        let what = what.trim_end_matches('\n');
        if let Some(entry) = self.0.iter_mut().find(|entry| entry.what == what) {
            entry.again = entry.again.saturating_add(1);
            time.clone_into(&mut entry.last);
            return lines;
        }
        if self.0.len() == KNOWN {
            lines.extend(self.0.pop_front().and_then(Said::summary));
        }
        self.0.push_back(Said {
            what: what.to_owned(),
            until: now + WINDOW,
            again: 0,
            last: String::new(),
        });
        lines.push(line);
        lines
    }

    /// Returns the counts of expired lines, to be written.
    pub(super) fn over(&mut self, now: Instant) -> Vec<String> {
        let over = self.0.iter().take_while(|entry| entry.until <= now).count();
        self.0.drain(..over).filter_map(Said::summary).collect()
    }

    /// Returns the counts of all lines.
    pub(super) fn end(&mut self) -> Vec<String> {
        self.0.drain(..).filter_map(Said::summary).collect()
    }

    /// Returns the time of the next count, if no more lines come.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0
            .iter()
            .find(|entry| entry.again > 0)
            .map(|entry| entry.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_line_is_written_once_a_minute_with_its_count() {
        let mut repeats = Repeats::default();
        let start = Instant::now();
        let mut written = Vec::new();
        for second in 0..150 {
            let now = start + Duration::from_secs(second);
            for offer in ["a", "b"] {
                written.extend(repeats.fold(format!("{second:03}  WARN fails offer={offer}\n"), now));
            }
        }
        assert_eq!(repeats.next(), Some(start + Duration::from_mins(3)));
        written.extend(repeats.end());
        assert_eq!(
            written.concat(),
            "000  WARN fails offer=a\n\
             000  WARN fails offer=b\n\
             059  WARN fails offer=a (repeated 59 times)\n\
             059  WARN fails offer=b (repeated 59 times)\n\
             060  WARN fails offer=a\n\
             060  WARN fails offer=b\n\
             119  WARN fails offer=a (repeated 59 times)\n\
             119  WARN fails offer=b (repeated 59 times)\n\
             120  WARN fails offer=a\n\
             120  WARN fails offer=b\n\
             149  WARN fails offer=a (repeated 29 times)\n\
             149  WARN fails offer=b (repeated 29 times)\n"
        );
        assert_eq!(repeats.next(), None);
    }

    #[test]
    fn lines_beyond_memory_are_written_with_full_counts() {
        let mut repeats = Repeats::default();
        let now = Instant::now();
        assert!(repeats.over(now).is_empty());
        repeats.fold("1 first\n".into(), now);
        assert!(repeats.fold("2 first\n".into(), now).is_empty());
        let written: Vec<_> = (0..KNOWN)
            .flat_map(|number| repeats.fold(format!("3 other {number}\n"), now))
            .collect();
        assert_eq!(written.len(), KNOWN + 1);
        assert_eq!(written[KNOWN - 1], "2 first (repeated 1 times)\n");
    }
}
