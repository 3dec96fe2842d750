//! The lines of a report for a reader: one calm sentence each.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::{
    domain::{
        confirmation::Address,
        text::SafeText,
        verdict::{Ending, Verdict},
    },
    presentation::{Event, Final, Line, ending, moment, phrase},
};

impl Line {
    /// What happened, in a sentence; its times of day in `zone`.
    pub(crate) fn sentence(&self, zone: &TimeZone) -> String {
        match &self.event {
            Event::Joined {
                by,
                since,
                standing,
                not_mailed,
            } => {
                let left_out = not_mailed.iter().map(Address::as_str);
                let since = moment::day_and_time(Some(*since), zone);
                let standing = standing.map_or("", |verdict| ending::label(verdict, true));
                format!("joined the cancel that {by} confirmed, {since}")
                    + &unless_empty("; its verdict so far: ", standing)
                    + &unless_empty("; it does not notify ", &phrase::listed(left_out))
            }
            Event::Fact(line) => format!("{}{}", line.text, line.details),
            Event::Note { note: Some(note), .. } => format!("note: {note}"),
            Event::Note { note: None, passed } => {
                // What was to be done about it is of no use any more.
                let what = passed.as_ref().map_or("", SafeText::as_str);
                let what = what.split_once("; ").map_or(what, |(what, _)| what);
                "note: it has passed".to_owned() + &unless_empty(": ", what)
            }
            Event::WouldCancel {
                state,
                step,
                notify,
                course,
                ..
            } => {
                let operation = self.about.operation.as_ref();
                let operation = operation.map_or("not known", SafeText::as_str);
                let step = step.as_ref().map_or("", SafeText::as_str);
                format!("would cancel {course} ({operation}), {}", state.word())
                    + &unless_empty(", at ", step)
                    + &format!("; would notify {}", phrase::notified(notify))
            }
            Event::Error { error } => format!("error: {error}"),
            Event::Verdict(verdict) => verdict.sentence(),
        }
    }
}

impl Final {
    /// The reason is told as the error.
    fn sentence(&self) -> String {
        let ending = Ending {
            evidence: self.evidence,
            target_state: self.target_state.clone(),
            ..Ending::new(self.verdict)
        };
        let took = self
            .elapsed_ms
            .map(Duration::from_millis)
            .filter(|_| self.polls > 0);
        let looks = match (took, self.polls) {
            (None, _) => String::new(),
            (Some(_), 1) if self.verdict == Verdict::Canceled => "; 1 look".to_owned(),
            (Some(_), looks) if self.verdict == Verdict::Canceled => format!("; {looks} looks"),
            (Some(took), 1) => format!("; {}, 1 look", moment::count(took)),
            (Some(took), looks) => format!("; {}, {looks} looks", moment::count(took)),
        };
        ending::sentence(&ending, self.went_out, took)
            + &looks
            + &unless_empty("; also canceled: ", &phrase::listed(&self.also_canceled))
    }
}

fn unless_empty(before: &str, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{before}{text}")
    }
}
