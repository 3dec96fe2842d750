//! A value that lives elsewhere: what is known of it, since when, and why not more.

use jiff::Timestamp;

use crate::domain::text::SafeText;

/// What is known of a remote value. A failure never takes away what was known before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Remote<T> {
    /// Nobody asked yet.
    #[default]
    NotAsked,
    /// Asked for the first time, and not answered yet.
    Loading,
    /// Known.
    Fresh {
        /// The value.
        value: T,
        /// When it was read.
        at: Timestamp,
    },
    /// The newest attempt failed.
    Stale {
        /// The last good value and when it was read, if there ever was one.
        last: Option<(T, Timestamp)>,
        /// Why there is no newer one, and what to do.
        why: SafeText,
        /// Since when attempts fail.
        since: Timestamp,
    },
}

impl<T> Remote<T> {
    /// The newest good value.
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

    /// When the newest good value was read.
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

    /// Why the newest attempt failed, and since when they do.
    #[must_use]
    pub fn trouble(&self) -> Option<(&SafeText, Timestamp)> {
        match self {
            Self::Stale { why, since, .. } => Some((why, *since)),
            Self::NotAsked | Self::Loading | Self::Fresh { .. } => None,
        }
    }

    /// The same after a request was sent: only the first one shows.
    #[must_use]
    pub fn asked(self) -> Self {
        if matches!(self, Self::NotAsked) {
            Self::Loading
        } else {
            self
        }
    }

    /// The same after a failure at `at`.
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
    fn a_failure_keeps_the_last_good_value_and_its_own_beginning() {
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
