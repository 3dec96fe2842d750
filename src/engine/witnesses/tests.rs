//! Last word of one witness, and the time for which it holds.

use super::*;
use crate::service::cpp::status;

fn failure(class: Class, status: Option<u16>, correlation_id: Option<&str>) -> Failure {
    Failure {
        class,
        request: "state of vm".into(),
        what: "it broke".into(),
        advice: "".into(),
        status,
        correlation_id: correlation_id.map(Into::into),
        retry_after: None,
    }
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn word_dates_from_its_first_to_its_last_reading_in_a_row() {
    let start = Instant::now();
    let at = |second| start + seconds(second);
    let mut witness = Witness::default();
    assert!(witness.heard().is_none() && witness.state().is_none());
    let running = || Word::State(status("running"));
    witness.record(running(), at(1), at(2));
    witness.record(running(), at(4), at(5));
    let heard = witness.heard().unwrap();
    assert_eq!((heard.began, heard.since), (at(4), at(2)));

    // Another word, with the same meaning or not, starts a new count.
    witness.record(Word::State(status("waiting")), at(6), at(7));
    let heard = witness.heard().unwrap();
    assert_eq!((heard.began, heard.since), (at(6), at(7)));
    witness.record(running(), at(8), at(9));
    assert_eq!(witness.heard().unwrap().since, at(9));
    assert_eq!(witness.state_in(|phase| phase == Phase::Running), witness.state());
    assert_eq!(witness.state_in(Phase::has_ended), None);
}

#[test]
fn word_counts_for_earlier_moments_only() {
    let start = Instant::now();
    let at = |second| start + seconds(second);
    for (word, is_active, is_silent) in [
        (Word::State(status("running")), true, false),
        (Word::State(status("completed")), false, false),
        (Word::Missing, false, true),
        (Word::Closed, false, true),
    ] {
        let mut witness = Witness::default();
        witness.record(word.clone(), at(5), at(9));
        assert_eq!(witness.heard_since(at(5)), Some(&word));
        assert_eq!(witness.heard_since(at(6)), None);
        assert_eq!(witness.is_active_since(at(5)), is_active);
        assert!(!witness.is_active_since(at(6)));
        assert_eq!(witness.is_silent_since(at(5)), is_silent);
        assert!(!witness.is_silent_since(at(6)));
        assert_eq!(witness.is_silent(), is_silent);
        assert_eq!(witness.is_missing(), word == Word::Missing);
    }
}

#[test]
fn failure_keeps_the_last_word_and_a_word_clears_the_failure() {
    let now = Instant::now();
    let mut witness = Witness::default();
    assert!(witness.failure().is_none() && !witness.is_silent() && !witness.is_missing());
    witness.record(Word::State(status("running")), now, now);
    let cut = failure(Class::Transient, None, None);
    witness.failed(cut.clone(), now, now);
    assert_eq!(witness.failure(), Some(&cut));
    assert_eq!(witness.state(), Some(&status("running")));
    witness.record(Word::Missing, now, now);
    assert_eq!(witness.failure(), None);
}

#[test]
fn permanent_silence_is_three_words_over_ten_seconds() {
    let start = Instant::now();
    let at = |second| start + seconds(second);
    for (words, is_for_good) in [
        (
            &[(0, Word::Missing), (5, Word::Missing), (10, Word::Missing)][..],
            true,
        ),
        (
            &[(0, Word::Missing), (5, Word::Closed), (10, Word::Missing)],
            true,
        ),
        (
            &[(0, Word::Missing), (5, Word::Closed), (9, Word::Missing)],
            false,
        ),
        (&[(0, Word::Missing), (10, Word::Missing)], false),
        (
            &[
                (0, Word::Missing),
                (1, Word::State(status("running"))),
                (2, Word::Missing),
                (12, Word::Missing),
            ],
            false,
        ),
        (
            &[
                (0, Word::State(status("running"))),
                (2, Word::Missing),
                (3, Word::Missing),
                (11, Word::Missing),
            ],
            false,
        ),
        (
            &[
                (0, Word::Missing),
                (5, Word::Missing),
                (10, Word::Missing),
                (12, Word::State(status("running"))),
            ],
            false,
        ),
    ] {
        let mut witness = Witness::default();
        assert!(!witness.is_silent_for_good());
        for (second, word) in words {
            witness.record(word.clone(), at(*second), at(*second));
        }
        assert_eq!(witness.is_silent_for_good(), is_for_good, "{words:?}");
    }
}

#[test]
fn permanent_breakage_is_three_service_failures_over_ten_seconds() {
    let start = Instant::now();
    let at = |second| start + seconds(second);
    let breaks_over = |failure: &Failure, seconds: [u64; 3]| {
        let mut witness = Witness::default();
        for second in seconds {
            assert!(!witness.is_silent());
            witness.failed(failure.clone(), at(second), at(second));
        }
        assert!(!witness.is_silent_since(at(seconds[2] + 1)));
        assert_eq!(witness.is_silent_since(at(seconds[2])), witness.is_silent());
        witness.is_silent()
    };
    let broken = failure(Class::Transient, Some(500), Some("c-1"));
    assert!(breaks_over(&broken, [0, 1, 10]));
    assert!(!breaks_over(&broken, [0, 1, 9]));
    for other in [
        failure(Class::Transient, Some(503), Some("c-1")),
        failure(Class::Transient, Some(500), None),
        failure(Class::Transient, None, Some("c-1")),
        failure(Class::Foreign, Some(500), Some("c-1")),
        failure(Class::Bug, Some(500), Some("c-1")),
    ] {
        assert!(!breaks_over(&other, [0, 5, 20]), "{other:?}");
    }
}

#[test]
fn only_denials_of_the_service_are_words() {
    for (class, word) in [
        (Class::NotFound, Some(Word::Missing)),
        (Class::Forbidden, Some(Word::Closed)),
        (Class::Transient, None),
        (Class::SignIn, None),
        (Class::Throttled, None),
        (Class::Foreign, None),
        (Class::Bug, None),
    ] {
        assert_eq!(as_word(&failure(class, Some(404), None)), word, "{class:?}");
    }
}

#[test]
fn offer_has_moved_if_its_word_changed() {
    let now = Instant::now();
    for (first, newest, moved) in [
        (None, Some("canceled"), None),
        (Some("running"), None, None),
        (Some("running"), Some("running"), None),
        (Some("running"), Some("canceled"), Some("canceled")),
        (Some("succeeded"), Some("running"), Some("running")),
    ] {
        let mut heard = Witnesses {
            first_offer: first.map(status),
            ..Witnesses::default()
        };
        if let Some(newest) = newest {
            heard.offer.record(Word::State(status(newest)), now, now);
        }
        assert_eq!(heard.moved_offer().cloned(), moved.map(status));
    }
}

#[test]
fn witness_with_a_state_is_silent_only_after_repeated_denials() {
    let start = Instant::now();
    let at = |second| start + seconds(second);
    let mut witness = Witness::default();
    witness.record(Word::State(status("completed")), at(2), at(3));
    witness.record(Word::Missing, at(4), at(5));
    assert!(!witness.is_silent_since(at(1)), "it has told since");
    assert!(witness.is_silent_since(at(3)), "it has not told since");
    witness.record(Word::Missing, at(8), at(9));
    witness.record(Word::Missing, at(15), at(16));
    assert!(witness.is_silent_since(at(1)));
}
