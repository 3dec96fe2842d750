//! When to draw: at once, and then not too soon again.

use std::time::Duration;

use tokio::time::Instant;

/// How often a dashboard is drawn at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// Sixty times a second.
    Smooth,
    /// Four times a second, for a slow line.
    Sparing,
}

impl Pacing {
    fn interval(self) -> Duration {
        match self {
            Self::Smooth => Duration::from_micros(16_667),
            Self::Sparing => Duration::from_millis(250),
        }
    }
}

/// Whether a frame is wanted, and from when on it may be drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frames {
    interval: Duration,
    is_wanted: bool,
    not_before: Instant,
}

impl Frames {
    /// Wants the first frame, now.
    pub(super) fn new(pacing: Pacing, now: Instant) -> Self {
        Self {
            interval: pacing.interval(),
            is_wanted: true,
            not_before: now,
        }
    }

    /// Something else is to be shown.
    pub(super) fn want(&mut self) {
        self.is_wanted = true;
    }

    /// Whether what is to be shown has not been drawn yet.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// When the frame that is wanted may be drawn.
    pub(super) fn next(&self) -> Option<Instant> {
        self.is_wanted.then_some(self.not_before)
    }

    /// Whether a frame is to be drawn now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.next().is_some_and(|at| at <= now)
    }

    /// A frame is drawn now.
    pub(super) fn drawn(&mut self, now: Instant) {
        self.is_wanted = false;
        self.not_before = now + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_drawn_at_once_and_the_next_when_it_may() {
        let start = Instant::now();
        let mut frames = Frames::new(Pacing::Smooth, start);
        assert!(frames.is_due(start));
        frames.drawn(start);
        assert_eq!(frames.next(), None, "nothing wanted, nothing waited for");
        frames.want();
        let early = start + Duration::from_millis(16);
        let due = start + Duration::from_millis(17);
        assert!(!frames.is_due(early) && frames.is_due(due));
        assert!(frames.next().is_some_and(|at| early < at && at <= due));
    }
}
