//! What really happened: the history that everything told is held against.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use countermand::domain::verdict::Ending;

#[derive(Default)]
pub(crate) struct World {
    pub(crate) is_well: bool,
    /// Whether other cancellations are followed beside, of which nothing can be read.
    pub(crate) is_crowded: bool,
    /// Since when it is well.
    pub(crate) healed: Option<Duration>,
    pub(crate) runs: Vec<Run>,
    pub(crate) posts: Vec<Post>,
    pub(crate) reads: Vec<Read>,
    /// Until when each confirmation lets it be followed.
    pub(crate) deadlines: BTreeMap<String, Duration>,
    /// When each confirmation got a claim of its own.
    pub(crate) claimed: BTreeMap<String, Duration>,
    pub(crate) told: Vec<Telling>,
    /// Why a process could not act for a while.
    pub(crate) excuses: Vec<Excuse>,
    /// When each process was told to stop, or died.
    pub(crate) ended: BTreeMap<u32, Duration>,
    /// How often a wall clock was set.
    pub(crate) jumps: usize,
    /// When it was all over.
    pub(crate) until: Duration,
    pub(crate) met: BTreeSet<&'static str>,
    pub(crate) story: Vec<String>,
}

/// One operation of the offer.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) began: Duration,
    /// When and how it ends by itself.
    pub(crate) own_end: (Duration, &'static str),
    pub(crate) canceled_at: Option<Duration>,
    /// Until when it is missing: from its page, and from the list.
    pub(crate) missing_until: (Duration, Duration),
    /// The word that an older operation is left with, which nobody knows.
    pub(crate) old_word: Option<&'static str>,
}

/// One cancel that left a process.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) by: u32,
    pub(crate) confirmation: String,
    /// When its first byte left.
    pub(crate) sent_at: Duration,
    /// What the service made of it; none where it never came there.
    pub(crate) received: Option<Received>,
    /// What came back, and when.
    pub(crate) heard: Option<(Duration, Heard)>,
}

/// A cancel at the service.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The operation that it was carried out on.
    pub(crate) hit: Option<String>,
    /// When the service answered, whether or not the answer arrived.
    pub(crate) at: Duration,
    /// The state over time of the operation that stands for the cancel.
    pub(crate) own_operation: Vec<(Duration, &'static str)>,
}

/// What came back to whoever sent a cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The service's own answer.
    Answer(u16),
    /// Something of that status that the service did not say.
    Stranger(u16),
    /// Nothing, or not what could be read.
    Nothing,
    /// That the request never left.
    Unsent,
}

/// Who told of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Witness {
    Page,
    List,
    Offer,
}

/// One reading of a process.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) by: u32,
    pub(crate) began: Duration,
    /// When its answer was there; never, as long as it is not.
    pub(crate) arrived: Duration,
    pub(crate) witness: Witness,
    pub(crate) saw: Saw,
}

/// What a reading said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saw {
    /// The words of the operations that it knew.
    Words(Vec<(String, &'static str)>),
    /// The service itself said that there is nothing to read.
    Nothing,
    /// The same of the list; the offer's status was read in its place.
    Instead(&'static str),
    /// It failed on its way, or somebody else answered.
    Failure,
}

/// A time in which a process could not act: it was asked to rest, its journal was slow, or it stood still.
#[derive(Clone, Debug)]
pub(crate) struct Excuse {
    /// The process; all of them where there is none.
    pub(crate) by: Option<u32>,
    pub(crate) from: Duration,
    pub(crate) until: Duration,
}

impl Excuse {
    pub(crate) fn is_of(&self, by: u32) -> bool {
        self.by.is_none_or(|one| one == by)
    }
}

/// A verdict that somebody saw.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    pub(crate) at: Duration,
    pub(crate) by: u32,
    /// The cancellation, unless nothing was claimed.
    pub(crate) cancellation: Option<String>,
    /// The confirmation of whoever was told, where it had one.
    pub(crate) confirmation: Option<String>,
    pub(crate) ending: Ending,
    /// Whether it was told as closed for good.
    pub(crate) is_final: bool,
    /// Whether it is about one of the offers beside.
    pub(crate) is_of_crowd: bool,
    pub(crate) face: Face,
}

/// Where it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// In a snapshot of the engine.
    Snapshot,
    /// As the verdict of a verb that ended with this code.
    Verb { exit: u8, no_wait: bool },
}

impl Run {
    /// The state at `at`: a cancel counts only if it came before the end.
    pub(crate) fn state(&self, at: Duration) -> &'static str {
        match self.canceled_at {
            Some(canceled_at) if canceled_at < self.own_end.0 && at >= canceled_at => "canceled",
            _ if at >= self.own_end.0 => self.own_end.1,
            _ => "running",
        }
    }

    /// When it ended, one way or the other.
    pub(crate) fn ended_at(&self) -> Duration {
        self.canceled_at
            .map_or(self.own_end.0, |canceled_at| canceled_at.min(self.own_end.0))
    }

    /// How it ended.
    pub(crate) fn end(&self) -> &'static str {
        self.state(self.ended_at())
    }
}

impl Post {
    pub(crate) fn hit(&self) -> Option<&str> {
        self.received.as_ref()?.hit.as_deref()
    }

    /// The service's own answer, where it had arrived by `at`.
    pub(crate) fn answer_by(&self, at: Duration) -> Option<u16> {
        match self.heard {
            Some((heard_at, Heard::Answer(status))) if heard_at <= at => Some(status),
            _ => None,
        }
    }
}

impl Read {
    /// The word for the operation `id`; for the offer itself where that is empty.
    pub(crate) fn word(&self, id: &str) -> Option<&'static str> {
        match &self.saw {
            Saw::Words(words) => words.iter().find(|(known, _)| known == id).map(|(_, word)| *word),
            Saw::Instead(word) => id.is_empty().then_some(*word),
            Saw::Nothing | Saw::Failure => None,
        }
    }
}
