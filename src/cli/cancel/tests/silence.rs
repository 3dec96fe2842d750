//! The ports of an engine that must not do anything.

use async_trait::async_trait;
use jiff::Timestamp;

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
        Failure,
        ports::{Canceller, Catalogue, Claimed, Followed, Journal, JournalFailure, SendFailure},
    },
};

/// A world that never answers and must not be written to.
pub(super) struct Silence;

#[async_trait]
impl Catalogue for Silence {
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

#[async_trait]
impl Canceller for Silence {
    async fn send(&self, _: &Target, _: &[Address], _: tokio::time::Instant) -> Result<Answer, SendFailure> {
        panic!("nothing may be sent")
    }
    async fn renew_sign_in(&self) -> Result<(), Failure> {
        panic!("nothing may be sent")
    }
}

#[async_trait]
impl Journal for Silence {
    async fn claim(&self, _: &Claim, _: Timestamp) -> Result<Claimed, JournalFailure> {
        panic!("nothing may be claimed")
    }
    async fn begin_sending(
        &self,
        _: &CancellationId,
        _: u32,
        _: &Owner,
        _: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        panic!("nothing may be sent")
    }
    async fn append(&self, _: &CancellationId, _: Fact, _: Timestamp) -> Result<Recorded, JournalFailure> {
        panic!("nothing may be recorded")
    }
    async fn settle(&self, _: &CancellationId, _: Ending, _: Timestamp) -> Result<Recorded, JournalFailure> {
        panic!("nothing may be recorded")
    }
    async fn facts(&self, _: &CancellationId, _: u64) -> Result<Vec<Recorded>, JournalFailure> {
        Ok(Vec::new())
    }
    async fn open(&self, _: &Origin, _: &PublisherId) -> Result<Vec<Cancellation>, JournalFailure> {
        Ok(Vec::new())
    }
    async fn is_gone(&self, _: &Owner) -> bool {
        false
    }
    async fn newest_of(&self, _: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        Ok(None)
    }
    async fn history(&self, _: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        Ok(Vec::new())
    }
}
