//! Storage operations of a journal. Obeys; the rules decide what is allowed.

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

/// Storage of facts, held exclusively for one call of the rules.
pub(super) trait Ledger {
    /// Returns the open cancellation that holds the claim on `target`.
    fn holder(&self, target: &Target) -> Result<Option<Cancellation>, Fault>;

    /// Returns the cancellation with this id, folded from its facts.
    fn cancellation(&self, id: &CancellationId) -> Result<Option<Cancellation>, Fault>;

    /// Begins a cancellation that holds the claim on its target, under a new id of the ledger.
    fn begin(&mut self, claim: &Claim, at: Timestamp) -> Result<Cancellation, Fault>;

    /// Takes the claim away from a cancellation, which stays open otherwise.
    fn release(&mut self, id: &CancellationId) -> Result<(), Fault>;

    /// Adds `fact` to the facts of `cancellation` and stores the new state; both or neither.
    fn add(&mut self, cancellation: Cancellation, fact: Fact, at: Timestamp) -> Result<Recorded, Fault>;
}
