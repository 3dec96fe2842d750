//! Scenarios: a practice marketplace and how it behaves, written in TOML.
//!
//! A scenario is the world itself, before its clock starts. It must not know HTTP.

mod bundled;
mod check;
mod generate;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

pub use super::error::{ErrorAnswer, Shape};
pub use super::script::{Answer, Route, Script};
pub use super::world::{
    CancelBehavior, CancelLocation, CancelOutcome, Kind, Message, Offer, Operation, Publisher, Quirks, Step,
};
use super::world::{World, WorldTime};
#[cfg(test)]
pub(super) use bundled::text as bundled_text;
pub use generate::Generate;

/// A whole practice marketplace, before its clock starts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    #[serde(skip)]
    name: String,
    /// The wall time at which the world starts; the time of starting when absent.
    pub epoch: Option<Timestamp>,
    /// Real time every answer takes at least.
    #[serde(default)]
    pub latency: SignedDuration,
    /// The publishers the token may see; the first is the one to use.
    #[serde(default = "contoso")]
    pub publishers: Vec<Publisher>,
    /// All offers, in the order the list gives them.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// Answers given out of turn, on any publisher or offer.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// Offers that are made up rather than written down.
    pub generate: Option<Generate>,
}

fn contoso() -> Vec<Publisher> {
    vec![Publisher {
        id: "contoso".into(),
        name: "Contoso Ltd.".into(),
    }]
}

impl Scenario {
    /// Reads a scenario from TOML and checks it.
    ///
    /// # Errors
    /// When the text is not TOML of this form, or contradicts itself.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let mut scenario: Self = toml::from_str(text).map_err(|e| ScenarioError(e.to_string()))?;
        scenario.name = "custom".into();
        generate::expand(&mut scenario);
        check::check(&scenario)?;
        Ok(scenario)
    }

    /// The scenario of that name that comes with the program.
    #[must_use]
    pub fn bundled(name: &str) -> Option<Self> {
        let text = bundled::text(name)?;
        let scenario = Self::parse(text).ok()?;
        Some(Self {
            name: name.into(),
            ..scenario
        })
    }

    /// The names of all scenarios that come with the program, in a fixed order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        bundled::BUNDLED.iter().map(|(name, _)| *name)
    }

    /// A line about a bundled scenario: the comment its file opens with.
    #[must_use]
    pub fn summary(name: &str) -> Option<&'static str> {
        bundled::text(name)?.lines().next()?.strip_prefix("# ")
    }

    /// The name it is bundled under, or `custom`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One offer, to change it before the world starts.
    pub fn offer_mut(&mut self, offer: &str) -> Option<&mut Offer> {
        self.offers.iter_mut().find(|known| known.id == offer)
    }

    /// The id of the publisher to use.
    pub(super) fn first_publisher(&self) -> &str {
        self.publishers.first().map_or("", |publisher| &publisher.id)
    }

    /// The world at its start, which is `now` unless the scenario has an epoch.
    pub(super) fn into_world(mut self, now: Timestamp) -> World {
        let publisher = self.first_publisher().to_owned();
        for offer in &mut self.offers {
            offer.complete(&publisher);
        }
        World {
            time: WorldTime::starting(self.epoch.unwrap_or(now)),
            publishers: self.publishers,
            offers: self.offers,
            scripts: self.scripts,
            latency: self.latency,
        }
    }
}

/// The reason why a text is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError(String);

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a scenario: {}", self.0)
    }
}

impl std::error::Error for ScenarioError {}
