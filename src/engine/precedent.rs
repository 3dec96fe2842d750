//! Durations of earlier cancellations at this service and publisher, from the journal.

use crate::{
    domain::precedent::Precedent,
    engine::{handle::Engine, ports::JournalFailure},
};

/// Number of cancellations to read back. Others may lie between, of another publisher or with another ending.
const READ: u32 = 200;

impl Engine {
    /// Returns the durations of earlier cancellations at this service and publisher, by any process.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub async fn precedent(&self) -> Result<Precedent, JournalFailure> {
        let history = self.history(READ).await?;
        let own = history.iter().filter(|one| self.is_own(&one.request.target));
        Ok(Precedent::of(own))
    }
}
