//! The catalogue as a face wants it: kept, left to rest, or not begun because nobody knows whose it is.

use tokio_util::sync::CancellationToken;

use super::{Engine, lock};
use crate::{
    domain::ids::PublisherId,
    engine::{catalogue_poller::CataloguePoller, failure::Failure},
};

impl Engine {
    /// Keeps the list of offers and what is in flight on them fresh from now on, by the schedule.
    pub fn keep_catalogue(&self) {
        let stop = self.stop.child_token();
        let before = lock(&self.keeping).replace(stop.clone());
        if let Some(before) = before {
            before.cancel();
        }
        let poller = CataloguePoller::new(
            self.parts.clone(),
            self.live.clone(),
            self.limiter.clone(),
            self.wishes.clone(),
        );
        self.tasks.spawn(poller.run(stop));
    }

    /// Asks for nothing of the catalogue until [`Engine::keep_catalogue`] is called again. What is followed is followed on.
    pub fn rest_catalogue(&self) {
        let keeping: Option<CancellationToken> = lock(&self.keeping).take();
        if let Some(keeping) = keeping {
            keeping.cancel();
        }
    }

    /// Which publishers there are for this sign-in.
    ///
    /// # Errors
    /// When the service does not say.
    pub async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        self.parts.catalogue.publishers().await
    }
}
