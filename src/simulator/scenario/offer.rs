//! How an offer is written down, and what a cancel does to it.

use jiff::SignedDuration;
use serde::Deserialize;

use super::{OperationForm, Quirks, Script};

/// An offer and its behaviour.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OfferForm {
    /// The id, as in the path.
    pub id: String,
    /// The display text.
    #[serde(default)]
    pub name: String,
    /// The publisher's id; the first publisher when empty.
    #[serde(default)]
    pub publisher: String,
    /// The offer type id; a virtual machine when empty.
    #[serde(default, rename = "type")]
    pub type_id: String,
    /// The state word while the offer has no operation at all; `neverPublished` when absent.
    pub status: Option<String>,
    /// How long before the world's start the offer was last changed by hand; at the start when it has no
    /// operation either.
    pub changed: Option<SignedDuration>,
    /// Never moved to Partner Center: other ids, and an address for mail in its status.
    #[serde(default)]
    pub legacy: bool,
    /// `changedTime` comes without a zone.
    #[serde(default)]
    pub zoneless: bool,
    /// A single operation comes wrapped in an array.
    #[serde(default)]
    pub wrapped: bool,
    /// Real time every answer on this offer takes at least.
    #[serde(default)]
    pub latency: SignedDuration,
    /// Its operations, oldest first.
    #[serde(default)]
    pub operations: Vec<OperationForm>,
    /// A new operation like the last one starts this long after the last one ended.
    pub again: Option<SignedDuration>,
    /// Just before this look (the first is 1) at the submissions the active operation ends and another starts.
    pub superseded_at_look: Option<u32>,
    /// What a cancel does.
    #[serde(default)]
    pub cancel: CancelForm,
    /// Answers given out of turn.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// Oddities of its entry in the list.
    #[serde(default)]
    pub quirks: Quirks,
}

/// What a cancel does that no script answers first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CancelForm {
    /// 200 and canceled on the spot, instead of 202 and later.
    pub synchronous: bool,
    /// Where a 202 says to look.
    pub location: LocationForm,
    /// `Location`, word for word, instead.
    pub location_verbatim: Option<String>,
    /// What becomes of the operation.
    pub outcome: Outcome,
    /// World time from the 202 to the outcome.
    pub takes: SignedDuration,
    /// Real time the answer takes at least.
    pub latency: SignedDuration,
    /// World time from the cancel on in which no answer knows the operation that it meant: what is read comes from
    /// a copy that is behind.
    pub lag: SignedDuration,
}

impl Default for CancelForm {
    fn default() -> Self {
        Self {
            synchronous: false,
            location: LocationForm::Operation,
            location_verbatim: None,
            outcome: Outcome::Canceled,
            takes: SignedDuration::from_secs(6),
            latency: SignedDuration::ZERO,
            lag: SignedDuration::ZERO,
        }
    }
}

/// The form in which a 202 names the place to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocationForm {
    /// `Location`, relative, with `api-version`, naming the target.
    Operation,
    /// `Operation-Location`, absolute, without `api-version`, naming the target.
    OperationLocation,
    /// Both of these, naming the target.
    Both,
    /// `Location` of a new operation that carries the cancel out, and `Operation-Location` naming the target.
    Differing,
    /// `Location`, relative, of the older path shape with dollar signs.
    Legacy,
    /// Only a field of the body.
    Body,
    /// `Location` of a new operation that carries the cancel out.
    OtherOperation,
    /// `Location` on another origin.
    Foreign,
    /// Nowhere.
    None,
}

/// What becomes of the active operation once a cancel was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is canceled.
    Canceled,
    /// It ends by itself, although the cancel was accepted.
    TooLate,
    /// It ends by itself in the very moment of the cancel.
    EndsFirst,
    /// It runs on; a new operation that was to cancel it fails.
    RunsOn,
}
