//! The ports of a process, each call through its edge.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use countermand::{
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
        verdict::{Ending, Verdict},
    },
    engine::{
        Failure,
        ports::{
            Canceller, Catalogue, Claimed, Clock, Journal, JournalFailure, Life, Reading, ReadyToSend,
            SendFailure,
        },
    },
};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{process::Edge, world::Witness};

impl Clock for Edge {
    fn now(&self) -> Timestamp {
        self.may_jump();
        self.wall()
    }
}

#[async_trait]
impl Catalogue for Edge {
    fn characteristics(&self) -> &'static countermand::engine::Characteristics {
        countermand::service::cpp::CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        Ok(Vec::new())
    }

    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        Ok(Offers::default())
    }

    async fn operations(&self, _: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        self.hangs(offer).await?;
        let reading = self.reads(("operations", Witness::List), self.service.operations());
        let looked = reading.await.answer;
        if let Ok(operations) = &looked {
            self.looked(operations);
        }
        looked
    }

    async fn operation(
        &self,
        _: &PublisherId,
        offer: &OfferId,
        id: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.hangs(offer).await?;
        let reading = self.reads(("operation", Witness::Page), self.service.operation(id));
        reading.await.answer
    }

    async fn offer_status(&self, _: &PublisherId, offer: &OfferId) -> Result<OperationDetail, Failure> {
        self.hangs(offer).await?;
        let reading = self.reads(("offer_status", Witness::Offer), self.service.offer_status());
        reading.await.answer
    }

    async fn track(
        &self,
        target: &Target,
        lead: Option<&Lead>,
        _: Option<&Baseline>,
    ) -> Result<Reading, Failure> {
        self.hangs(&target.offer).await?;
        let following = self.service.track(target, lead);
        if lead.is_none() {
            return self.reads(("follow", Witness::Page), following).await.answer;
        }
        let followed = self.call("follow", following).await.answer;
        followed.inspect_err(|failure| self.rests(failure.retry_after))
    }
}

#[async_trait]
impl Canceller for Edge {
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        self.call("connect", self.service.connect()).await?;
        Ok(Box::new(Connected {
            edge: self.me.upgrade().unwrap(),
            target: target.clone(),
            closed_from: self.service.closes_connection(),
        }))
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.call("renew", async { self.service.renew_sign_in() }).await
    }
}

/// A connection for one cancel.
struct Connected {
    edge: Arc<Edge>,
    target: Target,
    /// When the other side closes it, where it does not wait for the request.
    closed_from: Option<Duration>,
}

#[async_trait]
impl ReadyToSend for Connected {
    fn is_open(&self) -> bool {
        self.closed_from.is_none_or(|from| self.edge.service.now() < from)
    }

    async fn send(self: Box<Self>, notify: &[Address], not_after: Instant) -> Result<Answer, SendFailure> {
        let Self { edge, target, .. } = *self;
        let sending = async {
            // Whoever was stopped until now may be too late, and then sends nothing.
            if Instant::now() <= not_after {
                edge.hold_before_sending(&target, &notify[0]).await;
            }
            edge.service.send(edge.number, &target, notify, not_after).await
        };
        let sent = edge.call("send", sending).await;
        edge.rests(sent.as_ref().ok().and_then(|answer| answer.retry_after));
        sent
    }
}

#[async_trait]
impl Journal for Edge {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        self.claimed(&claim.request.notify[0]);
        let claiming = async {
            let claimed = self.journal.claim(claim, at).await;
            if let Ok(Claimed::New(_)) = claimed {
                self.has_claimed(&claim.request.notify[0]);
            }
            claimed
        };
        self.keep("claim", claiming).await
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        self.keep("begin_sending", self.journal.begin_sending(id, attempt, by, at))
            .await
    }

    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.keep("append", self.journal.append(id, fact, at)).await
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        if ending.abandoned {
            self.hold_before_giving_up(id).await;
        }
        if ending.verdict == Verdict::Unknown {
            self.hold_before_unknown(id).await;
        }
        let verdict = ending.verdict.word();
        self.service
            .tell(&format!("{} settles {id} as {verdict}", self.owner.started));
        self.keep("settle", self.journal.settle(id, ending, at)).await
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        self.keep("facts", self.journal.facts(id, after)).await
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        self.keep("open", self.journal.open(origin, publisher)).await
    }

    /// Of a process of another host nobody here can tell.
    async fn life(&self, owner: &Owner) -> Life {
        let known = async {
            match self.graveyard.lock().unwrap().contains(owner.started.as_str()) {
                _ if owner.host != self.owner.host => Life::Unknown,
                true => Life::Gone,
                false => Life::Lives,
            }
        };
        self.call("life", known).await
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        self.journal.newest_of(target).await
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.journal.history(limit).await
    }
}
