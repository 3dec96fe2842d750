//! Tells of cancellations as they go: of each every fact once, what hinders, and exactly one verdict.
//!
//! Knows how things are worded, in JSON and for a reader; it must not know how they come about.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    cli::{Io, io::Gone},
    domain::{
        confirmation::Address,
        fact::{Fact, Recorded},
        ids::CancellationId,
        text::SafeText,
        verdict::Exit,
    },
    engine::{Tracked, ports::Clock},
    presentation::{About, Event, Final, Line, event, moment},
};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Calm lines with a time of day.
    Text,
    /// One JSON object a line.
    Json,
}

/// What has been told so far.
pub(crate) struct Report<'a, 'io> {
    io: &'a mut Io<'io>,
    form: Form,
    clock: &'a dyn Clock,
    /// Whom this request wanted to be mailed; a joined cancellation mails its own.
    notify: &'a [Address],
    told: BTreeMap<CancellationId, Told>,
    /// How each line for a reader says which cancellation it is about.
    label: Label,
    gone: Option<Gone>,
    /// What is older was recorded before we came.
    since: Timestamp,
}

/// How a line for a reader says what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    /// It goes without saying.
    None,
    /// By offer and cancellation.
    Full,
    /// By offer alone, as in a conversation; what was recorded before we came is not told then.
    Offer,
}

/// What has been told of one cancellation so far.
#[derive(Default)]
struct Told {
    /// How many facts.
    place: usize,
    note: Option<SafeText>,
    joined: bool,
}

impl<'a, 'io> Report<'a, 'io> {
    /// Nothing has been told yet.
    pub(crate) fn new(io: &'a mut Io<'io>, form: Form, clock: &'a dyn Clock, notify: &'a [Address]) -> Self {
        Self {
            io,
            form,
            clock,
            notify,
            told: BTreeMap::new(),
            label: Label::None,
            gone: None,
            since: clock.now(),
        }
    }

    /// The same, with every line for a reader saying which cancellation it is about.
    pub(crate) fn labelled(self) -> Self {
        Self {
            label: Label::Full,
            ..self
        }
    }

    /// The same for a person who sits by: every line names the offer, and tells no more than is news to them.
    pub(crate) fn conversing(self) -> Self {
        Self {
            label: Label::Offer,
            ..self
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
        self.gone.is_some()
    }

    /// Tells what is new in `tracked`; what was recorded before we came is told first, with the times it has. The
    /// verdict is not among it: [`Report::close`] tells that.
    pub(crate) fn tell(&mut self, tracked: &Tracked) {
        for line in self.news(tracked) {
            self.say(&line);
        }
    }

    fn news(&mut self, tracked: &Tracked) -> Vec<Line> {
        let cancellation = &tracked.cancellation;
        let now = About::cancellation(cancellation, self.now());
        let told = self.told.entry(cancellation.id.clone()).or_default();
        let mut news = Vec::new();
        let is_brief = self.label == Label::Offer;
        let was_begun_elsewhere = tracked.joined || tracked.resumed;
        if was_begun_elsewhere && !std::mem::replace(&mut told.joined, true) {
            news.push(event::joined(cancellation, self.notify).about(now.clone()));
            if is_brief {
                told.place = cancellation.facts.len();
            }
        }
        // What stands for the time being is told while it is read on; what stands at the end has a line of its own.
        let is_news =
            |recorded: &&Recorded| tracked.is_watched() || !matches!(recorded.fact, Fact::Settled(_));
        let facts = cancellation.facts.iter().skip(told.place).filter(is_news);
        let lines = facts.filter_map(|recorded| event::line(cancellation, recorded));
        if is_brief {
            news.extend(lines.filter_map(Line::brief));
        } else {
            news.extend(lines);
        }
        told.place = told.place.max(cancellation.facts.len());
        // A verdict takes away what hindered before it; only what hinders anew is told beside it.
        let is_handed_on = tracked.successor.is_some();
        let hinders =
            tracked.is_in_progress() || is_handed_on || tracked.is_watched() && tracked.note.is_some();
        let note = tracked
            .note
            .as_ref()
            .filter(|note| !event::tells(cancellation, note));
        if hinders && note != told.note.as_ref() {
            let passed = std::mem::replace(&mut told.note, note.cloned());
            let note = told.note.clone();
            news.push(Event::Note { note, passed }.about(now));
        }
        news
    }

    /// Writes one line, unless the reader has gone.
    pub(crate) fn say(&mut self, line: &Line) {
        let text = match self.form {
            Form::Json => line.json(),
            Form::Text => self.for_a_reader(line),
        };
        self.write(&text);
    }

    /// Writes `text`, which ends its own lines, unless the reader has gone.
    pub(crate) fn write(&mut self, text: &str) {
        if !self.is_unread() {
            self.gone = self.io.write(text).err();
        }
    }

    fn for_a_reader(&self, line: &Line) -> String {
        let (zone, about) = (&self.io.zone, &line.about);
        let when = moment::logged(about.at, self.now(), zone);
        let label = match (self.label, &about.offer, &about.cancellation) {
            (Label::Full, Some(offer), Some(id)) => format!("{offer} {id}  "),
            (Label::Offer, Some(offer), _) => format!("{offer}: "),
            _ => String::new(),
        };
        let is_replayed = about.at < self.since && !matches!(line.event, Event::Verdict(_));
        let recorded = if is_replayed { "recorded: " } else { "" };
        format!("{when}  {label}{recorded}{}\n", line.sentence(zone))
    }

    /// Tells an error: as text to a person, and to a script as a line as well.
    pub(crate) fn fail(&mut self, error: SafeText, about: About) {
        if !self.is_unread() {
            self.io.complain(error.as_str());
        }
        if self.form == Form::Json {
            self.say(&Event::Error { error }.about(about));
        }
    }

    /// Ends the telling of one cancellation with its verdict; what went wrong is told as an error as well, and of what
    /// stays open how to come back to it.
    pub(crate) fn close(&mut self, verdict: Final, about: About, exit: Exit) -> Exit {
        let open = about.cancellation.clone().filter(|_| verdict.is_open);
        if let Some(error) = verdict.error.clone().filter(|_| exit != Exit::Done) {
            self.fail(error, about.clone());
        }
        self.say(&Event::Verdict(Box::new(verdict)).about(about));
        if let Some(id) = open.filter(|_| !self.is_unread()) {
            self.io.complain(&format!(
                "it stays open; `countermand follow {id}` goes on with it"
            ));
        }
        self.ended(exit)
    }

    /// How a program ends that has told all and would end with `exit`.
    pub(crate) fn ended(&self, exit: Exit) -> Exit {
        match (self.gone, exit) {
            (Some(Gone::Lost), Exit::Done) => Exit::Failure,
            _ => exit,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
