//! Parts that are made when they are first needed, so that no file and no certificate keeps the first frame waiting.
//!
//! What cannot be made answers every call with why, and is tried again by the next one.

use std::{future::pending, panic::resume_unwind, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::{sync::OnceCell, task::spawn_blocking};

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, OfferId, OperationId, Origin, PublisherId},
        lead::Lead,
        offer::Offers,
        operation::{Baseline, OperationDetail, Operations},
        target::Target,
        verdict::Ending,
    },
    engine::{
        Failure,
        ports::{Canceller, Catalogue, Claimed, Journal, JournalFailure, Life, Reading, ReadyToSend},
    },
    service::auth::TokenSource,
};

/// A part that is made when it is first needed, on a thread that may block.
pub(super) struct Deferred<T, E> {
    made: OnceCell<T>,
    make: Arc<dyn Fn() -> Result<T, E> + Send + Sync>,
}

impl<T: Send + 'static, E: Send + 'static> Deferred<T, E> {
    pub(super) fn new(make: impl Fn() -> Result<T, E> + Send + Sync + 'static) -> Self {
        Self {
            made: OnceCell::new(),
            make: Arc::new(make),
        }
    }

    async fn part(&self) -> Result<&T, E> {
        let make = || async {
            let make = Arc::clone(&self.make);
            match spawn_blocking(move || make()).await {
                Ok(part) => part,
                Err(error) => match error.try_into_panic() {
                    Ok(payload) => resume_unwind(payload),
                    // The runtime ends, and this with it.
                    Err(_) => pending().await,
                },
            }
        };
        self.made.get_or_try_init(make).await
    }
}

#[async_trait]
impl<T: Catalogue + 'static> Catalogue for Deferred<T, Failure> {
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        self.part().await?.publishers().await
    }

    async fn offers(&self, publisher: &PublisherId) -> Result<Offers, Failure> {
        self.part().await?.offers(publisher).await
    }

    async fn operations(&self, publisher: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        self.part().await?.operations(publisher, offer).await
    }

    async fn operations_with(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        named: &OperationId,
    ) -> Result<Operations, Failure> {
        let part = self.part().await?;
        part.operations_with(publisher, offer, named).await
    }

    async fn operation(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        operation: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.part().await?.operation(publisher, offer, operation).await
    }

    async fn offer_status(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
    ) -> Result<OperationDetail, Failure> {
        self.part().await?.offer_status(publisher, offer).await
    }

    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        baseline: Option<&Baseline>,
    ) -> Result<Reading, Failure> {
        self.part().await?.track(target, lead, baseline).await
    }
}

#[async_trait]
impl<T: Canceller + 'static> Canceller for Deferred<T, Failure> {
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        self.part().await?.connect(target).await
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.part().await?.renew_sign_in().await
    }
}

#[async_trait]
impl TokenSource for Deferred<Arc<dyn TokenSource>, Failure> {
    async fn token(&self) -> Result<SecretString, Failure> {
        self.part().await?.token().await
    }

    async fn renew(&self) -> Result<(), Failure> {
        self.part().await?.renew().await
    }
}

#[async_trait]
impl<T: Journal + 'static> Journal for Deferred<T, JournalFailure> {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        self.part().await?.claim(claim, at).await
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        self.part().await?.begin_sending(id, attempt, by, at).await
    }

    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.part().await?.append(id, fact, at).await
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.part().await?.settle(id, ending, at).await
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        self.part().await?.facts(id, after).await
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        self.part().await?.open(origin, publisher).await
    }

    async fn life(&self, owner: &Owner) -> Life {
        match self.part().await {
            Ok(journal) => journal.life(owner).await,
            Err(_) => Life::Unknown,
        }
    }

    async fn unreadable(&self) -> Vec<JournalFailure> {
        match self.part().await {
            Ok(journal) => journal.unreadable().await,
            Err(_) => Vec::new(),
        }
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        self.part().await?.newest_of(target).await
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.part().await?.history(limit).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::journal::MemoryJournal;

    #[tokio::test]
    async fn what_cannot_be_made_says_why_and_is_tried_again() {
        let tries = AtomicU32::new(0);
        let journal = Deferred::new(move || {
            if tries.fetch_add(1, Ordering::Relaxed) == 0 {
                Err(JournalFailure("no room".into()))
            } else {
                Ok(MemoryJournal::new())
            }
        });
        let failure = journal.history(1).await.unwrap_err();
        assert_eq!(failure.to_string(), "journal: no room");
        for _ in 0..2 {
            assert_eq!(journal.history(1).await, Ok(Vec::new()));
        }
    }
}
