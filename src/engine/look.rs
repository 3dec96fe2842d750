//! A fresh look at one offer: what a confirmation shows, and what a request is bound to.

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

/// The most operations of one offer whose inside is asked for. Of more than one none can be canceled, so that there is
/// nothing to decide by the inside of the others.
pub const DETAILS: usize = 16;

/// What one look at an offer saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When the answer arrived.
    pub at: Timestamp,
    /// The operations, and where they were read.
    pub operations: Operations,
    /// Those that are active, each with its inside where it could be read.
    pub active: Vec<Candidate>,
    /// The newest cancellation of each of those that was sent before, by whatever process; none where the journal could
    /// not be read, and then nothing can be claimed either.
    pub earlier: Vec<Cancellation>,
}

/// An active operation, as a confirmation needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The operation.
    pub operation: Operation,
    /// Its steps, messages and whether it says that it can be cancelled.
    pub detail: Option<OperationDetail>,
}

impl Look {
    /// What binds the operation called `name`, active or not.
    #[must_use]
    pub fn named(&self, name: &OperationName, scope: Scope<'_>) -> Option<Binding> {
        let mut listed = self.operations.list.iter();
        listed.find(|one| name.is(&scope.name(one))).map(Binding::of)
    }

    /// `operation` of this look with its inside, where that could be read.
    #[must_use]
    pub fn candidate(&self, operation: &Operation) -> Candidate {
        let binding = Binding::of(operation);
        let read = self.active.iter().find(|one| binding.names(&one.operation));
        read.cloned().unwrap_or_else(|| Candidate {
            operation: operation.clone(),
            detail: None,
        })
    }

    /// The same look as a fact about the operation that `bound` names; without one, about all of them.
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
