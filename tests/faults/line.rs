//! What lies between a process and the service: a line that fails, and strangers who answer in its place.

use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use countermand::engine::{Class, Failure};
use tokio::time::Instant;

use crate::{
    dice::Dice,
    kinds::{Kind, Kinds},
};

/// Every status that a proxy, a gateway or a captive portal may answer with.
const STRANGE: [u16; 14] = [
    200, 200, 200, 202, 302, 401, 403, 404, 407, 429, 500, 502, 503, 504,
];

pub(crate) struct Line {
    dice: Dice,
    kinds: Kinds,
    began: Instant,
    spells: Mutex<Vec<Spell>>,
}

/// A time in which nothing comes through.
struct Spell {
    from: Duration,
    until: Duration,
    /// Whether somebody else answers then.
    is_portal: bool,
}

/// What becomes of a request before the service has a say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crossing {
    Through,
    NoLine,
    Stranger(u16),
}

impl Line {
    pub(crate) fn new(dice: &Dice, kinds: &Kinds, began: Instant) -> Self {
        let line = Self {
            dice: dice.clone(),
            kinds: kinds.clone(),
            began,
            spells: Mutex::default(),
        };
        for (kind, is_portal) in [(Kind::Outage, false), (Kind::Strangers, true)] {
            if kinds.has(kind) && dice.chance(40) {
                line.cut(dice.seconds(300), is_portal);
            }
        }
        line
    }

    /// From `from` on nothing comes through for a while.
    fn cut(&self, from: Duration, is_portal: bool) {
        let lasts = if is_portal { 5 } else { 60 } + self.dice.below(400);
        let until = from + Duration::from_secs(lasts);
        self.spells().push(Spell {
            from,
            until,
            is_portal,
        });
    }

    /// The moments in which a line likes to fail: a request goes out, or has just been answered.
    pub(crate) fn strain(&self) {
        for (kind, is_portal) in [(Kind::Outage, false), (Kind::Strangers, true)] {
            if self.kinds.has(kind) && self.dice.chance(10) {
                self.cut(self.began.elapsed(), is_portal);
            }
        }
    }

    pub(crate) fn heal(&self) {
        self.spells().clear();
    }

    pub(crate) fn crossing(&self) -> Crossing {
        let now = self.began.elapsed();
        let spells = self.spells();
        let spell = spells
            .iter()
            .find(|spell| (spell.from..spell.until).contains(&now));
        match spell {
            Some(spell) if spell.is_portal => Crossing::Stranger(self.dice.pick(&STRANGE)),
            Some(_) => Crossing::NoLine,
            None if self.kinds.has(Kind::Strangers) && self.dice.chance(4) => {
                Crossing::Stranger(self.dice.pick(&STRANGE))
            }
            None => Crossing::Through,
        }
    }

    /// How long an answer is held up beyond the ordinary.
    pub(crate) fn holds_up(&self) -> Option<Duration> {
        let hangs = self.kinds.has(Kind::Hanging) && self.dice.chance(6);
        hangs.then(|| Duration::from_secs(5) + self.dice.seconds(70))
    }

    fn spells(&self) -> MutexGuard<'_, Vec<Spell>> {
        self.spells.lock().unwrap()
    }
}

pub(crate) fn failure(class: Class, status: Option<u16>, retry_after: Option<u64>) -> Failure {
    Failure {
        class,
        request: "GET".into(),
        what: "it failed".into(),
        advice: "".into(),
        status,
        correlation_id: None,
        retry_after: retry_after.map(Duration::from_secs),
    }
}

/// What a stranger's page in the place of an answer is to whoever asked.
pub(crate) fn strange(status: u16) -> Failure {
    failure(Class::Foreign, Some(status), None)
}
