//! What the places that know of an operation said last, and when.
//!
//! There are two: the operation's own page, whose documented words have no *canceled*, and the list of submissions. Where
//! the service says that the list cannot be read, the state of the offer stands in for it.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::status::{Phase, Status},
    engine::failure::{Class, Failure},
};

/// How often in a row, and over how long, the service itself has to say that it cannot tell before that is believed.
const SILENCES: u32 = 3;
const SILENT_FOR: Duration = Duration::from_secs(10);

/// What one place says of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The state of the target.
    Says(Status),
    /// The service itself says that it knows of no such thing.
    Missing,
    /// The service itself says that this cannot be read: there is no such route, or it is not allowed.
    Closed,
}

/// A word, and the reading that brought it.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) word: Word,
    /// When the newest reading that brought it began.
    pub(super) began: Instant,
    /// When the first of those in a row that brought it was there.
    pub(super) since: Instant,
    /// How many in a row brought it, or another that tells nothing.
    times: u32,
    /// When the first of those in a row that told nothing was there.
    silent_since: Option<Instant>,
}

/// One place that is asked again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Witness {
    heard: Option<Heard>,
    /// Why it could not be asked the last time.
    failure: Option<Failure>,
    /// When the newest reading began that told a state.
    spoke: Option<Instant>,
    /// How often in a row the service itself failed to tell, and since when.
    broken: Option<(u32, Instant, Instant)>,
}

impl Witness {
    /// It was asked at `began`, and said `word`.
    pub(super) fn said(&mut self, word: Word, began: Instant, now: Instant) {
        self.failure = None;
        self.broken = None;
        let is_silent = !matches!(word, Word::Says(_));
        if !is_silent {
            self.spoke = Some(began);
        }
        let last = self.heard.take();
        let was_silent = last.as_ref().filter(|last| last.silent_since.is_some());
        let times = was_silent.filter(|_| is_silent).map_or(0, |last| last.times) + 1;
        let silent_since = was_silent.and_then(|last| last.silent_since).unwrap_or(now);
        let since = last
            .filter(|last| last.word == word)
            .map_or(now, |last| last.since);
        self.heard = Some(Heard {
            word,
            began,
            since,
            times,
            silent_since: is_silent.then_some(silent_since),
        });
    }

    /// It was asked at `began`, and nothing usable came.
    pub(super) fn failed(&mut self, failure: Failure, began: Instant, now: Instant) {
        self.broken = is_broken(&failure).then(|| {
            let (times, since, _) = self.broken.unwrap_or((0, now, began));
            (times + 1, since, began)
        });
        self.failure = Some(failure);
    }

    /// The newest word.
    pub(super) fn heard(&self) -> Option<&Heard> {
        self.heard.as_ref()
    }

    /// Why it could not be asked the last time.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The state it said last, whenever that was.
    pub(super) fn state(&self) -> Option<&Status> {
        match &self.heard.as_ref()?.word {
            Word::Says(state) => Some(state),
            Word::Missing | Word::Closed => None,
        }
    }

    /// The state it said last, if it has the phase that is looked for.
    pub(super) fn state_in(&self, is_it: impl Fn(Phase) -> bool) -> Option<&Status> {
        self.state().filter(|state| is_it(state.phase()))
    }

    /// What it said to a question that was put at `moment` or later.
    pub(super) fn heard_since(&self, moment: Instant) -> Option<&Word> {
        self.heard
            .as_ref()
            .filter(|heard| heard.began >= moment)
            .map(|heard| &heard.word)
    }

    /// Whether it said at `moment` or later that the target is active.
    pub(super) fn is_active_since(&self, moment: Instant) -> bool {
        matches!(self.heard_since(moment), Some(Word::Says(state)) if state.is_active())
    }

    /// Whether the service has said, at `moment` or later, that this place does not tell. Where it has told since, once is
    /// not enough.
    pub(super) fn is_silent_since(&self, moment: Instant) -> bool {
        let is_silent = matches!(self.heard_since(moment), Some(Word::Missing | Word::Closed));
        let has_told = self.spoke.is_some_and(|spoke| spoke >= moment);
        is_silent && (!has_told || self.is_silent_for_good())
            || self.broke_at().is_some_and(|began| began >= moment)
    }

    /// Whether this place does not tell: the service said so last, or fails at it again and again.
    pub(super) fn is_silent(&self) -> bool {
        self.heard.is_some() && self.state().is_none() || self.broke_at().is_some()
    }

    /// When the service failed last to tell, where it does so again and again.
    fn broke_at(&self) -> Option<Instant> {
        let (times, since, began) = self.broken?;
        (times >= SILENCES && began.saturating_duration_since(since) >= SILENT_FOR).then_some(began)
    }

    /// Whether the service has said so again and again that this place does not tell.
    pub(super) fn is_silent_for_good(&self) -> bool {
        self.heard.as_ref().is_some_and(|heard| {
            heard.times >= SILENCES
                && heard
                    .silent_since
                    .is_some_and(|since| heard.began.saturating_duration_since(since) >= SILENT_FOR)
        })
    }

    /// Whether it says that it knows of no such thing.
    pub(super) fn is_missing(&self) -> bool {
        matches!(&self.heard, Some(heard) if heard.word == Word::Missing)
    }
}

/// What a failure says as a word of the service: that there is no such thing or no such route, or that it is not allowed.
pub(super) fn as_word(failure: &Failure) -> Option<Word> {
    match failure.class {
        Class::NotFound => Some(Word::Missing),
        Class::Forbidden => Some(Word::Closed),
        Class::Transient | Class::SignIn | Class::Throttled | Class::Foreign | Class::Bug => None,
    }
}

/// Whether the service itself failed, which is also how it says that an id does not fit.
fn is_broken(failure: &Failure) -> bool {
    failure.class == Class::Transient
        && failure.correlation_id.is_some()
        && failure.status.is_some_and(|status| status != 503)
}

/// What has been heard of a target since its request.
#[derive(Clone, Debug, Default)]
pub(super) struct Witnesses {
    /// The operation's own page.
    pub(super) page: Witness,
    /// The list of submissions.
    pub(super) list: Witness,
    /// Whether what the page says follows from the target's absence, of which the service has proof.
    pub(super) is_absent: bool,
    /// The state of the offer, read after the list where that cannot be read.
    pub(super) offer: Witness,
    /// The first state of the offer that was read, before or after the request.
    pub(super) first_offer: Option<Status>,
    /// The first state of the offer that was read in the place of an entry.
    pub(super) first_in_place: Option<Status>,
    /// Whether it has become another since.
    pub(super) moved_in_place: bool,
}

impl Witnesses {
    /// Whether `word`, read of the offer in the place of an entry of the list, is an end that it may have had before: what
    /// the look read was the entry, and says nothing of what the offer said then.
    pub(super) fn may_be_an_earlier_end(&mut self, word: &Word) -> bool {
        let Word::Says(state) = word else { return false };
        let first = self.first_in_place.get_or_insert_with(|| state.clone());
        self.moved_in_place |= first != state;
        state.phase().has_ended() && !self.moved_in_place
    }

    /// The offer's state, where it has become another than it was.
    pub(super) fn moved_offer(&self) -> Option<&Status> {
        let state = self.offer.state()?;
        self.first_offer
            .as_ref()
            .is_some_and(|first| first != state)
            .then_some(state)
    }
}

#[cfg(test)]
mod tests;
