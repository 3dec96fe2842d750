//! Words that several verbs share: times of day, where an operation leads, what it is.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

pub(crate) use crate::domain::operation::course;
use crate::domain::{
    confirmation::Address,
    operation::{CancelState, Destination},
    text::SafeText,
    verdict::Evidence,
};

/// The time of day, as `12:03:19`.
pub(crate) fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// The time of day, with the day before it where that is not the day of `now`.
pub(crate) fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
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

/// A span in whole seconds, as `1m 41s`.
pub(crate) fn span(span: Duration) -> String {
    let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", SignedDuration::from_secs(seconds))
}

/// A span as the JSON has it.
pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// What a verdict rests on, for a reader.
pub(crate) fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Observed => "observed",
        Evidence::Answer => "by the answer",
        Evidence::OfferStatus => "by the offer",
    }
}

/// The destination as the JSON words it: `preview`, `live`, the service's own word, or nothing.
pub(crate) fn destination(destination: &Destination) -> Option<SafeText> {
    match destination {
        Destination::Preview => Some("preview".into()),
        Destination::Live => Some("live".into()),
        Destination::Unknown(slot) if slot.is_empty() => None,
        Destination::Unknown(slot) => Some(slot.clone()),
    }
}

/// What `cancellationRequestState` says, in the service's word; nothing where it says nothing.
pub(crate) fn cancel_state(state: &CancelState) -> Option<SafeText> {
    match state {
        CancelState::Unknown => None,
        CancelState::CanCancel => Some("canCancel".into()),
        CancelState::Says(word) => Some(word.clone()),
    }
}

/// Who is mailed, for a reader.
pub(crate) fn mailed(notify: &[Address]) -> String {
    if notify.is_empty() {
        "nobody by this request".to_owned()
    } else {
        listed(notify.iter().map(Address::as_str))
    }
}

/// Several words with commas between them.
pub(crate) fn listed<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short_and_in_the_readers_zone() {
        let at: Timestamp = "2026-11-02T12:03:19.5Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(time_of_day(at, &zone), "13:03:19");
        assert_eq!(day_and_time(Some(at), &zone), "2026-11-02 13:03");
        assert_eq!(moment(at, at, &zone), "13:03:19");
        let tomorrow = at + SignedDuration::from_hours(11);
        assert_eq!(moment(at, tomorrow, &zone), "2026-11-02 13:03:19");
        assert_eq!(day_and_time(None, &zone), "–");
        assert_eq!(span(Duration::from_millis(101_900)), "1m 41s");
    }

    #[test]
    fn courses_and_words() {
        assert_eq!(course(&"publish".into(), &Destination::Live), "publish → LIVE");
        assert_eq!(
            course(&"".into(), &Destination::Unknown("".into())),
            "operation → unknown"
        );
        assert_eq!(destination(&Destination::Live), Some("live".into()));
        assert_eq!(destination(&Destination::Unknown("".into())), None);
        assert_eq!(cancel_state(&CancelState::Unknown), None);
        assert_eq!(mailed(&[]), "nobody by this request");
    }
}
