//! The lines of a report for a reader: when, and one calm sentence.

use jiff::tz::TimeZone;

use crate::{
    domain::{
        confirmation::Address,
        fact::Via,
        status::Status,
        text::SafeText,
        verdict::{Evidence, Verdict},
    },
    presentation::{
        Event, Final, Line, ending,
        moment::{day_and_time, span},
        phrase::{listed, mailed},
    },
};

impl Line {
    /// What happened, in a sentence; its times of day in `zone`.
    pub(crate) fn sentence(&self, zone: &TimeZone) -> String {
        let operation = self
            .about
            .operation
            .as_ref()
            .map_or("not known", |name| name.as_str());
        match &self.event {
            Event::Joined {
                by,
                since,
                standing,
                not_mailed,
            } => {
                let unmailed = not_mailed.iter().map(Address::as_str);
                let since = day_and_time(Some(*since), zone);
                let standing = standing.map_or("", |verdict| ending::label(verdict, true));
                format!("joined the cancel that {by} asked for, {since}")
                    + &unless_empty("; its verdict so far: ", standing)
                    + &unless_empty("; it does not mail ", &listed(unmailed))
            }
            Event::Looked {
                state,
                cancel_state,
                others_active,
                presumed_ended,
            } => {
                let others = match self.about.operation {
                    Some(_) => "; also active: ",
                    None => ": ",
                };
                let unseen = if self.about.operation.is_some() {
                    "not to be seen"
                } else if others_active.is_empty() {
                    "nothing is active"
                } else {
                    "several are active"
                };
                let state = state.as_ref().map_or(unseen, |state| state.word().as_str());
                let says = cancel_state.as_ref().map_or("", |says| says.as_str());
                format!("looked: {state}")
                    + &unless_empty(", ", says)
                    + &unless_empty(others, &listed(others_active))
                    + &unless_empty("; older, presumed ended: ", &listed(presumed_ended))
            }
            Event::Sending { attempt: 1 } => "sending the cancel".to_owned(),
            Event::Sending { attempt } => format!("sending the cancel, attempt {attempt}"),
            Event::Answered { .. } => self.answered(),
            Event::Observed { state, via } => read(state, *via),
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
                let step = step.as_ref().map_or("", |step| step.as_str());
                format!("would cancel {course} ({operation}), {}", state.word())
                    + &unless_empty(", at ", step)
                    + &format!("; would mail {}", mailed(notify))
            }
            Event::Error { error } => format!("error: {error}"),
            Event::Verdict(verdict) => verdict.sentence(),
        }
    }

    fn answered(&self) -> String {
        let Event::Answered {
            http_status,
            location,
            not_called,
            correlation_id,
            error,
            meaning,
            ..
        } = &self.event
        else {
            return String::new();
        };
        let text = |text: &Option<_>| text.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("answered {http_status}, {meaning}")
            + &unless_empty(": ", &text(error))
            + &unless_empty("; location ", &text(location))
            + &unless_empty(", not called: ", not_called.unwrap_or_default())
            + &unless_empty("; correlation ", &text(correlation_id))
    }
}

impl Final {
    fn sentence(&self) -> String {
        let state = self
            .target_state
            .as_ref()
            .map_or("", |state| state.word().as_str());
        let what = match (self.verdict, self.evidence) {
            (Verdict::Canceled, Some(Evidence::Answer)) => {
                "canceled: the service took it on, and its state could not be read".to_owned()
            }
            (Verdict::Canceled, Some(Evidence::OfferStatus)) => {
                "canceled: only the state of the offer could be read".to_owned()
            }
            (Verdict::Canceled, Some(Evidence::Observed)) => "canceled: its own state was read".to_owned(),
            (Verdict::Canceled, Some(Evidence::Absent)) => "canceled: it is there no more".to_owned(),
            (Verdict::Canceled, None) => "canceled".to_owned(),
            (Verdict::FinishedFirst, _) => {
                "finished first; it ended by itself".to_owned() + &unless_empty(": ", state)
            }
            (Verdict::Refused, _) => "refused: the service would not, and it still runs".to_owned(),
            (Verdict::Unknown, _) => {
                "unknown: it was sent, and nothing tells whether it was carried out".to_owned()
            }
            (Verdict::Pending, _) => {
                "pending: accepted, and still cancelling when we stopped looking".to_owned()
            }
            // The reason is told as the error.
            (Verdict::NothingRunning | Verdict::Superseded, _) => {
                let phrase = ending::label(self.verdict, self.went_out);
                format!("{phrase}: {}", ending::fate(self.went_out))
            }
            (Verdict::NotSent, _) => ending::label(self.verdict, self.went_out).to_owned(),
        };
        what + &self.effort() + &unless_empty("; also canceled: ", &listed(&self.also_canceled))
    }

    /// How long it took, where something was sent.
    fn effort(&self) -> String {
        match self.elapsed_ms {
            Some(elapsed) if self.polls > 0 => {
                let elapsed = span(std::time::Duration::from_millis(elapsed));
                let looks = if self.polls == 1 { "look" } else { "looks" };
                format!("; {elapsed}, {} {looks}", self.polls)
            }
            _ => String::new(),
        }
    }
}

/// What a look read: a state is the service's own word, and seldom one that follows an "is".
fn read(state: &Status, via: Via) -> String {
    let word = state.word();
    match via {
        Via::Operation | Via::Submissions if state.is_active() => format!("the operation reads {word}"),
        Via::Operation | Via::Submissions => format!("the operation has ended: {word}"),
        Via::OfferStatus => format!("the offer says {word}"),
        Via::Location => format!("the location says {word}"),
        Via::Absence => "the operation is there no more".to_owned(),
    }
}

fn unless_empty(before: &str, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{before}{text}")
    }
}
