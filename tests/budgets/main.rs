//! Machine-independent budgets: the same figures that `cargo bench --bench dashboard` prints.

#![expect(
    clippy::unwrap_used,
    reason = "a test says by them what it needs; the lint knows test functions alone"
)]

#[expect(dead_code, reason = "what is timed and what is printed is the bench's")]
#[path = "../../benches/dashboard/counted/mod.rs"]
mod counted;

use counted::measure::{Budget, Measure, Unit};

/// Enough rows for many turns of the window.
const OFFERS: usize = 600;
const SCROLLED: usize = 500;

#[test]
fn bytes_and_wake_ups_are_within_budget() {
    for measure in counted::measures(OFFERS, SCROLLED) {
        assert!(!measure.is_over(), "{measure:?}");
    }
}

#[test]
fn large_catalogue_requests_only_list_in_flight_and_visible() {
    let requests = counted::catalogue::requests();
    assert!(!requests.is_over(), "{requests:?}");
}

#[test]
fn exceeded_or_missing_figures_are_over_budget() {
    let measure = |ours, budget| Measure::new("it", Unit::Bytes, ours, budget);
    for (ours, budget, bare, is_over) in [
        (12.0, Budget::Ratio(1.2), Some(10.0), false),
        (12.1, Budget::Ratio(1.2), Some(10.0), true),
        (0.0, Budget::Ratio(1.2), None, true),
        (400.0, Budget::Most(400.0), Some(1.0), false),
        (401.0, Budget::Most(400.0), Some(1_000.0), true),
        (f64::INFINITY, Budget::Ratio(1.2), Some(f64::INFINITY), true),
        (f64::INFINITY, Budget::None, None, false),
    ] {
        let plain = measure(ours, budget);
        let measure = bare.map_or(plain.clone(), |bare| plain.against(bare));
        assert_eq!(measure.is_over(), is_over, "{measure:?}");
    }
}
