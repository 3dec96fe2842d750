//! A fresh look at one offer: shown in a confirmation, and the basis of a request.

use jiff::Timestamp;

use crate::domain::{
    cancellation::Cancellation,
    fact::PreflightResult,
    ids::OperationId,
    name::OperationName,
    operation::{Operation, OperationDetail, Operations, Source},
    preflight,
    status::Phase,
    target::{Binding, Scope},
};

/// Maximum number of operations of one offer whose details are read. With more than one active, none can be canceled,
/// so more details would not help.
pub const DETAILS: usize = 16;

/// Result of one look at an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Time of the answer.
    pub at: Timestamp,
    /// The operations, and the place where they were read.
    pub operations: Operations,
    /// The active ones, each with its details if readable.
    pub active: Vec<Candidate>,
    /// The newest sent cancellation of each, by any process; empty if the journal could not be read, and then nothing
    /// can be claimed either.
    pub earlier: Vec<Cancellation>,
}

/// An active operation, as a confirmation needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The operation.
    pub operation: Operation,
    /// Its details: steps, messages, and whether it is cancelable.
    pub detail: Option<OperationDetail>,
}

impl Look {
    /// Returns the binding of the operation called `name`, active or not.
    #[must_use]
    pub fn named(&self, name: &OperationName, scope: Scope<'_>) -> Option<Binding> {
        let mut listed = self.operations.list.iter();
        listed.find(|one| name.is(&scope.name(one))).map(Binding::of)
    }

    /// Returns `operation` of this look with its details, if read.
    #[must_use]
    pub fn candidate(&self, operation: &Operation) -> Candidate {
        let binding = Binding::of(operation);
        let read = self.active.iter().find(|one| binding.names(&one.operation));
        read.cloned().unwrap_or_else(|| Candidate {
            operation: operation.clone(),
            detail: None,
        })
    }

    /// Converts the look to a fact about the operation bound by `bound`, or about all of them.
    #[must_use]
    pub fn preflight(&self, bound: Option<&Binding>) -> PreflightResult {
        let is_bound = |operation: &Operation| bound.is_some_and(|bound| bound.names(operation));
        let ids = |some: Vec<&Operation>| -> Vec<OperationId> {
            let others = some.into_iter().filter(|operation| !is_bound(operation));
            others.filter_map(|operation| operation.id.clone()).collect()
        };
        let canceled = |operation: &&Operation| operation.state.phase() == Phase::Canceled;
        let candidate = self.active.iter().find(|one| is_bound(&one.operation));
        let found = self.operations.list.iter().find(|one| is_bound(one));
        let detail = candidate.and_then(|candidate| candidate.detail.as_ref());
        PreflightResult {
            state: found.map(|operation| operation.state.clone()),
            cancel_state: detail
                .map(|detail| detail.cancel_state.clone())
                .unwrap_or_default(),
            others_active: ids(preflight::choosable(&self.operations)),
            presumed_ended: ids(preflight::presumed_ended(&self.operations)),
            by_offer: self.operations.source == Source::OfferStatus,
            canceled_before: self
                .operations
                .list
                .iter()
                .filter(canceled)
                .filter_map(|operation| operation.id.clone())
                .collect(),
            baseline: self.operations.baseline.clone(),
        }
    }
}
