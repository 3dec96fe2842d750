//! A remote value: its last known state, the time of it, and the failure to get a newer one.

use jiff::Timestamp;

use crate::domain::text::SafeText;

/// Knowledge of a remote value. A failure never discards an earlier value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Remote<T> {
    /// Not requested yet.
    #[default]
    NotAsked,
    /// Requested for the first time, and not answered yet.
    Loading,
    /// Known.
    Fresh {
        /// The value.
        value: T,
        /// Time of reading.
        at: Timestamp,
    },
    /// The newest attempt failed.
    Stale {
        /// The last value and its time, if there ever was one.
        last: Option<(T, Timestamp)>,
        /// Reason and remedy.
        why: SafeText,
        /// Time since which attempts fail.
        since: Timestamp,
    },
}

impl<T> Remote<T> {
    /// Returns the newest value.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Fresh { value, .. }
            | Self::Stale {
                last: Some((value, _)),
                ..
            } => Some(value),
            Self::NotAsked | Self::Loading | Self::Stale { last: None, .. } => None,
        }
    }

    /// Returns the time of the newest value.
    #[must_use]
    pub fn read_at(&self) -> Option<Timestamp> {
        match self {
            Self::Fresh { at, .. }
            | Self::Stale {
                last: Some((_, at)), ..
            } => Some(*at),
            Self::NotAsked | Self::Loading | Self::Stale { last: None, .. } => None,
        }
    }

    /// Returns the failure of the newest attempt, and the time since which attempts fail.
    #[must_use]
    pub fn trouble(&self) -> Option<(&SafeText, Timestamp)> {
        match self {
            Self::Stale { why, since, .. } => Some((why, *since)),
            Self::NotAsked | Self::Loading | Self::Fresh { .. } => None,
        }
    }

    /// Returns the state after a request was sent: only the first one is visible.
    #[must_use]
    pub fn asked(self) -> Self {
        if matches!(self, Self::NotAsked) {
            Self::Loading
        } else {
            self
        }
    }

    /// Returns the state after a failure at `at`.
    #[must_use]
    pub fn failed(self, why: SafeText, at: Timestamp) -> Self {
        match self {
            Self::NotAsked | Self::Loading => Self::Stale {
                last: None,
                why,
                since: at,
            },
            Self::Fresh { value, at: read_at } => Self::Stale {
                last: Some((value, read_at)),
                why,
                since: at,
            },
            Self::Stale { last, since, .. } => Self::Stale { last, why, since },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_keeps_the_last_value_and_its_own_start() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let fresh = Remote::Fresh { value: 7, at: at(1) };
        let stale = fresh
            .failed("down".into(), at(2))
            .failed("still down".into(), at(3));
        assert_eq!(stale.value(), Some(&7));
        assert_eq!(stale.read_at(), Some(at(1)));
        assert_eq!(stale.trouble(), Some((&"still down".into(), at(2))));
        assert_eq!(Remote::<u8>::NotAsked.asked(), Remote::Loading);
    }
}
