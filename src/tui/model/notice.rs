//! One sentence in the footer's place, and how long it stays there: it covers the keys.

use std::time::Duration;

use crate::domain::text::SafeText;

/// How long a sentence stays that answers a key.
const BRIEF: Duration = Duration::from_secs(8);
/// How long one stays at least that says what was asked: an answer may come before it could be seen.
const SEEN: Duration = Duration::from_secs(1);
/// How long one stays that tells of what nobody may have been looking at.
const LONG: Duration = Duration::from_mins(1);

/// A sentence; the next key takes it away in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    text: SafeText,
    life: Life,
    /// When it goes, on the monotonic clock; none until the message that brought it is folded.
    until: Option<Duration>,
}

/// How long a sentence stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// As long as it takes to read.
    Brief,
    /// Until somebody is likely to have come by.
    Long,
    /// Until what it waits for has arrived and it could be seen, at most as long as it takes to read.
    Awaiting,
}

impl Notice {
    /// That something was refused, could not be done or ended, which nobody may have been looking at.
    pub(crate) fn lasting(text: impl Into<SafeText>) -> Self {
        Self::new(text.into(), Life::Long)
    }

    /// That something was asked, until that is answered.
    pub(crate) fn awaiting(text: impl Into<SafeText>) -> Self {
        Self::new(text.into(), Life::Awaiting)
    }

    fn new(text: SafeText, life: Life) -> Self {
        Self {
            text,
            life,
            until: None,
        }
    }

    /// The sentence.
    pub(crate) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// What it waited for has arrived; returns whether its time is over with that.
    pub(crate) fn answered(&mut self, now: Duration) -> bool {
        if self.life == Life::Awaiting {
            self.life = Life::Brief;
            self.until = self.until.map(|until| until.saturating_sub(BRIEF) + SEEN);
        }
        self.is_over(now)
    }

    /// Counts its time from `now`, unless that is counted already.
    pub(crate) fn begin(&mut self, now: Duration) {
        let life = match self.life {
            Life::Brief | Life::Awaiting => BRIEF,
            Life::Long => LONG,
        };
        self.until.get_or_insert(now + life);
    }

    /// When it goes.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        self.until
    }

    /// Whether its time is over.
    pub(crate) fn is_over(&self, now: Duration) -> bool {
        self.until.is_some_and(|until| now >= until)
    }
}

impl<T: Into<SafeText>> From<T> for Notice {
    fn from(text: T) -> Self {
        Self::new(text.into(), Life::Brief)
    }
}
