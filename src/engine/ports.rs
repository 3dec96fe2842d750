//! Ports of the engine. Others implement them; the engine names no crate that could.

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

/// Reads the marketplace. Every call is one request (or the few of a fallback) and never changes anything.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Returns the properties of the service.
    fn characteristics(&self) -> &'static Characteristics;

    /// Lists the publishers that the token may see.
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure>;

    /// Lists every offer of a publisher.
    async fn offers(&self, publisher: &PublisherId) -> Result<Offers, Failure>;

    /// Lists the operations of one offer; without that route, those visible in the offer's status.
    async fn operations(&self, publisher: &PublisherId, offer: &OfferId) -> Result<Operations, Failure>;

    /// Lists the operations like [`operations`](Catalogue::operations); beyond the limit, the named one is kept first.
    async fn operations_with(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        named: &OperationId,
    ) -> Result<Operations, Failure> {
        let _ = named;
        self.operations(publisher, offer).await
    }

    /// Reads the details of one operation.
    async fn operation(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        operation: &OperationId,
    ) -> Result<OperationDetail, Failure>;

    /// Reads the state of the offer itself, with its steps.
    async fn offer_status(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
    ) -> Result<OperationDetail, Failure>;

    /// Reads the progress of a cancellation of `target`: the target's own state, or the one behind `lead`, if given.
    /// `baseline` is the data that the preflight look kept for this.
    ///
    /// If the service shows an end by no state, it is proven here: the reading then is a conclusion from all that was
    /// read.
    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        baseline: Option<&Baseline>,
    ) -> Result<Reading, Failure>;
}

/// Reading of a target, or of a lead's resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// State, steps, and messages.
    pub detail: OperationDetail,
    /// Pause that the service requests before the next one.
    pub retry_after: Option<Duration>,
    /// Whether no resource showed that state: it follows from the target's absence, which the service proves.
    pub by_absence: bool,
}

/// Sends cancels. An engine without one is read-only.
#[async_trait]
pub trait Canceller: Send + Sync {
    /// Prepares one cancel on the target's offer, as far as that may take long: a token, and a connection to the
    /// service, with no byte of the request on it. A caller that gives up drops the future.
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure>;

    /// Requests a new token after a 401.
    async fn renew_sign_in(&self) -> Result<(), Failure>;
}

/// A prepared connection for one cancel.
#[async_trait]
pub trait ReadyToSend: Send + Sync {
    /// Returns true if the other side has kept the connection open, as far as known.
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
    /// Claims the operation of `claim`, unless an open cancellation holds it.
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure>;

    /// Records [`Fact::Sending`] in one step if nothing is under way for the cancellation; otherwise `None`.
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

    /// Records the ending, unless a final one stands or its stage does not admit it; returns the standing one.
    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure>;

    /// Returns the facts of one cancellation with a number above `after`, in order; none of an unknown one.
    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure>;

    /// Lists the open cancellations at one service and publisher, oldest first.
    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure>;

    /// Returns the state of the process of `owner`.
    async fn life(&self, owner: &Owner) -> Life;

    /// Lists the newest cancellations of all, newest first.
    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure>;

    /// Returns the newest cancellation of that target that [was sent](Cancellation::was_sent), by any process; later
    /// ones that came to nothing do not hide it.
    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure>;

    /// Lists the failures of cancellations that [`Journal::open`] and [`Journal::history`] left out as unreadable, with
    /// a remedy each. Their claims still hold.
    async fn unreadable(&self) -> Vec<JournalFailure> {
        Vec::new()
    }
}

/// State of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Alive.
    Lives,
    /// Certainly ended.
    Gone,
    /// Unknown: it is on another machine, or this one had another name.
    Unknown,
}

/// Result of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The claim is this process's.
    New(Cancellation),
    /// An open cancellation holds the operation; it can be joined.
    Taken(Cancellation),
}

/// A failure of the journal. The text includes the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("journal: {0}")]
pub struct JournalFailure(pub SafeText);

/// The wall clock.
pub trait Clock: Send + Sync {
    /// Returns the wall time.
    fn now(&self) -> Timestamp;
}
