//! The few things a place for facts must be able to do. It obeys; what is allowed is up to the rules.

use jiff::Timestamp;

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Recorded},
        ids::CancellationId,
        target::Target,
    },
    journal::fault::Fault,
};

/// A place for facts, held alone for as long as one call of the rules takes.
pub(super) trait Ledger {
    /// The open cancellation that holds the claim on `target`.
    fn holder(&self, target: &Target) -> Result<Option<Cancellation>, Fault>;

    /// The cancellation with this id, folded from its facts.
    fn cancellation(&self, id: &CancellationId) -> Result<Option<Cancellation>, Fault>;

    /// Begins a cancellation that holds the claim on its target, under an id of the ledger's making.
    fn begin(&mut self, claim: &Claim, at: Timestamp) -> Result<Cancellation, Fault>;

    /// Takes the claim away from a cancellation, which stays open otherwise.
    fn release(&mut self, id: &CancellationId) -> Result<(), Fault>;

    /// Adds `fact` to the facts of `cancellation` and keeps what it has come to; both or neither.
    fn add(&mut self, cancellation: Cancellation, fact: Fact, at: Timestamp) -> Result<Recorded, Fault>;
}
