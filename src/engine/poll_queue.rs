//! Queue of catalogue items and their due times. Pure: the instants arrive as arguments.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use crate::{
    domain::ids::{OfferId, OperationId},
    engine::{
        failure::Failure,
        schedule::{Backoff, PollIntervals},
    },
};

/// An item to poll. Items due at the same instant are ordered like this.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PollItem {
    /// The list of offers.
    Offers,
    /// The operations of an offer.
    Operations(OfferId),
    /// The details of an operation.
    Detail(OfferId, OperationId),
}

#[derive(Default)]
struct Entry {
    due: Option<Instant>,
    read_at: Option<Instant>,
    under_way: bool,
    backoff: Backoff,
}

/// Poll items and their times.
#[derive(Default)]
pub(super) struct PollQueue(BTreeMap<PollItem, Entry>);

impl PollQueue {
    /// Makes `item` due at `at`, unless it is due earlier.
    pub(super) fn at_the_latest(&mut self, item: PollItem, at: Instant) {
        let entry = self.0.entry(item).or_default();
        entry.due = Some(entry.due.map_or(at, |due| due.min(at)));
    }

    /// Makes `item` due when its data is `age` old; a request under way counts as fresh.
    pub(super) fn no_older_than(&mut self, item: PollItem, age: Duration, now: Instant) {
        let entry = self.0.entry(item).or_default();
        if !entry.under_way {
            let at = entry.read_at.map_or(now, |read_at| (read_at + age).max(now));
            entry.due = Some(entry.due.map_or(at, |due| due.min(at)));
        }
    }

    /// Returns true if `item` was ever answered.
    pub(super) fn was_read(&self, item: &PollItem) -> bool {
        self.0.get(item).is_some_and(|entry| entry.read_at.is_some())
    }

    /// Drops every item that `keep` rejects.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&PollItem) -> bool) {
        self.0.retain(|item, entry| entry.under_way || keep(item));
    }

    /// Makes everything due now.
    pub(super) fn all_due(&mut self, now: Instant) {
        for entry in self.0.values_mut().filter(|entry| entry.due.is_some()) {
            entry.due = Some(now);
        }
    }

    /// Takes the longest due item, the list of offers first, and marks it as under way.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<PollItem> {
        let due = self.0.iter_mut().filter_map(|(item, entry)| {
            let due = entry.due.filter(|due| !entry.under_way && *due <= now)?;
            Some((*item != PollItem::Offers, due, item, entry))
        });
        let (_, _, item, entry) = due.min_by_key(|(is_other, due, item, _)| (*is_other, *due, *item))?;
        entry.under_way = true;
        entry.due = None;
        Some(item.clone())
    }

    /// Returns the time when the next item is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.0
            .values()
            .filter(|entry| !entry.under_way)
            .filter_map(|entry| entry.due)
            .min()
    }

    /// Records an answer to `item`. It is due again after `again`, or not at all.
    pub(super) fn answered(&mut self, item: &PollItem, now: Instant, again: Option<Duration>) {
        if let Some(entry) = self.0.get_mut(item) {
            entry.under_way = false;
            entry.read_at = Some(now);
            if let Some(regular) = again {
                let at = now + entry.backoff.answered(regular, None);
                entry.due = Some(entry.due.map_or(at, |due| due.min(at)));
            }
        }
    }

    /// Records that `item` was skipped. It is due again at `again`.
    pub(super) fn left(&mut self, item: &PollItem, again: Instant) {
        if let Some(entry) = self.0.get_mut(item) {
            entry.under_way = false;
            entry.due = Some(again);
        }
    }

    /// Records a failure of `item`. Returns the time until it is due again.
    pub(super) fn failed(
        &mut self,
        item: &PollItem,
        now: Instant,
        poll_intervals: &PollIntervals,
        failure: &Failure,
    ) -> Duration {
        let entry = self.0.entry(item.clone()).or_default();
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
    async fn due_item_is_taken_once_and_returns() {
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
    async fn fresh_item_waits_until_it_is_stale() {
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
