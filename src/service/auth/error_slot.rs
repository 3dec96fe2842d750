//! What went wrong below a crate whose own words we do not use, on its way around that crate.

use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::failure::Failure;

/// The last failure. Clones share one place.
#[derive(Clone, Debug, Default)]
pub(super) struct ErrorSlot(Arc<Mutex<Option<Failure>>>);

impl ErrorSlot {
    pub(super) fn keep(&self, failure: Failure) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
    }

    pub(super) fn take(&self) -> Option<Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
