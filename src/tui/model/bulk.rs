//! The dialog on what is marked: it looks at each offer, shows what would be cancelled and what would be left alone, and
//! can be answered only after a person had the whole list of the first before their eyes.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    domain::{ids::OfferId, operation::Destination, target::Binding, text::SafeText},
    engine::{Candidate, Failure},
    tui::{
        keymap::Place,
        model::{
            confirmation::{Earlier, LIFETIME},
            guard::Guard,
        },
        msg::Now,
    },
};

/// How many looks are under way at once.
const BESIDE: usize = 8;

/// The most offers that one dialog takes: what is confirmed must be sent within a minute.
pub(crate) const MOST: usize = 100;

/// One opened dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bulk {
    /// What was marked and shown when it was opened, in the list's order.
    pub(crate) entries: Vec<Entry>,
    /// How many marks were hidden.
    pub(crate) hidden: usize,
    /// When the last look arrived; none while one is awaited.
    pub(crate) arrived: Option<Now>,
    /// Whether it may be answered.
    pub(crate) guard: Guard,
    /// The first line of the list in its window.
    pub(crate) scrolled: usize,
    /// How many lines of the list have been on the screen, from the first on.
    pub(crate) read: usize,
}

/// One marked offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The offer.
    pub(crate) offer: OfferId,
    /// What is known of it.
    pub(crate) standing: Standing,
}

/// How far the dialog has come with one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its look has not been asked for.
    Waiting,
    /// Its look has not arrived.
    Looking {
        /// The number of that look.
        ticket: u64,
    },
    /// One operation, to be cancelled.
    Aimed(Box<Aim>),
    /// Nothing is done to it.
    Skipped(Skip),
}

/// One operation that is to be cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aim {
    /// The operation as it was seen.
    pub(crate) candidate: Candidate,
    /// What a request will be bound to.
    pub(crate) binding: Binding,
    /// Enough of what the operation is called.
    pub(crate) name: SafeText,
    /// When it was read.
    pub(crate) read_at: Timestamp,
    /// Which older entries are presumed to have ended.
    pub(crate) presumed: Option<SafeText>,
    /// The earlier cancel of the same operation.
    pub(crate) earlier: Option<Earlier>,
}

/// Why nothing is done to a marked offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Skip {
    /// Its id must not be sent.
    Inert,
    /// It is being cancelled from here.
    UnderWay,
    /// Nothing is in flight on it.
    Nothing {
        /// When that was read.
        at: Timestamp,
    },
    /// What its look saw allows no cancel, for this reason.
    Hindered(SafeText),
    /// It could not be looked at.
    Failed(Failure),
}

/// What it takes to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is nothing to confirm.
    Nothing,
    /// One key: a single operation, to the preview.
    Key,
    /// The offer's id: a single operation that may be seen by customers.
    Id(OfferId),
    /// How many will be cancelled.
    Count(usize),
}

impl Bulk {
    /// On `entries`, before any look; `hidden` marks are left out.
    pub(crate) fn new(entries: Vec<Entry>, hidden: usize) -> Self {
        Self {
            entries,
            hidden,
            arrived: None,
            guard: Guard::default(),
            scrolled: 0,
            read: 0,
        }
    }

    /// The next offer that may be looked at now.
    pub(crate) fn next_to_look_at(&mut self) -> Option<&mut Entry> {
        let is_looking = |entry: &&Entry| matches!(entry.standing, Standing::Looking { .. });
        if self.entries.iter().filter(is_looking).count() >= BESIDE {
            return None;
        }
        self.entries
            .iter_mut()
            .find(|entry| entry.standing == Standing::Waiting)
    }

    /// The offer that this look was asked for.
    pub(crate) fn awaiting(&mut self, ticket: u64) -> Option<&mut Entry> {
        let awaited = Standing::Looking { ticket };
        self.entries.iter_mut().find(|entry| entry.standing == awaited)
    }

    /// How many offers it knows nothing of yet.
    pub(crate) fn unknown(&self) -> usize {
        let is_unknown =
            |entry: &&Entry| matches!(entry.standing, Standing::Waiting | Standing::Looking { .. });
        self.entries.iter().filter(is_unknown).count()
    }

    /// What would be cancelled, in the list's order.
    pub(crate) fn aims(&self) -> impl Iterator<Item = (&OfferId, &Aim)> {
        self.entries.iter().filter_map(|entry| match &entry.standing {
            Standing::Aimed(aim) => Some((&entry.offer, &**aim)),
            _ => None,
        })
    }

    /// What would be left alone, and why.
    pub(crate) fn skipped(&self) -> impl Iterator<Item = (&OfferId, &Skip)> {
        self.entries.iter().filter_map(|entry| match &entry.standing {
            Standing::Skipped(skip) => Some((&entry.offer, skip)),
            _ => None,
        })
    }

    /// What it takes to confirm. One that is left of several is treated as one that was asked for alone.
    pub(crate) fn answer(&self) -> Answer {
        let mut aims = self.aims();
        match (aims.next(), aims.count()) {
            _ if self.arrived.is_none() => Answer::Nothing,
            (None, _) => Answer::Nothing,
            (Some((offer, aim)), 0) if aim.may_be_production() => Answer::Id(offer.clone()),
            (Some(_), 0) => Answer::Key,
            (Some(_), more) => Answer::Count(more + 1),
        }
    }

    /// Where keys are pressed while it is open.
    pub(crate) fn place(&self) -> Place {
        match self.answer() {
            Answer::Id(_) | Answer::Count(_) if self.guard.tells_how() => Place::Counting,
            _ => Place::Several,
        }
    }

    /// Whether the screen tells of a key that cancels what it shows.
    pub(crate) fn can_be_answered(&self) -> bool {
        self.guard.tells_how()
            && self
                .answer()
                .wanted()
                .is_none_or(|wanted| wanted == self.guard.typed.text)
            && self.answer() != Answer::Nothing
    }

    /// It has to be painted, read and left alone anew.
    pub(crate) fn disturb(&mut self) {
        self.guard.disturb();
        self.scrolled = 0;
        self.read = 0;
    }

    /// When it arms or expires.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        let expiry = self.arrived?.mono + LIFETIME;
        Some(self.guard.wake_at().map_or(expiry, |at| expiry.min(at)))
    }

    /// Whether what it shows is too old to be answered.
    pub(crate) fn has_expired(&self, now: Now) -> bool {
        // The monotonic clock may stand still while a laptop sleeps.
        self.arrived.is_some_and(|arrived| {
            now.mono >= arrived.mono + LIFETIME
                || crate::domain::time::since(arrived.wall, now.wall) >= LIFETIME
        })
    }
}

impl Aim {
    /// Whether customers may see what it leads to.
    pub(crate) fn may_be_production(&self) -> bool {
        self.destination().may_be_production()
    }

    /// Where it leads.
    pub(crate) fn destination(&self) -> &Destination {
        &self.candidate.operation.destination
    }
}

impl Answer {
    /// The text that must be typed, where one must.
    pub(crate) fn wanted(&self) -> Option<String> {
        match self {
            Self::Nothing | Self::Key => None,
            Self::Id(offer) => Some(offer.raw().to_owned()),
            Self::Count(count) => Some(count.to_string()),
        }
    }
}
