//! Words for how long a cancellation usually takes, and for one that takes much longer. Never how much of it is done: the
//! service does not say.

use std::time::Duration;

use crate::{
    domain::{
        cancellation::Cancellation,
        precedent::{Precedent, Stuck},
    },
    presentation::moment::count,
};

/// The word for one that takes much longer than those before.
pub(crate) const STUCK: &str = "stuck?";

/// How long they usually take.
pub(crate) fn usual(precedent: &Precedent) -> Option<String> {
    let (from, to) = precedent.usual()?;
    let earlier = match precedent.count() {
        1 => "1 earlier cancel".to_owned(),
        many => format!("{many} earlier cancels"),
    };
    Some(format!("usually {} ({earlier})", range(from, to)))
}

/// All of what those before took, for where there is room.
pub(crate) fn summary(precedent: &Precedent) -> Option<String> {
    let (median, longest) = (precedent.median()?, precedent.longest()?);
    let before = precedent.count();
    Some(format!(
        "median {}, longest {}, of the newest {before} canceled here",
        count(median),
        count(longest)
    ))
}

/// What to do about `cancellation`, which takes much longer than those before.
pub(crate) fn advice(stuck: Stuck, precedent: &Precedent, cancellation: &Cancellation) -> String {
    let why = match stuck {
        Stuck::TimesTheLongest(times) => {
            format!(
                "over {times} times as long as any of {} before",
                precedent.count()
            )
        }
        Stuck::Uncommon => "a cancel commonly takes a few minutes".to_owned(),
    };
    let answer = cancellation.answer.as_ref();
    let id = match answer.and_then(|answer| answer.correlation_id.as_ref()) {
        Some(_) => "correlation id",
        None => "operation's id",
    };
    format!("{STUCK} {why}; still looking; Microsoft's support can help with the {id}")
}

/// In the unit that the longer one is told in.
fn range(from: Duration, to: Duration) -> String {
    let (unit, word) = match to.as_secs() {
        0..100 => (1, "s"),
        100..6000 => (60, "min"),
        _ => (3600, "h"),
    };
    let whole = |length: Duration| ((length.as_secs() + unit / 2) / unit).max(1);
    match (whole(from), whole(to)) {
        (from, to) if from == to => format!("~{to} {word}"),
        (from, to) => format!("{from} to {to} {word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_reads_in_one_unit() {
        for (from, to, told) in [
            (0, 0, "~1 s"),
            (18, 26, "18 to 26 s"),
            (99, 99, "~99 s"),
            (26, 110, "1 to 2 min"),
            (125, 240, "2 to 4 min"),
            (110, 130, "~2 min"),
            (600, 7200, "1 to 2 h"),
        ] {
            let range = range(Duration::from_secs(from), Duration::from_secs(to));
            assert_eq!(range, told);
        }
    }
}
