//! What the engine needs of the world. Others implement it; the engine names no crate that could.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, OfferId, OperationId, Origin, PublisherId},
        lead::Lead,
        offer::Offers,
        operation::{Baseline, OperationDetail, Operations},
        target::Target,
        text::SafeText,
        verdict::Ending,
    },
    engine::{characteristics::Characteristics, failure::Failure},
};

/// Reads the marketplace. Every call is one request (or the few that a fall-back takes) and never changes anything.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// What has to be known of the service itself.
    fn characteristics(&self) -> &'static Characteristics;

    /// The publishers that the token may see.
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure>;

    /// Every offer of a publisher.
    async fn offers(&self, publisher: &PublisherId) -> Result<Offers, Failure>;

    /// The operations of one offer; where that route is gone, what the offer's status shows of them.
    async fn operations(&self, publisher: &PublisherId, offer: &OfferId) -> Result<Operations, Failure>;

    /// The same; where there are more than are kept, the one that is named is kept before all others.
    async fn operations_with(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        named: &OperationId,
    ) -> Result<Operations, Failure> {
        let _ = named;
        self.operations(publisher, offer).await
    }

    /// The inside of one operation.
    async fn operation(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        operation: &OperationId,
    ) -> Result<OperationDetail, Failure>;

    /// The state of the offer itself, with the steps it shows.
    async fn offer_status(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
    ) -> Result<OperationDetail, Failure>;

    /// How far a cancellation of `target` has come: what the target itself says now, or what `lead` leads to, where one is
    /// given. `baseline` is what the look before the request kept for this.
    ///
    /// Where the service tells of an end by no state, it is proved here: a reading is what follows from all that was read.
    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        baseline: Option<&Baseline>,
    ) -> Result<Reading, Failure>;
}

/// What was read of a target, or of what a lead leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// State, steps and messages.
    pub detail: OperationDetail,
    /// How long to leave the service alone before the next one.
    pub retry_after: Option<Duration>,
    /// Whether nothing showed that state: it follows from the target's absence, of which the service has proof.
    pub by_absence: bool,
}

/// Sends cancels. An engine without one is read-only.
#[async_trait]
pub trait Canceller: Send + Sync {
    /// Gets everything that one cancel on the target's offer takes and that may take long: a token, and a connection to
    /// the service, with no byte of the request on it. Whoever waits no longer drops the future.
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure>;

    /// Gets a new token after a 401.
    async fn renew_sign_in(&self) -> Result<(), Failure>;
}

/// A connection of its own for one cancel, and all else that it takes.
#[async_trait]
pub trait ReadyToSend: Send + Sync {
    /// Whether the other side has kept the connection open, as far as is known.
    fn is_open(&self) -> bool;

    /// Sends the cancel over this connection, unless `not_after` has passed; no layer below repeats it.
    async fn send(self: Box<Self>, notify: &[Address], not_after: Instant) -> Result<Answer, SendFailure>;
}

/// A cancel without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// It provably did not reach the service: no byte of it was written.
    NotSent(Failure),
    /// It may have reached the service.
    AnswerLost(Failure),
}

/// Keeps the facts of cancellations. Every call that records returns after the record is durable.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Claims the operation of `claim`, unless an open cancellation has it.
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure>;

    /// Records [`Fact::Sending`] if the cancellation still is where nothing was sent, as one step; `None` if not.
    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure>;

    /// Records any other fact.
    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure>;

    /// Records the ending, unless a final one stands or its stage does not admit it; returns what stands then.
    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure>;

    /// The facts of one cancellation with a number above `after`, in order; none of one that is not known.
    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure>;

    /// The open cancellations at one service and publisher, oldest first.
    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure>;

    /// Whether the process of `owner` lives.
    async fn life(&self, owner: &Owner) -> Life;

    /// The newest cancellations of all, newest first.
    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure>;

    /// The newest cancellation of that target that [was sent](Cancellation::was_sent), by whatever process: what came to
    /// nothing after it takes nothing of what is known.
    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure>;

    /// What [`Journal::open`] and [`Journal::history`] have left out so far because it cannot be read, and what to do
    /// about each. Its claim holds all the same.
    async fn unreadable(&self) -> Vec<JournalFailure> {
        Vec::new()
    }
}

/// Whether a process lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It does.
    Lives,
    /// It certainly has ended.
    Gone,
    /// That cannot be told: it is on another machine, or was on one of another name.
    Unknown,
}

/// How a claim went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is ours.
    New(Cancellation),
    /// An open cancellation has the operation; it can be joined.
    Taken(Cancellation),
}

/// The journal could not do it. The text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("journal: {0}")]
pub struct JournalFailure(pub SafeText);

/// The wall clock.
pub trait Clock: Send + Sync {
    /// The wall time now.
    fn now(&self) -> Timestamp;
}
