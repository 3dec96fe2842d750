//! What the status pane tells of: what is selected, once a selection that moves has rested.
//!
//! A held key then costs the line two rows a move, and not a pane of text that nobody reads.

use std::time::Duration;

use crate::{
    domain::ids::{CancellationId, OfferId},
    tui::model::viewport_report::REST,
};

/// An offer, or one cancellation on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// The offer; none where there is none.
    pub(crate) offer: Option<OfferId>,
    /// The cancellation, where one is selected rather than its offer.
    pub(crate) cancellation: Option<CancellationId>,
}

/// What is told of, and whether the selection is on its way elsewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatusTarget {
    told: Told,
    moved_at: Option<Duration>,
}

impl StatusTarget {
    /// What the status tells of.
    pub(crate) fn told(&self) -> &Told {
        &self.told
    }

    /// The selection has moved.
    pub(crate) fn moved(&mut self, now: Duration) {
        self.moved_at = Some(now);
    }

    /// Whoever goes to another pane wants to see it now.
    pub(crate) fn settled(&mut self) {
        self.moved_at = None;
    }

    /// Takes what is selected now; returns whether the status tells of something else from now on.
    pub(crate) fn turn(&mut self, to: Told, now: Duration) -> bool {
        if self.moved_at.is_some_and(|at| now < at + REST) && self.told.offer.is_some() {
            return false;
        }
        self.moved_at = None;
        let is_other = self.told != to;
        self.told = to;
        is_other
    }

    /// When a selection that moved will have rested.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        self.moved_at.map(|at| at + REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(offer: &str) -> Told {
        Told {
            offer: Some(offer.into()),
            cancellation: None,
        }
    }

    #[test]
    fn what_moves_is_told_of_when_it_has_rested_and_all_else_at_once() {
        let ms = Duration::from_millis;
        let mut target = StatusTarget::default();
        assert!(target.turn(told("a"), ms(0)));
        assert!(target.turn(told("b"), ms(1)), "it did not move there by a key");
        target.moved(ms(10));
        assert!(!target.turn(told("c"), ms(10)));
        target.moved(ms(100));
        assert!(!target.turn(told("d"), ms(249)));
        assert_eq!(target.wake_at(), Some(ms(250)));
        assert!(target.turn(told("d"), ms(250)));
        assert_eq!((target.told(), target.wake_at()), (&told("d"), None));
        target.moved(ms(300));
        target.settled();
        assert!(target.turn(told("e"), ms(301)));
    }
}
