//! Times as a person reads them: the time of day in the person's zone, and the length of what is going on.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

/// To the second, for what just happened: `12:04:31`, with the day in front when it is not today.
#[must_use]
pub(crate) fn exact(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone());
    if then.date() == today.date() {
        then.strftime("%H:%M:%S").to_string()
    } else if then.year() == today.year() {
        then.strftime("%-d %b %H:%M:%S").to_string()
    } else {
        then.strftime("%-d %b %Y %H:%M").to_string()
    }
}

/// For a narrow column: `12:04` today, `2 Nov` this year, `Nov 2021` before.
#[must_use]
pub(crate) fn brief(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone());
    let format = if then.date() == today.date() {
        "%H:%M"
    } else if then.year() == today.year() {
        "%-d %b"
    } else {
        "%b %Y"
    };
    then.strftime(format).to_string()
}

/// For a list over many days, always with the day: `22 Nov 12:03` this year, `2 Nov 2021` before.
#[must_use]
pub(crate) fn dated(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = at.to_zoned(zone.clone());
    let format = if then.year() == now.to_zoned(zone.clone()).year() {
        "%-d %b %H:%M"
    } else {
        "%-d %b %Y"
    };
    then.strftime(format).to_string()
}

/// A length that grows while it is watched: `12s`, `1m 12s`, `1h 1m`; never to be taken for a time of day.
#[must_use]
pub(crate) fn count(length: Duration) -> String {
    let seconds = length.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m {seconds}s"),
        // Whoever waits for hours counts no seconds.
        _ => format!("{hours}h {minutes}m"),
    }
}

/// From `earlier` to `later` in whole seconds of the wall clock, so that everything on the screen counts in one beat.
#[must_use]
pub(crate) fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    let seconds = later.as_second().saturating_sub(earlier.as_second());
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_tells_as_much_of_the_date_as_it_must() {
        let now: Timestamp = "2026-11-22T12:04:31Z".parse().unwrap();
        let zone = TimeZone::UTC;
        for (at, long, short, day) in [
            ("2026-11-22T09:12:00Z", "09:12:00", "09:12", "22 Nov 09:12"),
            ("2026-11-02T09:12:00Z", "2 Nov 09:12:00", "2 Nov", "2 Nov 09:12"),
            (
                "2021-11-02T09:12:00Z",
                "2 Nov 2021 09:12",
                "Nov 2021",
                "2 Nov 2021",
            ),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(exact(at, now, &zone), long);
            assert_eq!(brief(at, now, &zone), short);
            assert_eq!(dated(at, now, &zone), day);
        }
    }

    #[test]
    fn a_length_cannot_be_taken_for_a_time_of_day() {
        for (seconds, told) in [
            (0, "0s"),
            (59, "59s"),
            (72, "1m 12s"),
            (3672, "1h 1m"),
            (90_000, "25h 0m"),
        ] {
            assert_eq!(count(Duration::from_secs(seconds)), told);
        }
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(between(at(5), at(2)), Duration::ZERO);
    }
}
