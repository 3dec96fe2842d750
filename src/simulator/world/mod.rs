//! The world: publishers, offers and operations that move with a clock given as an argument.
//!
//! Pure. It must not know HTTP, tokio or the wall clock: a moment is a span since the world's start, and wall
//! times are derived from the epoch.

mod cancel;
pub(crate) mod identity;
mod offer;
mod operation;
mod playing;
mod steps;
mod usual;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::scenario::{Answer, PublisherForm, Route, Scenario, Script};
pub(crate) use cancel::Taken;
pub(crate) use offer::Offer;
pub(crate) use operation::Operation;
use playing::Playing;
pub(crate) use steps::StepNow;

/// A span since the world's start; negative before it.
pub(crate) type Moment = SignedDuration;

/// A marketplace.
#[derive(Clone, Debug)]
pub(crate) struct World {
    epoch: Timestamp,
    now: Moment,
    pub(crate) publishers: Vec<PublisherForm>,
    pub(crate) offers: Vec<Offer>,
    scripts: Vec<Playing>,
    pub(crate) latency: SignedDuration,
}

impl World {
    /// The world of a scenario, at its start.
    pub(crate) fn new(scenario: &Scenario, epoch: Timestamp) -> Self {
        let first = scenario
            .publishers
            .first()
            .map_or("", |publisher| publisher.id.as_str());
        Self {
            epoch,
            now: Moment::ZERO,
            publishers: scenario.publishers.clone(),
            offers: scenario
                .offers
                .iter()
                .map(|form| Offer::new(form, first))
                .collect(),
            scripts: scenario.scripts.iter().cloned().map(Playing::new).collect(),
            latency: scenario.latency,
        }
    }

    /// Lets the world move on to this moment after its start. It never moves back.
    pub(crate) fn advance(&mut self, now: Duration) {
        let now = Moment::try_from(now).unwrap_or(Moment::MAX);
        self.now = self.now.max(now);
        for offer in &mut self.offers {
            offer.restart(self.now);
        }
    }

    /// The moment it is at.
    pub(crate) fn now(&self) -> Moment {
        self.now
    }

    /// The wall time of a moment, as near as a timestamp can come.
    pub(crate) fn wall(&self, at: Moment) -> Timestamp {
        self.epoch.checked_add(at).unwrap_or(if at.is_negative() {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// Whether there is such a publisher.
    pub(crate) fn has_publisher(&self, id: &str) -> bool {
        self.publishers.iter().any(|publisher| publisher.id == id)
    }

    /// The place of an offer in the list.
    pub(crate) fn find(&self, publisher: &str, offer: &str) -> Option<usize> {
        self.offers
            .iter()
            .position(|o| o.id == offer && o.publisher == publisher)
    }

    /// The answer out of turn that is due on this route: the offer's own, or else the world's.
    pub(crate) fn out_of_turn(&mut self, route: Route, offer: Option<usize>) -> Option<Answer> {
        let mut own = offer.and_then(|at| self.offers.get_mut(at));
        if route == Route::Cancel {
            let own = own.iter_mut().flat_map(|offer| &mut offer.scripts);
            own.chain(&mut self.scripts).for_each(Playing::cancel_arrived);
        }
        own.and_then(|offer| playing::next(&mut offer.scripts, route))
            .or_else(|| playing::next(&mut self.scripts, route))
    }

    /// From now on the route answers by this script first.
    pub(crate) fn play(&mut self, script: Script) {
        self.scripts.insert(0, Playing::new(script));
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
