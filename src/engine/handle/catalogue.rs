//! Control of catalogue polling: running, paused, or not started without a publisher.

use tokio_util::sync::CancellationToken;

use super::{Engine, lock};
use crate::{
    domain::ids::PublisherId,
    engine::{catalogue_poller::CataloguePoller, failure::Failure},
};

impl Engine {
    /// Polls the list of offers and their operations in flight on schedule from now on.
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

    /// Pauses catalogue polling until [`Engine::keep_catalogue`] is called again. Following continues.
    pub fn rest_catalogue(&self) {
        let keeping: Option<CancellationToken> = lock(&self.keeping).take();
        if let Some(keeping) = keeping {
            keeping.cancel();
        }
    }

    /// Returns the publishers of this sign-in.
    ///
    /// # Errors
    ///
    /// When the service does not list them.
    pub async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        self.parts.catalogue.publishers().await
    }
}
