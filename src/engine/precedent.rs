//! How long cancellations took before, here: what the journal tells of this service and publisher.

use crate::{
    domain::precedent::Precedent,
    engine::{handle::Engine, ports::JournalFailure},
};

/// How far back is read. Others may lie between, of another publisher or ended otherwise.
const READ: u32 = 200;

impl Engine {
    /// How long cancellations took before at this service and publisher, by whatever process.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn precedent(&self) -> Result<Precedent, JournalFailure> {
        let history = self.history(READ).await?;
        let own = history.iter().filter(|one| self.is_own(&one.request.target));
        Ok(Precedent::of(own))
    }
}
