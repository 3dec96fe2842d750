//! A fresh look at one offer: what a confirmation shows, and what a request is bound to.

use jiff::Timestamp;

use crate::domain::{
    cancellation::Cancellation,
    fact::Sighting,
    ids::OperationId,
    operation::{Operation, OperationDetail, Operations},
    status::Phase,
    target::Binding,
};

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
    /// The operation that `binding` names, active or not.
    #[must_use]
    pub fn find(&self, binding: &Binding) -> Option<&Operation> {
        self.operations
            .list
            .iter()
            .find(|operation| binding.names(operation))
    }

    /// The same look as a fact about the operation that `binding` names.
    #[must_use]
    pub fn sighting(&self, binding: &Binding) -> Sighting {
        let ids = |keep: &dyn Fn(&&Operation) -> bool| -> Vec<OperationId> {
            self.operations
                .list
                .iter()
                .filter(keep)
                .filter_map(|operation| operation.id.clone())
                .collect()
        };
        let candidate = self
            .active
            .iter()
            .find(|candidate| binding.names(&candidate.operation));
        let detail = candidate.and_then(|candidate| candidate.detail.as_ref());
        Sighting {
            state: self.find(binding).map(|operation| operation.state.clone()),
            cancel_state: detail
                .map(|detail| detail.cancel_state.clone())
                .unwrap_or_default(),
            others_active: ids(&|operation| operation.state.is_active() && !binding.names(operation)),
            canceled_before: ids(&|operation| operation.state.phase() == Phase::Canceled),
        }
    }
}
