//! Times as the service writes them.

use jiff::Timestamp;
use jiff::tz::Offset;

/// Seven digits and a zone.
pub(super) fn precise(at: Timestamp) -> String {
    format!("{}Z", local(at, 7))
}

/// Three digits and no zone at all.
pub(super) fn zoneless(at: Timestamp) -> String {
    local(at, 3)
}

/// Six digits and a zone.
pub(super) fn submission(at: Timestamp) -> String {
    format!("{}Z", local(at, 6))
}

fn local(at: Timestamp, digits: usize) -> String {
    format!("{:.digits$}", Offset::UTC.to_datetime(at))
}

/// The number of 100 ns since the year 1, which is what the version of a submission is.
pub(super) fn ticks(at: Timestamp) -> i64 {
    const EPOCH: i128 = 621_355_968_000_000_000;
    i64::try_from(at.as_nanosecond() / 100 + EPOCH).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_three_ways() {
        let at: Timestamp = "2018-03-26T21:46:01.179912345Z".parse().unwrap();
        assert_eq!(precise(at), "2018-03-26T21:46:01.1799123Z");
        assert_eq!(submission(at), "2018-03-26T21:46:01.179912Z");
        assert_eq!(zoneless(at), "2018-03-26T21:46:01.179");
        assert_eq!(ticks(at), 636_576_975_611_799_123);
    }
}
