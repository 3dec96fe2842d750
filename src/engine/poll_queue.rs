//! What of the catalogue is asked for, and when next. Pure: the instants arrive as arguments.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use crate::{
    domain::ids::{OfferId, OperationId},
    engine::{
        failure::Failure,
        schedule::{Backoff, PollIntervals},
    },
};

/// One thing that can be asked for. The order is that among those that are due since the same instant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PollItem {
    /// The list of offers.
    Offers,
    /// The operations of an offer.
    Operations(OfferId),
    /// The inside of an operation.
    Detail(OfferId, OperationId),
}

#[derive(Default)]
struct Entry {
    due: Option<Instant>,
    read_at: Option<Instant>,
    under_way: bool,
    backoff: Backoff,
}

/// The asks and their times.
#[derive(Default)]
pub(super) struct PollQueue(BTreeMap<PollItem, Entry>);

impl PollQueue {
    /// Makes `ask` due at `at`, or earlier if it is so already.
    pub(super) fn at_the_latest(&mut self, ask: PollItem, at: Instant) {
        let entry = self.0.entry(ask).or_default();
        entry.due = Some(entry.due.map_or(at, |due| due.min(at)));
    }

    /// Makes `ask` due so that what is known of it is at most `age` old; what is under way is new enough.
    pub(super) fn no_older_than(&mut self, ask: PollItem, age: Duration, now: Instant) {
        let entry = self.0.entry(ask).or_default();
        if !entry.under_way {
            let at = entry.read_at.map_or(now, |read_at| (read_at + age).max(now));
            entry.due = Some(entry.due.map_or(at, |due| due.min(at)));
        }
    }

    /// Whether `ask` was ever answered.
    pub(super) fn was_read(&self, ask: &PollItem) -> bool {
        self.0.get(ask).is_some_and(|entry| entry.read_at.is_some())
    }

    /// Forgets every ask that `keep` does not want.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&PollItem) -> bool) {
        self.0.retain(|ask, entry| entry.under_way || keep(ask));
    }

    /// Makes everything due now.
    pub(super) fn all_due(&mut self, now: Instant) {
        for entry in self.0.values_mut().filter(|entry| entry.due.is_some()) {
            entry.due = Some(now);
        }
    }

    /// Takes what has been due the longest, the list of offers first; it is under way from now on.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<PollItem> {
        let due = self.0.iter_mut().filter_map(|(ask, entry)| {
            let due = entry.due.filter(|due| !entry.under_way && *due <= now)?;
            Some((*ask != PollItem::Offers, due, ask, entry))
        });
        let (_, _, ask, entry) = due.min_by_key(|(is_other, due, ask, _)| (*is_other, *due, *ask))?;
        entry.under_way = true;
        entry.due = None;
        Some(ask.clone())
    }

    /// When the next ask is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.0
            .values()
            .filter(|entry| !entry.under_way)
            .filter_map(|entry| entry.due)
            .min()
    }

    /// `ask` was answered. It is due again after `again`, or not at all.
    pub(super) fn answered(&mut self, ask: &PollItem, now: Instant, again: Option<Duration>) {
        if let Some(entry) = self.0.get_mut(ask) {
            entry.under_way = false;
            entry.read_at = Some(now);
            if let Some(regular) = again {
                let at = now + entry.backoff.answered(regular, None);
                entry.due = Some(entry.due.map_or(at, |due| due.min(at)));
            }
        }
    }

    /// `ask` was not asked after all. It is due again at `again`.
    pub(super) fn left(&mut self, ask: &PollItem, again: Instant) {
        if let Some(entry) = self.0.get_mut(ask) {
            entry.under_way = false;
            entry.due = Some(again);
        }
    }

    /// `ask` failed. Returns how long until it is due again.
    pub(super) fn failed(
        &mut self,
        ask: &PollItem,
        now: Instant,
        poll_intervals: &PollIntervals,
        failure: &Failure,
    ) -> Duration {
        let entry = self.0.entry(ask.clone()).or_default();
        entry.under_way = false;
        let wait = entry.backoff.failed(poll_intervals, Duration::ZERO, failure);
        entry.due = Some(now + wait);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_due_is_taken_once_and_comes_back() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let mut queue = PollQueue::default();
        let operations = PollItem::Operations("vm".into());
        queue.at_the_latest(operations.clone(), now);
        queue.at_the_latest(PollItem::Offers, now);
        assert_eq!(
            queue.take_due(now),
            Some(PollItem::Offers),
            "the list comes first"
        );
        assert_eq!(queue.take_due(now), Some(operations.clone()));
        assert_eq!(queue.take_due(now), None, "what is under way is not taken again");
        assert_eq!(queue.next_due(), None);
        queue.answered(&PollItem::Offers, now, Some(60 * second));
        queue.answered(&operations, now, None);
        assert_eq!(queue.next_due(), Some(now + 60 * second));
        queue.all_due(now);
        assert_eq!(queue.take_due(now), Some(PollItem::Offers));
        assert_eq!(
            queue.take_due(now),
            None,
            "what has no time of its own is not made due"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_fresh_enough_waits_until_it_is_not() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let mut queue = PollQueue::default();
        queue.no_older_than(PollItem::Offers, 15 * second, now);
        assert_eq!(queue.take_due(now), Some(PollItem::Offers));
        queue.answered(&PollItem::Offers, now, Some(60 * second));
        queue.no_older_than(PollItem::Offers, 15 * second, now + 5 * second);
        assert_eq!(queue.next_due(), Some(now + 15 * second));
    }
}
