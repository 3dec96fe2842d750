//! Durations of earlier cancellations, to detect one that takes much longer. Computes only; faces word the durations.

use std::time::Duration;

use crate::domain::{
    answer::{Answer, Outcome},
    cancellation::Cancellation,
    fact::Fact,
    time::since,
    verdict::{Ending, Verdict},
};

/// Number of newest ones that count: the service changes, so old durations are weak evidence.
const NEWEST: usize = 20;
/// Minimum number from which the longest one sets the limit.
const ENOUGH: usize = 3;
/// Factor on the longest.
const MUCH: u32 = 2;
/// Minimum duration to be called stuck, however short the earlier ones were.
const LEAST: Duration = Duration::from_mins(1);
/// Duration to be called stuck without enough earlier ones: the service usually takes a few minutes.
const UNCOMMON: Duration = Duration::from_mins(15);
/// Maximum gap between two looks, unless nobody was looking, as while a laptop slept.
const BETWEEN_LOOKS: Duration = Duration::from_mins(2);

/// Durations of cancellations, from the claim to the reading as canceled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precedent {
    /// Sorted ascending.
    lengths: Vec<Duration>,
}

/// Reasons to call a cancellation stuck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// Takes over this many times as long as any before.
    TimesTheLongest(u128),
    /// Takes longer than is common, with too few earlier ones to compare.
    Uncommon,
}

impl Precedent {
    /// Selects from `cancellations`, newest first, those that waited for the service, were watched throughout, and were
    /// canceled.
    #[must_use]
    pub fn of<'a>(cancellations: impl IntoIterator<Item = &'a Cancellation>) -> Self {
        let mut lengths: Vec<Duration> = cancellations
            .into_iter()
            .filter_map(length)
            .take(NEWEST)
            .collect();
        lengths.sort_unstable();
        Self { lengths }
    }

    /// Returns the number of cancellations.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lengths.len()
    }

    /// Returns the median; of an even number, the longer middle one.
    #[must_use]
    pub fn median(&self) -> Option<Duration> {
        self.lengths.get(self.lengths.len() / 2).copied()
    }

    /// Returns the longest.
    #[must_use]
    pub fn longest(&self) -> Option<Duration> {
        self.lengths.last().copied()
    }

    /// Returns the range without the shortest and longest tenth.
    #[must_use]
    pub fn usual(&self) -> Option<(Duration, Duration)> {
        let tenth = self.lengths.len() / 10;
        let usual = self.lengths.get(tenth..self.lengths.len() - tenth)?;
        Some((*usual.first()?, *usual.last()?))
    }

    /// Returns a reason if a cancellation that has taken `elapsed` is stuck.
    #[must_use]
    pub fn judge(&self, elapsed: Duration) -> Option<Stuck> {
        match self.longest() {
            Some(longest) if self.count() >= ENOUGH => {
                let is_stuck = elapsed > LEAST.max(longest.saturating_mul(MUCH));
                // A longest of zero would make any duration a multiple.
                let times = elapsed.as_millis() / longest.as_millis().max(1000);
                is_stuck.then_some(Stuck::TimesTheLongest(times))
            }
            _ => (elapsed > UNCOMMON).then_some(Stuck::Uncommon),
        }
    }
}

/// Returns the duration, if it measures the service.
fn length(cancellation: &Cancellation) -> Option<Duration> {
    let (ended_at, ending) = cancellation.ending.as_ref()?;
    let length = since(cancellation.claimed_at, *ended_at);
    let is_said = ending.verdict == Verdict::Canceled
        && !ending.is_provisional()
        && cancellation.attempts > 0
        && !was_done_at_once(cancellation.answer.as_ref())
        && was_watched(cancellation, ending, length);
    is_said.then_some(length)
}

/// Returns true for a 200, which measures only the request.
fn was_done_at_once(answer: Option<&Answer>) -> bool {
    answer.is_some_and(|answer| answer.outcome == Outcome::Done)
}

