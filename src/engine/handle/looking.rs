//! A fresh look at one offer, for a person who is about to decide.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use super::{Engine, SHORT_REST};
use crate::{
    domain::{
        cancellation::Cancellation,
        ids::OfferId,
        operation::{Operation, OperationDetail},
        target::Binding,
        text::SafeText,
    },
    engine::{
        failure::{Class, Failure},
        look::{Candidate, DETAILS, Look},
        request_limiter::WIDEST,
    },
};

impl Engine {
    /// Looks at one offer now.
    ///
    /// # Errors
    ///
    /// When the operations of the offer cannot be read, or a cooldown applies.
    pub async fn look(&self, offer: &OfferId) -> Result<Look, Failure> {
        match self.limiter.cooldown() {
            Some(rest) if rest > SHORT_REST => return Err(resting(offer, rest)),
            Some(rest) => tokio::time::sleep(rest).await,
            None => {}
        }
        let (catalogue, publisher) = (&*self.parts.catalogue, &self.parts.publisher);
        let read = catalogue.operations(publisher, offer).await;
        let at = self.parts.clock.now();
        let operations = read.inspect_err(|failure| {
            self.limiter.failed(failure);
            self.live.operations_failed(offer, failure, at);
        })?;
        self.limiter.answered();
        self.live.operations_read(offer, operations.clone(), at);
        let inside =
            |(place, operation)| self.inside(offer, operation, operations.detail.as_ref(), place < DETAILS);
        let reading: Vec<_> = operations.active().enumerate().map(inside).collect();
        let active: Vec<Candidate> = stream::iter(reading).buffered(WIDEST).collect().await;
        let earlier = self.earlier(offer, &active).await;
        Ok(Look {
            at,
            operations,
            active,
            earlier,
        })
    }

    /// Returns an operation with its details, if requested and readable; `listed` if the list included them.
    async fn inside(
        &self,
        offer: &OfferId,
        operation: &Operation,
        listed: Option<&OperationDetail>,
        is_asked_for: bool,
    ) -> Candidate {
        let detail = match &operation.id {
            Some(_) if !is_asked_for => None,
            Some(id) => {
                let read = self.parts.catalogue.operation(&self.parts.publisher, offer, id);
                let read = read.await.inspect_err(|failure| self.limiter.failed(failure));
                read.ok()
            }
            None => listed.cloned(),
        };
        Candidate {
            operation: operation.clone(),
            detail,
        }
    }

    /// Returns the newest sent cancellation of each of `active`.
    async fn earlier(&self, offer: &OfferId, active: &[Candidate]) -> Vec<Cancellation> {
        let mut earlier = Vec::new();
        for candidate in active.iter().take(DETAILS) {
            let target = self.target(offer.clone(), Binding::of(&candidate.operation));
            match self.parts.journal.newest_of(&target).await {
                Ok(found) => earlier.extend(found),
                Err(failure) => tracing::warn!(%failure, "cannot read earlier cancellations"),
            }
        }
        earlier
    }
}

fn resting(offer: &OfferId, rest: Duration) -> Failure {
    Failure {
        class: Class::Throttled,
        request: SafeText::new(&format!("look at {offer}")),
        what: SafeText::new(&format!(
            "the service asks to be left alone for {} s more",
            rest.as_secs() + 1
        )),
        advice: "try again then".into(),
        status: None,
        correlation_id: None,
        retry_after: Some(rest),
    }
}
