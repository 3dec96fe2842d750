//! Cost of loading a large catalogue over HTTP, from the practice marketplace.

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::{
        ids::{OfferId, Origin},
        offer::Offer,
        target::Binding,
    },
    engine::{Attention, Engine, EngineDeps, PollIntervals, Snapshot, ports::Clock},
    journal::MemoryJournal,
    service::{auth::StaticToken, cpp::Client, http::ClientOptions},
    simulator::{Options, Scenario, Simulator},
};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    runtime::{Builder, Runtime},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    desk,
    measure::{Budget, Measure, Unit, figure},
    publisher::epoch,
};

/// Operations in flight, and the list rows in a window of 120×40.
pub(crate) const IN_FLIGHT: usize = 50;
const VISIBLE: usize = 37;

/// A marketplace with threads of its own.
pub(crate) struct Market {
    pub(crate) simulator: Simulator,
    _runtime: Runtime,
}

impl Market {
    /// Creates ten thousand offers, fifty of them in flight; every answer takes `latency`.
    pub(crate) fn large(latency: Duration) -> Self {
        let mut scenario = Scenario::bundled("large").unwrap();
        scenario.latency = SignedDuration::try_from(latency).unwrap();
        Self::with(scenario)
    }

    /// Creates a marketplace from any scenario.
    pub(crate) fn with(scenario: Scenario) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let simulator = runtime
            .block_on(Simulator::start(Options::new(scenario)))
            .unwrap();
        Self {
            simulator,
            _runtime: runtime,
        }
    }
}

/// Wall clock that follows tokio's.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        epoch() + self.0.elapsed()
    }
}

/// Requests everything that the first screen shows; returns the time until it is loaded.
pub(crate) async fn read(market: &Market) -> Duration {
    let began = Instant::now();
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = Engine::new(parts(&market.simulator), tasks, stop.clone());
    let _ends = stop.drop_guard();
    engine.keep_catalogue();
    let mut snapshots = engine.snapshots();
    let known = snapshots.wait_for(|known| known.offers.value().is_some()).await;
    let visible = in_flight(&known.unwrap());
    let visible: Vec<OfferId> = visible.into_iter().take(VISIBLE).collect();
    engine.attend(Attention {
        selected: visible.first().cloned(),
        visible: visible.clone(),
    });
    let known = snapshots.wait_for(|known| is_complete(known, &visible)).await;
    drop(known);
    began.elapsed()
}

/// Counts the requests of one loading, against the expected number.
pub(crate) fn requests() -> Measure {
    let market = Market::large(Duration::ZERO);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(read(&market));
    Measure::new(
        "10,000 offers, 50 in flight",
        Unit::Requests,
        figure(market.simulator.request_count()),
        Budget::Ratio(1.0),
    )
    .against(figure(1 + IN_FLIGHT + VISIBLE))
}

fn in_flight(known: &Snapshot) -> Vec<OfferId> {
    let offers = known.offers.value().unwrap();
    let in_flight = offers.iter().filter(|offer| !Offer::is_at_rest(offer));
    in_flight.map(|offer| offer.id.clone()).collect()
}

/// Returns true if every operation in flight is loaded, with the details of the visible ones.
fn is_complete(known: &Snapshot, visible: &[OfferId]) -> bool {
    let operations = known.operations.values().filter_map(|known| known.value());
    operations.count() == IN_FLIGHT
        && visible.iter().all(|offer| {
            let operations = known.operations_of(offer).and_then(|known| known.value());
            operations.is_some_and(|operations| {
                operations
                    .active()
                    .all(|operation| known.detail_of(offer, &Binding::of(operation)).is_some())
            })
        })
}

fn parts(simulator: &Simulator) -> EngineDeps {
    let origin = Origin::parse(&simulator.origin()).unwrap();
    let token = StaticToken::new(&simulator.token().to_owned().into()).unwrap();
    let options = ClientOptions::new(origin.clone(), Arc::new(token));
    EngineDeps {
        origin,
        publisher: simulator.publisher().into(),
        profile: "practice".into(),
        owner: desk::owner(),
        catalogue: Arc::new(Client::new(&options).unwrap()),
        canceller: None,
        journal: Arc::new(MemoryJournal::new()),
        clock: Arc::new(Running(Instant::now())),
        poll_intervals: PollIntervals::default(),
    }
}
