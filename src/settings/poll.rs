//! Polling intervals of a profile, within limits that are fair to the service.

use std::{ops::Range, time::Duration};

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};
use toml::de::{DeTable, DeValue};

use crate::engine::PollIntervals;

/// Longest interval of any request.
const LONGEST: Duration = Duration::from_hours(1);

macro_rules! intervals {
    ($($(#[doc = $doc:literal])* $key:ident >= $floor:literal => $($field:ident).+;)*) => {
        /// Intervals that a profile may set; the others keep their defaults.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct Poll {
            $(
                $(#[doc = $doc])*
                #[serde(deserialize_with = "interval")]
                $key: Option<Duration>,
            )*
        }

        impl Poll {
            /// All keys.
            pub(super) const KEYS: &[&'static str] = &[$(stringify!($key)),*];

            /// Each key with its minimum in seconds.
            const FLOORS: &[(&'static str, u64)] = &[$((stringify!($key), $floor)),*];

            /// Returns the schedule with the configured values. Intervals never shrink with the age of a cancellation.
            pub(super) fn poll_intervals(&self) -> PollIntervals {
                let mut poll_intervals = PollIntervals::default();
                $(if let Some(interval) = self.$key {
                    poll_intervals.$($field).+ = interval;
                })*
                poll_intervals.later = poll_intervals.later.max(poll_intervals.early);
                poll_intervals.late = poll_intervals.late.max(poll_intervals.later);
                poll_intervals
            }
        }

        #[cfg(test)]
        impl Poll {
            /// Returns the table with every interval filled in.
            pub(super) fn written(&self) -> Self {
                let poll_intervals = self.poll_intervals();
                Self { $($key: Some(poll_intervals.$($field).+)),* }
            }
        }

        /// Returns each interval of `poll_intervals` under its key.
        pub(super) fn intervals(poll_intervals: &PollIntervals) -> Vec<(&'static str, Duration)> {
            vec![$((stringify!($key), poll_intervals.$($field).+)),*]
        }
    };
}

intervals! {
    /// Interval of the list of offers.
    list >= 10 => offers;
    /// Interval of the operation of a visible row.
    visible >= 5 => visible;
    /// Interval of the operation of any other row.
    hidden >= 15 => hidden;
    /// Interval of a cancellation in its first half minute.
    early >= 1 => early;
    /// The same up to five minutes.
    later >= 2 => later;
    /// The same from then on.
    late >= 5 => late;
    /// Longest wait after failures.
    longest_wait >= 10 => longest_wait;
}

fn interval<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let raw = String::deserialize(deserializer)?;
    read(&raw)
        .map(Some)
        .ok_or_else(|| de::Error::custom(format!("`{raw}` is no duration; write it as 30s or 2min")))
}

fn read(raw: &str) -> Option<Duration> {
    let span = raw.parse::<SignedDuration>().ok()?;
    Duration::try_from(span).ok()
}

/// Returns the first interval out of range, and a message.
pub(super) fn beyond(poll: &DeTable<'_>) -> Option<(Range<usize>, String)> {
    let out = Poll::FLOORS.iter().filter_map(|(key, floor)| {
        let value = poll.get(*key)?;
        let DeValue::String(raw) = value.get_ref() else {
            return None;
        };
        let interval = read(raw)?;
        let what = if interval < Duration::from_secs(*floor) {
            format!("`{raw}` asks too much of the service; `{key}` is at least {floor}s")
        } else if interval > LONGEST {
            format!("`{raw}` is next to never; `{key}` is at most 1h")
        } else {
            return None;
        };
        Some((value.span(), what))
    });
    out.min_by_key(|(span, _)| span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_intervals_are_defaults_and_intervals_never_shrink_with_age() {
        assert_eq!(Poll::default().poll_intervals(), PollIntervals::default());
        let poll: Poll = toml::from_str("list = '2min'\nearly = '20s'").unwrap();
        let poll_intervals = poll.poll_intervals();
        let seconds = [
            poll_intervals.offers,
            poll_intervals.early,
            poll_intervals.later,
            poll_intervals.late,
            poll_intervals.visible,
        ]
        .map(|it| it.as_secs());
        assert_eq!(seconds, [120, 20, 20, 20, 15]);
        let keys = intervals(&poll_intervals);
        assert_eq!(keys.iter().map(|(key, _)| *key).collect::<Vec<_>>(), Poll::KEYS);
    }

    #[test]
    fn every_default_interval_is_within_the_limits() {
        for ((key, usual), (_, floor)) in intervals(&PollIntervals::default()).into_iter().zip(Poll::FLOORS) {
            assert!(usual >= Duration::from_secs(*floor) && usual <= LONGEST, "{key}");
        }
    }
}
