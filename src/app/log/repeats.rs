//! What is said again and again is written once, and then how often.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// For so long what was written is not written again.
const WINDOW: Duration = Duration::from_mins(1);
/// How many different things are known to have been written. Several that fail at once say it in turns.
const KNOWN: usize = 64;

/// What was written lately.
#[derive(Default)]
pub(super) struct Repeats(VecDeque<Said>);

struct Said {
    what: String,
    until: Instant,
    again: u32,
    /// When it was said again last, as the log writes it.
    last: String,
}

impl Said {
    fn told(self) -> Option<String> {
        let Self {
            what, again, last, ..
        } = self;
        (again > 0).then(|| format!("{last} {what} (repeated {again} times)\n"))
    }
}

impl Repeats {
    /// Takes a line, which begins with a time, and returns the lines that are to be written.
    pub(super) fn hear(&mut self, line: String, now: Instant) -> Vec<String> {
        let mut told = self.over(now);
        let (time, what) = line.split_once(' ').unwrap_or(("", &line));
        let what = what.trim_end_matches('\n');
        if let Some(said) = self.0.iter_mut().find(|said| said.what == what) {
            said.again = said.again.saturating_add(1);
            time.clone_into(&mut said.last);
            return told;
        }
        if self.0.len() == KNOWN {
            told.extend(self.0.pop_front().and_then(Said::told));
        }
        self.0.push_back(Said {
            what: what.to_owned(),
            until: now + WINDOW,
            again: 0,
            last: String::new(),
        });
        told.push(line);
        told
    }

    /// How often what is not known any more was said, to be written.
    pub(super) fn over(&mut self, now: Instant) -> Vec<String> {
        let over = self.0.iter().take_while(|said| said.until <= now).count();
        self.0.drain(..over).filter_map(Said::told).collect()
    }

    /// The same of everything.
    pub(super) fn end(&mut self) -> Vec<String> {
        self.0.drain(..).filter_map(Said::told).collect()
    }

    /// When there is something to be written if nothing else is said.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().find(|said| said.again > 0).map(|said| said.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_written_once_a_minute_with_how_often() {
        let mut repeats = Repeats::default();
        let start = Instant::now();
        let mut written = Vec::new();
        for second in 0..150 {
            let now = start + Duration::from_secs(second);
            for offer in ["a", "b"] {
                written.extend(repeats.hear(format!("{second:03}  WARN fails offer={offer}\n"), now));
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
    fn more_than_is_known_is_written_and_nothing_is_lost_of_how_often() {
        let mut repeats = Repeats::default();
        let now = Instant::now();
        assert!(repeats.over(now).is_empty());
        repeats.hear("1 first\n".into(), now);
        assert!(repeats.hear("2 first\n".into(), now).is_empty());
        let written: Vec<_> = (0..KNOWN)
            .flat_map(|number| repeats.hear(format!("3 other {number}\n"), now))
            .collect();
        assert_eq!(written.len(), KNOWN + 1);
        assert_eq!(written[KNOWN - 1], "2 first (repeated 1 times)\n");
    }
}
