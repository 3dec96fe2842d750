//! Machine-dependent figures. Both sides are measured in turns, in one run, and the medians are compared.

pub(crate) mod bare;
pub(crate) mod frames;
pub(crate) mod network;
pub(crate) mod process;
mod pty;

use std::time::Duration;

use tokio::time::Instant;

/// Measures the duration of `work`.
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    std::hint::black_box(work());
    began.elapsed()
}

/// Returns the median in milliseconds; infinite if there is none, or it never came.
fn median(times: Vec<Option<Duration>>) -> f64 {
    let mut times: Vec<f64> = times
        .into_iter()
        .map(|time| time.map_or(f64::INFINITY, |time| time.as_secs_f64() * 1000.0))
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::INFINITY)
}
