//! A journal in memory with injected trouble: slow, full, or uncertain about its records.

use std::sync::Arc;

use async_trait::async_trait;
use countermand::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, Origin, PublisherId},
        target::Target,
        verdict::Ending,
    },
    engine::ports::{Claimed, Journal, JournalFailure, Life},
    journal::MemoryJournal,
};
use jiff::Timestamp;

/// Stage of a journal call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Claim,
    BeginSending,
    /// The start of sending is recorded, but not acknowledged yet.
    Begun,
    Looked,
    Answered,
    /// Any other fact.
    Append,
    Settle,
    Facts,
}

/// Injected trouble.
#[async_trait]
pub(crate) trait Trouble: Send + Sync + 'static {
    /// Called at every step; delays or fails the call.
    async fn pass(&self, step: Step) -> Result<(), JournalFailure>;

    /// Returns the state of the process of `owner`.
    fn life(&self, _owner: &Owner) -> Life {
        Life::Unknown
    }
}

/// A journal with that trouble.
pub(crate) struct Troubled<T> {
    inner: MemoryJournal,
    pub(crate) trouble: T,
}

pub(crate) fn troubled<T: Trouble>(trouble: T) -> Arc<Troubled<T>> {
    Arc::new(Troubled {
        inner: MemoryJournal::new(),
        trouble,
    })
}

pub(crate) fn full() -> JournalFailure {
    JournalFailure("the disk is full; make room".into())
}

#[async_trait]
impl<T: Trouble> Journal for Troubled<T> {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        self.trouble.pass(Step::Claim).await?;
        self.inner.claim(claim, at).await
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        self.trouble.pass(Step::BeginSending).await?;
        let begun = self.inner.begin_sending(id, attempt, by, at).await;
        self.trouble.pass(Step::Begun).await?;
        begun
    }

    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        let step = match fact {
            Fact::Looked(_) => Step::Looked,
            Fact::Answered(_) => Step::Answered,
            _ => Step::Append,
        };
        self.trouble.pass(step).await?;
        self.inner.append(id, fact, at).await
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.trouble.pass(Step::Settle).await?;
        self.inner.settle(id, ending, at).await
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        self.trouble.pass(Step::Facts).await?;
        self.inner.facts(id, after).await
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        self.inner.open(origin, publisher).await
    }

    async fn life(&self, owner: &Owner) -> Life {
        self.trouble.life(owner)
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        self.inner.newest_of(target).await
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.inner.history(limit).await
    }
}
