//! Times and lengths of time as a person reads them, in the person's zone.
//!
//! A screen shows as much of the date as it must; what is written in lines and stays has it whole, in a form that sorts.

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

/// A length of time: `12s`, `1m 12s`, `1h 1m`; never to be taken for a time of day.
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

/// The time of day, as `12:03:19`.
pub(crate) fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// For a line that stays: the time of day, with the day before it where that is not the day of `now`.
pub(crate) fn logged(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    if day(at) == day(now) {
        time_of_day(at, zone)
    } else {
        full(at, zone)
    }
}

/// Day and time to the second, as `2026-11-02 12:03:19`.
pub(crate) fn full(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// Day and time, as `2026-11-02 12:03`; a dash where it is not known.
pub(crate) fn day_and_time(at: Option<Timestamp>, zone: &TimeZone) -> String {
    at.map_or_else(
        || "–".to_owned(),
        |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// A span as the JSON has it.
pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
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

    #[test]
    fn times_are_short_and_in_the_readers_zone() {
        let at: Timestamp = "2026-11-02T12:03:19.5Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(time_of_day(at, &zone), "13:03:19");
        assert_eq!(day_and_time(Some(at), &zone), "2026-11-02 13:03");
        assert_eq!(logged(at, at, &zone), "13:03:19");
        let tomorrow = at + jiff::SignedDuration::from_hours(11);
        assert_eq!(logged(at, tomorrow, &zone), "2026-11-02 13:03:19");
        assert_eq!(day_and_time(None, &zone), "–");
    }
}
