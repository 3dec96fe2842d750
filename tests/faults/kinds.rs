//! The kinds of trouble beyond the ordinary that a schedule may hold; most hold few, so that a fault shows its cause.
//!
//! `COUNTERMAND_KINDS=lag,strangers` runs schedules with these kinds alone.

use std::{collections::BTreeSet, env};

use crate::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The operation's page and the list of submissions have each its own words, and may disagree for ever.
    Tongues,
    /// After a cancel the operation is missing from page or list for a while, and what they tell is old.
    Lag,
    /// A proxy or a captive portal answers in the place of the service.
    Strangers,
    /// Answers that come after minutes, or never.
    Hanging,
    /// No line for longer than a minute.
    Outage,
    /// The whole machine stands still: every timer is late.
    Stalls,
    /// Processes of other hosts, of which nobody here can tell whether they live.
    Hosts,
    /// A process is stopped, and goes on later.
    Stopped,
    /// The list holds older operations in words that nobody knows.
    OldWords,
    /// No list of submissions: from the beginning, or from some moment on.
    NoList,
    /// The page of an operation cannot be read at all.
    NoPage,
    /// People who use the verbs: no waiting, short time-outs, joining.
    Verbs,
    /// Other offers whose route hangs are followed beside.
    Crowd,
    /// The list is sometimes longer than is read of it.
    Cut,
}

use Kind::{
    Crowd, Cut, Hanging, Hosts, Lag, NoList, NoPage, OldWords, Outage, Stalls, Stopped, Strangers, Tongues,
    Verbs,
};

/// Every kind by its name.
const ALL: [(&str, Kind); 14] = [
    ("tongues", Tongues),
    ("lag", Lag),
    ("strangers", Strangers),
    ("hanging", Hanging),
    ("outage", Outage),
    ("stalls", Stalls),
    ("hosts", Hosts),
    ("stopped", Stopped),
    ("oldwords", OldWords),
    ("nolist", NoList),
    ("nopage", NoPage),
    ("verbs", Verbs),
    ("crowd", Crowd),
    ("cut", Cut),
];

/// The kinds of one schedule.
#[derive(Clone, Debug)]
pub(crate) struct Kinds(BTreeSet<Kind>);

impl Kinds {
    pub(crate) fn of(dice: &Dice) -> Self {
        let wanted = env::var("COUNTERMAND_KINDS").ok();
        let is_wanted = |name: &str| {
            let named = |wanted: &String| wanted.split(',').any(|one| one == name || one == "all");
            wanted.as_ref().is_none_or(named)
        };
        let percent = if wanted.is_some() { 60 } else { 20 };
        let kinds = ALL
            .iter()
            .filter(|(name, _)| dice.chance(percent) && is_wanted(name));
        Self(kinds.map(|(_, kind)| *kind).collect())
    }

    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.0.contains(&kind)
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        let named = ALL.iter().filter(|(_, kind)| self.has(*kind));
        named.map(|(name, _)| *name).collect()
    }
}