/// Returns true if it was watched throughout; an unwatched one may have been canceled long before it was read.
fn was_watched(cancellation: &Cancellation, ending: &Ending, length: Duration) -> bool {
    let was_let_go = |fact: &Fact| matches!(fact, Fact::Settled(one) if one.is_provisional());
    let looks = ending.polls.saturating_add(1);
    !cancellation
        .facts
        .iter()
        .any(|recorded| was_let_go(&recorded.fact))
        && length <= BETWEEN_LOOKS.saturating_mul(looks)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        cancellation::tests::{answer, owner, request, sending},
        fact::{Claim, Recorded},
    };

    const SECOND: Duration = Duration::from_secs(1);

    fn settled(verdict: Verdict, polls: u32) -> Fact {
        Fact::Settled(Ending {
            polls,
            ..Ending::new(verdict)
        })
    }

    /// Creates a cancellation whose facts all come at its end, `seconds` after the claim.
    fn after(seconds: u64, facts: Vec<Fact>) -> Cancellation {
        let claim = Claim {
            request: request(),
            by: owner(),
        };
        let start = Timestamp::UNIX_EPOCH;
        let mut cancellation = Cancellation::claimed("c".into(), claim, 1, start);
        let at = start + SignedDuration::from_secs(seconds.cast_signed());
        for (fact, number) in facts.into_iter().zip(2..) {
            assert!(cancellation.apply(Recorded { number, at, fact }));
        }
        cancellation
    }

    fn canceled(seconds: u64) -> Cancellation {
        let polls = u32::try_from(seconds / 10).unwrap();
        after(
            seconds,
            vec![sending(1), answer(202), settled(Verdict::Canceled, polls)],
        )
    }

    fn precedent(seconds: &[u64]) -> Precedent {
        let all: Vec<Cancellation> = seconds.iter().map(|&seconds| canceled(seconds)).collect();
        Precedent::of(&all)
    }

    #[test]
    fn durations_that_do_not_measure_the_service_are_skipped() {
        for (what, facts) in [
            ("open", vec![sending(1), answer(202)]),
            (
                "done at once",
                vec![sending(1), answer(200), settled(Verdict::Canceled, 1)],
            ),
            (
                "ended by itself",
                vec![sending(1), answer(202), settled(Verdict::FinishedFirst, 9)],
            ),
            (
                "found canceled before anything was sent",
                vec![settled(Verdict::Canceled, 9)],
            ),
            (
                "let go and found canceled later",
                vec![
                    sending(1),
                    answer(202),
                    settled(Verdict::Pending, 8),
                    settled(Verdict::Canceled, 9),
                ],
            ),
            (
                "slept over",
                vec![sending(1), answer(202), settled(Verdict::Canceled, 1)],
            ),
        ] {
            let seconds = if what == "slept over" { 3600 } else { 60 };
            assert_eq!(Precedent::of(&[after(seconds, facts)]).count(), 0, "{what}");
        }
        let lost = Fact::AnswerLost {
            error: "reset".into(),
        };
        let uncertain = after(60, vec![sending(1), lost, settled(Verdict::Canceled, 9)]);
        assert_eq!(Precedent::of(&[uncertain]).longest(), Some(60 * SECOND));
    }

    #[test]
    fn only_the_newest_are_counted() {
        let mut seconds = vec![10; NEWEST];
        seconds.push(5000);
        assert_eq!(precedent(&seconds).longest(), Some(10 * SECOND));
        assert_eq!(precedent(&seconds).count(), NEWEST);
    }

    #[test]
    fn usual_range_drops_a_tenth_at_either_end() {
        let tens: Vec<u64> = (1..=10).map(|ten| ten * 10).collect();
        for (seconds, median, usual) in [
            (&[50][..], 50, (50, 50)),
            (&[50, 40], 50, (40, 50)),
            (&[90, 10, 20], 20, (10, 90)),
            (&tens, 60, (20, 90)),
        ] {
            let precedent = precedent(seconds);
            assert_eq!(precedent.median(), Some(median * SECOND), "{seconds:?}");
            let (from, to) = usual;
            assert_eq!(
                precedent.usual(),
                Some((from * SECOND, to * SECOND)),
                "{seconds:?}"
            );
        }
        assert_eq!((precedent(&[]).median(), precedent(&[]).usual()), (None, None));
    }

    #[test]
    fn much_longer_than_any_before_is_stuck() {
        let minutes = |minutes: u64| Duration::from_mins(minutes);
        let before = precedent(&[120, 180, 240]);
        assert_eq!(before.judge(minutes(8)), None);
        assert_eq!(before.judge(minutes(8) + SECOND), Some(Stuck::TimesTheLongest(2)));
        assert_eq!(before.judge(minutes(13)), Some(Stuck::TimesTheLongest(3)));
        let quick = precedent(&[0, 1, 0]);
        assert_eq!(quick.judge(minutes(1)), None, "a minute is never long");
        assert_eq!(
            quick.judge(minutes(2)),
            Some(Stuck::TimesTheLongest(120)),
            "of a second"
        );
    }

    #[test]
    fn with_few_before_longer_than_common_is_stuck() {
        for before in [precedent(&[]), precedent(&[10, 20])] {
            assert_eq!(before.judge(UNCOMMON), None);
            assert_eq!(before.judge(UNCOMMON + SECOND), Some(Stuck::Uncommon));
        }
    }

    proptest! {
        #[test]
        fn usual_range_is_within_all_and_contains_the_median(
            seconds in prop::collection::vec(0u64..1000, 1..40),
        ) {
            let precedent = precedent(&seconds);
            let (from, to) = precedent.usual().unwrap();
            let median = precedent.median().unwrap();
            prop_assert!(from <= median && median <= to && Some(to) <= precedent.longest());
            prop_assert!(seconds.len() < ENOUGH || precedent.judge(precedent.longest().unwrap()).is_none());
        }
    }
}
