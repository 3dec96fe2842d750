//! What a person looks at: told to the engine once the selection has rested.

use std::time::Duration;

use crate::engine::Attention;

/// How long a selection rests before it counts.
pub(super) const REST: Duration = Duration::from_millis(150);

/// What was told, and what is to be told when it has rested.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewportReport {
    told: Attention,
    next: Option<(Attention, Duration)>,
}

impl ViewportReport {
    /// Takes what is looked at now; what differs begins to rest.
    pub(crate) fn turn(&mut self, to: Attention, now: Duration) {
        if to == self.told {
            self.next = None;
        } else if self.next.as_ref().is_none_or(|(next, _)| *next != to) {
            self.next = Some((to, now));
        }
    }

    /// What has rested long enough to be told, once.
    pub(crate) fn rested(&mut self, now: Duration) -> Option<Attention> {
        let (next, _) = self.next.take_if(|(_, since)| now >= *since + REST)?;
        self.told = next.clone();
        Some(next)
    }

    /// When there is something to tell.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        self.next.as_ref().map(|(_, since)| *since + REST)
    }
}
