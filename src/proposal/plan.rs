//! One operation that is about to be canceled, as a look saw it.

use jiff::Timestamp;

use crate::{
    domain::{
        cancellation::Cancellation,
        confirmation::{Address, Request, Shown},
        operation::{Destination, OperationDetail, Source},
        preflight::{self, Wanted},
        target::{Binding, Scope, Target},
        text::SafeText,
        verdict::Ending,
    },
    engine::{Candidate, Look},
};

/// One operation, and all that is shown of it before it is canceled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What a request will be bound to.
    pub target: Target,
    /// The operation as it was seen.
    pub candidate: Candidate,
    /// Where it was read.
    pub source: Source,
    /// When it was read.
    pub read_at: Timestamp,
    /// Which older entries are presumed to have ended.
    pub presumed: Option<SafeText>,
    /// The newest cancel of the same operation.
    pub earlier: Option<Cancellation>,
}

impl Plan {
    /// What `look` allows of what is `wanted`.
    ///
    /// # Errors
    /// The ending, where it allows nothing.
    pub fn of(look: &Look, scope: Scope<'_>, wanted: Wanted<'_>) -> Result<Self, Ending> {
        let operation = preflight::allow(&look.operations, scope, wanted)?;
        Ok(Self {
            target: Target {
                origin: scope.origin.clone(),
                publisher: scope.publisher.clone(),
                offer: scope.offer.clone(),
                binding: Binding::of(operation),
            },
            candidate: look.candidate(operation),
            source: look.operations.source,
            read_at: look.at,
            presumed: preflight::presumption(&look.operations, scope),
            earlier: None,
        })
    }

    /// The same, after the newest cancel of the same operation among `known` that was sent; else after the newest that
    /// was asked for.
    #[must_use]
    pub fn after<'a>(mut self, known: impl IntoIterator<Item = &'a Cancellation>) -> Self {
        let same = known
            .into_iter()
            .filter(|one| one.request.target.is(&self.target));
        self.earlier = same.max_by_key(|one| (one.was_sent(), one.claimed_at)).cloned();
        self
    }

    /// Where it leads.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.candidate.operation.destination
    }

    /// Whether customers may see what it leads to.
    #[must_use]
    pub fn may_be_production(&self) -> bool {
        self.destination().may_be_production()
    }

    /// The earlier cancel that this one repeats, rather than joins.
    #[must_use]
    pub fn repeats(&self) -> Option<&Cancellation> {
        self.earlier
            .as_ref()
            .filter(|earlier| earlier.may_be_asked_again())
    }

    /// What a person was shown of it, for the record.
    #[must_use]
    pub fn shown(&self) -> Shown {
        let detail = self.candidate.detail.as_ref();
        let step = detail.and_then(OperationDetail::current_step);
        Shown::of(&self.candidate.operation, step.map(|step| step.name.clone()))
    }

    pub(super) fn request(&self, profile: SafeText, notify: Vec<Address>) -> Request {
        Request {
            target: self.target.clone(),
            profile,
            shown: self.shown(),
            notify,
            again_of: self.repeats().map(|earlier| earlier.id.clone()),
        }
    }
}
