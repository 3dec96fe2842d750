//! The world: publishers, offers and operations that move with a clock given as an argument.
//!
//! Each is deserialized from a scenario, which fills its public fields; what becomes of it since is kept beside them.
//! Pure. It must not know HTTP, tokio or the wall clock: a moment is a span since the world's start, and wall times
//! are derived from the epoch.

mod accept;
mod cancel;
mod default_steps;
mod offer;
mod operation;
mod progress;
mod publisher;
mod quirks;
mod step;
mod time;

use std::time::Duration;

use jiff::SignedDuration;

use super::script::Script;
pub(crate) use accept::Accepted;
pub use cancel::{CancelBehavior, CancelLocation, CancelOutcome};
pub use offer::Offer;
pub(crate) use operation::is_success;
pub use operation::{Kind, Message, Operation};
pub(crate) use progress::StepNow;
pub use publisher::Publisher;
pub use quirks::Quirks;
pub use step::Step;
use time::Moment;
pub(crate) use time::WorldTime;

/// A marketplace.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) time: WorldTime,
    pub(crate) publishers: Vec<Publisher>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) scripts: Vec<Script>,
    pub(crate) latency: SignedDuration,
}

impl World {
    /// Lets the world move on to this moment after its start. It never moves back.
    pub(crate) fn advance(&mut self, now: Duration) {
        let now = Moment::try_from(now).unwrap_or(Moment::MAX);
        self.time.now = self.time.now.max(now);
        for offer in &mut self.offers {
            offer.restart(self.time.now);
        }
    }

    /// Checks that there is such a publisher.
    pub(crate) fn has_publisher(&self, id: &str) -> bool {
        self.publishers.iter().any(|publisher| publisher.id == id)
    }

    /// The first offer of that id, whoever publishes it.
    pub(crate) fn offer(&self, id: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    /// The first offer of that id, to change it.
    pub(crate) fn offer_mut(&mut self, id: &str) -> Option<&mut Offer> {
        self.offers.iter_mut().find(|offer| offer.id == id)
    }
}
