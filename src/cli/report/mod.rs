//! Tells of one cancellation as it goes: every fact once, what hinders, and exactly one verdict.
//!
//! Knows how things are worded, in JSON and for a reader; it must not know how they come about.

mod event;
mod fact;
mod text;
mod verdict;

use jiff::Timestamp;

pub(crate) use event::{About, Event, Line};
pub(crate) use fact::looked;
pub(crate) use verdict::{Final, standing};

use crate::{
    cli::Io,
    domain::{confirmation::Address, text::SafeText, verdict::Exit},
    engine::{Tracked, ports::Clock},
};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Calm lines with a time of day.
    Text,
    /// One JSON object a line.
    Json,
}

/// What has been told of one cancellation so far.
pub(crate) struct Report<'a, 'io> {
    io: &'a mut Io<'io>,
    form: Form,
    clock: &'a dyn Clock,
    /// Whom this request wanted to be mailed; a joined cancellation mails its own.
    notify: &'a [Address],
    /// How many facts have been told.
    place: usize,
    note: Option<SafeText>,
    told_joined: bool,
    gone: bool,
}

impl<'a, 'io> Report<'a, 'io> {
    /// Nothing has been told yet.
    pub(crate) fn new(io: &'a mut Io<'io>, form: Form, clock: &'a dyn Clock, notify: &'a [Address]) -> Self {
        Self {
            io,
            form,
            clock,
            notify,
            place: 0,
            note: None,
            told_joined: false,
            gone: false,
        }
    }

    /// The handles, for what is no part of the report.
    pub(crate) fn io(&mut self) -> &mut Io<'io> {
        self.io
    }

    /// The wall time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the reader has gone away, so that nothing more is written.
    pub(crate) fn is_unread(&self) -> bool {
        self.gone
    }

    /// Tells what is new in `tracked`. The verdict is not among it: [`Report::close`] tells that.
    pub(crate) fn tell(&mut self, tracked: &Tracked) {
        let cancellation = &tracked.cancellation;
        if tracked.joined && !std::mem::replace(&mut self.told_joined, true) {
            let joined = fact::joined(cancellation, self.notify);
            self.say(&joined.about(About::cancellation(cancellation, self.now())));
        }
        for recorded in cancellation.facts.iter().skip(self.place) {
            if let Some(line) = fact::line(cancellation, recorded) {
                self.say(&line);
            }
        }
        self.place = self.place.max(cancellation.facts.len());
        if tracked.is_in_progress() && tracked.note != self.note {
            self.note.clone_from(&tracked.note);
            let note = self.note.clone();
            let about = About::cancellation(cancellation, self.now());
            self.say(&Event::Note { note }.about(about));
        }
    }

    /// Writes one line, unless the reader has gone.
    pub(crate) fn say(&mut self, line: &Line) {
        if self.gone {
            return;
        }
        let text = match self.form {
            Form::Json => line.json(),
            Form::Text => line.text(&self.io.zone),
        };
        self.gone = self.io.write(&text).is_err();
    }

    /// Tells an error: as text to a person, and to a script as a line as well.
    fn fail(&mut self, error: SafeText, about: About) {
        if !self.gone {
            self.io.complain(error.as_str());
        }
        if self.form == Form::Json {
            self.say(&Event::Error { error }.about(about));
        }
    }

    /// Ends the report with its verdict; what went wrong is told as an error as well.
    pub(crate) fn close(&mut self, verdict: Final, about: About, exit: Exit) -> Exit {
        if let Some(error) = verdict.error.clone().filter(|_| exit != Exit::Done) {
            self.fail(error, about.clone());
        }
        self.say(&Event::Verdict(Box::new(verdict)).about(about));
        exit
    }
}

#[cfg(test)]
pub(crate) mod tests;
