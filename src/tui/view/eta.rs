//! How long a cancellation is usually waited for, and whether this one is stuck. Never how much of it is done: the service
//! does not say.

use std::time::Duration;

use crate::{
    domain::{
        precedent::{Precedent, Stuck},
        stage::Stage,
    },
    engine::Tracked,
    presentation::{
        Tone,
        moment::{between, count},
    },
    tui::model::Model,
};

/// Whether a cancellation that is waited for takes much longer than those before.
pub(super) fn stuck(model: &Model, tracked: &Tracked) -> Option<Stuck> {
    let elapsed = between(tracked.cancellation.claimed_at, model.now.wall);
    is_waited_for(tracked)
        .then(|| model.cancel_stats.known().judge(elapsed))
        .flatten()
}

/// What to expect of a cancellation that is waited for, or what to do where that has passed by far.
pub(super) fn told(model: &Model, tracked: &Tracked) -> Option<(String, Tone)> {
    if let Some(stuck) = stuck(model, tracked) {
        return Some((advice(stuck, model.cancel_stats.known(), tracked), Tone::Open));
    }
    let usual = usual(model.cancel_stats.known()).filter(|_| is_waited_for(tracked))?;
    Some((usual, Tone::Quiet))
}

/// All of what those before took, for where there is room.
pub(super) fn summary(precedent: &Precedent) -> Option<String> {
    let (median, longest) = (precedent.median()?, precedent.longest()?);
    let before = precedent.count();
    Some(format!(
        "median {}, longest {}, of the newest {before} canceled here",
        count(median),
        count(longest)
    ))
}

/// Whether the service has it, and it is up to the service.
fn is_waited_for(tracked: &Tracked) -> bool {
    tracked.is_in_progress() && matches!(tracked.cancellation.stage, Stage::Answered(_) | Stage::Uncertain)
}

fn usual(precedent: &Precedent) -> Option<String> {
    let (from, to) = precedent.usual()?;
    let before = precedent.count();
    Some(format!("usually {} here ({before} before)", range(from, to)))
}

fn advice(stuck: Stuck, precedent: &Precedent, tracked: &Tracked) -> String {
    let why = match stuck {
        Stuck::TimesTheLongest(times) => {
            format!(
                "over {times} times as long as any of {} before",
                precedent.count()
            )
        }
        Stuck::Uncommon => "a cancel commonly takes a few minutes".to_owned(),
    };
    let answer = tracked.cancellation.answer.as_ref();
    let id = match answer.and_then(|answer| answer.correlation_id.as_ref()) {
        Some(_) => "correlation id",
        None => "operation's id",
    };
    format!("stuck? {why}; Microsoft's support can be asked by the {id}, and looks go on")
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
        (from, to) if from == to => format!("about {to} {word}"),
        (from, to) => format!("{from} to {to} {word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_reads_in_one_unit() {
        for (from, to, told) in [
            (0, 0, "about 1 s"),
            (18, 26, "18 to 26 s"),
            (99, 99, "about 99 s"),
            (26, 110, "1 to 2 min"),
            (125, 240, "2 to 4 min"),
            (110, 130, "about 2 min"),
            (600, 7200, "1 to 2 h"),
        ] {
            let range = range(Duration::from_secs(from), Duration::from_secs(to));
            assert_eq!(range, told);
        }
    }
}
