//! Figures that are the same in every run: bytes, requests, wake-ups. The benchmark prints them, and the tests hold
//! them to their budgets.

pub(crate) mod bare;
pub(crate) mod catalogue;
pub(crate) mod desk;
pub(crate) mod measure;
mod moving;
pub(crate) mod paper;
pub(crate) mod publisher;
mod watching;

use measure::Measure;

/// Returns all figures that need no socket, with `count` offers, and the cursor moved through `scrolled` of them. Runs
/// on a paused clock.
pub(crate) fn measures(count: usize, scrolled: usize) -> Vec<Measure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut measures = moving::measures(count, scrolled).await;
        measures.extend(watching::measures(count).await);
        measures
    })
}
