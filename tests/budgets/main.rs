//! The budgets that do not depend on the machine, held: the same figures that `cargo bench --bench dashboard` prints.

#![expect(
    clippy::unwrap_used,
    reason = "a test says by them what it needs; the lint knows test functions alone"
)]

#[expect(dead_code, reason = "what is timed and what is printed is the bench's")]
#[path = "../../benches/dashboard/counted/mod.rs"]
mod counted;

/// Enough rows for many turns of the window.
const OFFERS: usize = 1_000;
const SCROLLED: usize = 900;

#[test]
fn what_is_written_and_what_wakes_it_keeps_its_budget() {
    for measure in counted::measures(OFFERS, SCROLLED) {
        assert!(!measure.is_over(), "{measure:?}");
    }
}

#[test]
fn a_large_catalogue_costs_its_list_what_is_in_flight_and_what_is_in_view() {
    let requests = counted::catalogue::requests();
    assert!(!requests.is_over(), "{requests:?}");
}
