//! Last words of the witnesses of an operation, with their times.
//!
//! There are two: the operation's own page, whose documented words have no *canceled*, and the list of submissions. If
//! the service denies the list, the state of the offer stands in for it.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::status::{Phase, Status},
    engine::failure::{Class, Failure},
};

/// Number of denials in a row, and their span, before the service is believed.
const SILENCES: u32 = 3;
const SILENT_FOR: Duration = Duration::from_secs(10);

/// Word of one witness on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The state of the target.
    State(Status),
    /// The service itself knows no such operation.
    Missing,
    /// The service itself denies the reading: no such route, or not allowed.
    Closed,
}

/// A word, and the reading that returned it.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) word: Word,
    /// Start of the newest reading with it.
    pub(super) began: Instant,
    /// Arrival of the first of those in a row.
    pub(super) since: Instant,
    /// Number in a row with this word, or with another one without a state.
    times: u32,
    /// Arrival of the first one in a row without a state.
    silent_since: Option<Instant>,
}

/// One witness, which is read repeatedly.
#[derive(Clone, Debug, Default)]
pub(super) struct Witness {
    heard: Option<Heard>,
    /// Failure of the last reading.
    failure: Option<Failure>,
    /// Start of the newest reading with a state.
    spoke: Option<Instant>,
    /// Number of service failures in a row, and their start.
    broken: Option<(u32, Instant, Instant)>,
}

impl Witness {
    /// Records `word` of a reading that began at `began`.
    pub(super) fn record(&mut self, word: Word, began: Instant, now: Instant) {
        self.failure = None;
        self.broken = None;
        let is_silent = !matches!(word, Word::State(_));
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

    /// Records an unusable reading that began at `began`.
    pub(super) fn failed(&mut self, failure: Failure, began: Instant, now: Instant) {
        self.broken = is_broken(&failure).then(|| {
            let (times, since, _) = self.broken.unwrap_or((0, now, began));
            (times + 1, since, began)
        });
        self.failure = Some(failure);
    }

    /// Returns the newest word.
    pub(super) fn heard(&self) -> Option<&Heard> {
        self.heard.as_ref()
    }

    /// Returns the failure of the last reading.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Returns the last state, however old.
    pub(super) fn state(&self) -> Option<&Status> {
        match &self.heard.as_ref()?.word {
            Word::State(state) => Some(state),
            Word::Missing | Word::Closed => None,
        }
    }

    /// Returns the last state, if its phase matches.
    pub(super) fn state_in(&self, is_it: impl Fn(Phase) -> bool) -> Option<&Status> {
        self.state().filter(|state| is_it(state.phase()))
    }

    /// Returns the word of a reading that began at `moment` or later.
    pub(super) fn heard_since(&self, moment: Instant) -> Option<&Word> {
        self.heard
            .as_ref()
            .filter(|heard| heard.began >= moment)
            .map(|heard| &heard.word)
    }

    /// Returns true if a reading at `moment` or later found the target active.
    pub(super) fn is_active_since(&self, moment: Instant) -> bool {
        matches!(self.heard_since(moment), Some(Word::State(state)) if state.is_active())
    }

    /// Returns true if the service has denied this witness at `moment` or later. After a later state, one denial is not
    /// enough.
    pub(super) fn is_silent_since(&self, moment: Instant) -> bool {
        let is_silent = matches!(self.heard_since(moment), Some(Word::Missing | Word::Closed));
        let has_told = self.spoke.is_some_and(|spoke| spoke >= moment);
        is_silent && (!has_told || self.is_silent_for_good())
            || self.broke_at().is_some_and(|began| began >= moment)
    }

    /// Returns true if this witness has no state: the service denied it last, or fails repeatedly.
    pub(super) fn is_silent(&self) -> bool {
        self.heard.is_some() && self.state().is_none() || self.broke_at().is_some()
    }

    /// Returns the time of the last service failure, if it fails repeatedly.
    fn broke_at(&self) -> Option<Instant> {
        let (times, since, began) = self.broken?;
        (times >= SILENCES && began.saturating_duration_since(since) >= SILENT_FOR).then_some(began)
    }

    /// Returns true if the service has repeatedly denied this witness.
    pub(super) fn is_silent_for_good(&self) -> bool {
        self.heard.as_ref().is_some_and(|heard| {
            heard.times >= SILENCES
                && heard
                    .silent_since
                    .is_some_and(|since| heard.began.saturating_duration_since(since) >= SILENT_FOR)
        })
    }

    /// Returns true if the service knows no such operation.
    pub(super) fn is_missing(&self) -> bool {
        matches!(&self.heard, Some(heard) if heard.word == Word::Missing)
    }
}

/// Converts a failure to a word of the service: no such operation or route, or not allowed.
pub(super) fn as_word(failure: &Failure) -> Option<Word> {
    match failure.class {
        Class::NotFound => Some(Word::Missing),
        Class::Forbidden => Some(Word::Closed),
        Class::Transient | Class::SignIn | Class::Throttled | Class::Foreign | Class::Bug => None,
    }
}

/// Returns true if the service itself failed, which is also its reaction to a mismatched id.
fn is_broken(failure: &Failure) -> bool {
    failure.class == Class::Transient
        && failure.correlation_id.is_some()
        && failure.status.is_some_and(|status| status != 503)
}

/// Readings of a target since its request.
#[derive(Clone, Debug, Default)]
pub(super) struct Witnesses {
    /// The operation's own page.
    pub(super) page: Witness,
    /// The list of submissions.
    pub(super) list: Witness,
    /// Whether the page's word follows from the target's absence, which the service proves.
    pub(super) is_absent: bool,
    /// The state of the offer, read after an unreadable list.
    pub(super) offer: Witness,
    /// The first state of the offer, read before or after the request.
    pub(super) first_offer: Option<Status>,
    /// The first state of the offer that was read in place of an entry.
    pub(super) first_in_place: Option<Status>,
    /// Whether it has changed since.
    pub(super) moved_in_place: bool,
}

impl Witnesses {
    /// Returns true if `word`, read of the offer in place of a list entry, is an end that it may have had before: the
    /// look read the entry, not the offer.
    pub(super) fn may_be_an_earlier_end(&mut self, word: &Word) -> bool {
        let Word::State(state) = word else { return false };
        let first = self.first_in_place.get_or_insert_with(|| state.clone());
        self.moved_in_place |= first != state;
        state.phase().has_ended() && !self.moved_in_place
    }

    /// Returns the offer's state, if it has changed.
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
