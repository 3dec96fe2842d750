//! A service and a journal that never answer, and a clock that stands still with tokio's.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, OfferId, OperationId, Origin, PublisherId},
        location::Way,
        offer::Offer,
        operation::{OperationDetail, Operations},
        target::Target,
        verdict::Ending,
    },
    engine::{
        Failure, Pace, Parts,
        ports::{Canceller, Catalogue, Claimed, Clock, Followed, Journal, JournalFailure, SendFailure},
    },
    tui::model::Setup,
};

/// A service and a journal that never answer, but for what is open: that the journal cannot tell.
pub(super) struct Silent;

#[async_trait::async_trait]
impl Catalogue for Silent {
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        std::future::pending().await
    }
    async fn offers(&self, _: &PublisherId) -> Result<Vec<Offer>, Failure> {
        std::future::pending().await
    }
    async fn operations(&self, _: &PublisherId, _: &OfferId) -> Result<Operations, Failure> {
        std::future::pending().await
    }
    async fn operation(
        &self,
        _: &PublisherId,
        _: &OfferId,
        _: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        std::future::pending().await
    }
    async fn offer_status(&self, _: &PublisherId, _: &OfferId) -> Result<OperationDetail, Failure> {
        std::future::pending().await
    }
    async fn follow(&self, _: &Target, _: &Way) -> Result<Followed, Failure> {
        std::future::pending().await
    }
}

#[async_trait::async_trait]
impl Canceller for Silent {
    async fn send(&self, _: &Target, _: &[Address], _: tokio::time::Instant) -> Result<Answer, SendFailure> {
        std::future::pending().await
    }
    async fn renew_sign_in(&self) -> Result<(), Failure> {
        std::future::pending().await
    }
}

#[async_trait::async_trait]
impl Journal for Silent {
    async fn claim(&self, _: &Claim, _: Timestamp) -> Result<Claimed, JournalFailure> {
        std::future::pending().await
    }
    async fn begin_sending(
        &self,
        _: &CancellationId,
        _: u32,
        _: &Owner,
        _: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        std::future::pending().await
    }
    async fn append(&self, _: &CancellationId, _: Fact, _: Timestamp) -> Result<Recorded, JournalFailure> {
        std::future::pending().await
    }
    async fn settle(&self, _: &CancellationId, _: Ending, _: Timestamp) -> Result<Recorded, JournalFailure> {
        std::future::pending().await
    }
    async fn facts(&self, _: &CancellationId, _: u64) -> Result<Vec<Recorded>, JournalFailure> {
        std::future::pending().await
    }
    async fn open(&self, _: &Origin, _: &PublisherId) -> Result<Vec<Cancellation>, JournalFailure> {
        Err(JournalFailure("shut".into()))
    }
    async fn is_gone(&self, _: &Owner) -> bool {
        false
    }
    async fn newest_of(&self, _: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        Ok(None)
    }
    async fn history(&self, _: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        std::future::pending().await
    }
}

/// Wall time that follows tokio's.
pub(super) struct Still(pub(super) Instant);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.0.elapsed()
    }
}

/// An engine's, of a service that never answers.
pub(super) fn parts(setup: &Setup, clock: Arc<dyn Clock>) -> Parts {
    Parts {
        origin: setup.origin.clone(),
        publisher: setup.publisher.clone(),
        profile: setup.profile.clone(),
        owner: Owner {
            user: "ada".into(),
            host: "jump".into(),
            pid: 7,
            started: "1".into(),
        },
        catalogue: Arc::new(Silent),
        canceller: Some(Arc::new(Silent)),
        journal: Arc::new(Silent),
        clock,
        pace: Pace::default(),
    }
}
