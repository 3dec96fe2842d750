//! Scenarios: what a practice marketplace holds and how it behaves, written in TOML.
//!
//! Plain data and its validation. It must not know the world that is built from it, nor HTTP.

mod bundled;
mod check;
mod generate;
mod offer;
mod operation;
mod quirks;
mod script;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

#[cfg(test)]
pub(super) use bundled::text as bundled_text;
pub use generate::Generate;
pub use offer::{CancelForm, LocationForm, OfferForm, Outcome};
pub use operation::{Kind, MessageForm, OperationForm, StepForm};
pub use quirks::Quirks;
pub use script::{Answer, Route, Script, Shape};

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
    pub publishers: Vec<PublisherForm>,
    /// All offers, in the order the list gives them.
    #[serde(default)]
    pub offers: Vec<OfferForm>,
    /// Answers given out of turn, on any publisher or offer.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// Offers that are made up rather than written down.
    pub generate: Option<Generate>,
}

/// A publisher account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PublisherForm {
    /// The id, as in the path.
    pub id: String,
    /// The display text.
    pub name: String,
}

fn contoso() -> Vec<PublisherForm> {
    vec![PublisherForm {
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

    /// One line that says what a bundled scenario shows: the comment its file opens with.
    #[must_use]
    pub fn summary(name: &str) -> Option<&'static str> {
        bundled::text(name)?.lines().next()?.strip_prefix("# ")
    }

    /// The name it is bundled under, or `custom`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The form of one offer, to change it before the world starts.
    pub fn offer_mut(&mut self, offer: &str) -> Option<&mut OfferForm> {
        self.offers.iter_mut().find(|form| form.id == offer)
    }
}

/// Why a text is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError(String);

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a scenario: {}", self.0)
    }
}

impl std::error::Error for ScenarioError {}
