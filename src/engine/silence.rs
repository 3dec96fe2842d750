//! Ports that never answer, for tests of code in front of the engine.

use std::future::pending;

use async_trait::async_trait;
use jiff::Timestamp;

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
};

/// No request to the service is ever answered, and the journal is empty.
#[derive(Clone, Copy)]
pub(crate) enum Silence {
    /// Writes and cancels are never answered either.
    Patient,
    /// Writes and cancels panic.
    Untouchable,
}

impl Silence {
    async fn write<T>(self, what: &str) -> T {
        match self {
            Self::Patient => pending().await,
            Self::Untouchable => panic!("nothing may be {what}"),
        }
    }
}

#[async_trait]
impl Catalogue for Silence {
    fn characteristics(&self) -> &'static crate::engine::Characteristics {
        crate::service::cpp::CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        pending().await
    }
    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        pending().await
    }
    async fn operations(&self, _: &PublisherId, _: &OfferId) -> Result<Operations, Failure> {
        pending().await
    }
    async fn operation(
        &self,
        _: &PublisherId,
        _: &OfferId,
        _: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        pending().await
    }
    async fn offer_status(&self, _: &PublisherId, _: &OfferId) -> Result<OperationDetail, Failure> {
        pending().await
    }
    async fn track(&self, _: &Target, _: Option<&Lead>, _: Option<&Baseline>) -> Result<Reading, Failure> {
        pending().await
    }
}

#[async_trait]
impl Canceller for Silence {
    async fn connect(&self, _: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        self.write("sent").await
    }
    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.write("sent").await
    }
}

#[async_trait]
impl Journal for Silence {
    async fn claim(&self, _: &Claim, _: Timestamp) -> Result<Claimed, JournalFailure> {
        self.write("claimed").await
    }
    async fn begin_sending(
        &self,
        _: &CancellationId,
        _: u32,
        _: &Owner,
        _: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        self.write("sent").await
    }
    async fn append(&self, _: &CancellationId, _: Fact, _: Timestamp) -> Result<Recorded, JournalFailure> {
        self.write("recorded").await
    }
    async fn settle(&self, _: &CancellationId, _: Ending, _: Timestamp) -> Result<Recorded, JournalFailure> {
        self.write("recorded").await
    }
    async fn facts(&self, _: &CancellationId, _: u64) -> Result<Vec<Recorded>, JournalFailure> {
        Ok(Vec::new())
    }
    async fn open(&self, _: &Origin, _: &PublisherId) -> Result<Vec<Cancellation>, JournalFailure> {
        Err(JournalFailure("shut".into()))
    }
    async fn life(&self, _: &Owner) -> Life {
        Life::Unknown
    }
    async fn newest_of(&self, _: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        Ok(None)
    }
    async fn history(&self, _: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        Ok(Vec::new())
    }
}
