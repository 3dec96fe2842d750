//! Promises that a hostile reading once found broken, each with the story that broke it.

mod answering;
mod claiming;
mod freshness;
mod resting;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Claim, Fact, Observation, Owner, Recorded, Sighting, Via},
        ids::{CancellationId, Origin, PublisherId},
        offer::Offer,
        status::Status,
        target::Target,
        verdict::{Ending, Verdict},
    },
    engine::{
        Class, Engine, Failure, NotFollowed, Pace, Parts,
        ports::{Canceller, Claimed, Clock, Journal, JournalFailure, SendFailure},
    },
    journal::MemoryJournal,
};
use jiff::Timestamp;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::fake::{Fake, ID, OTHER, Post, Script, World, failure, running, transient};

fn owner(pid: u32) -> Owner {
    Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid,
        started: "1".into(),
    }
}
fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[derive(Default)]
struct Odd {
    inner: MemoryJournal,
    claim_takes: Duration,
    begin_takes: Duration,
    begin_fails_after: AtomicBool,
    append_fails: AtomicBool,
    facts_fail: AtomicBool,
}
fn full() -> JournalFailure {
    JournalFailure("the disk is full".into())
}
#[async_trait]
impl Journal for Odd {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        tokio::time::sleep(self.claim_takes).await;
        self.inner.claim(claim, at).await
    }
    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        tokio::time::sleep(self.begin_takes).await;
        let done = self.inner.begin_sending(id, attempt, by, at).await;
        if self.begin_fails_after.load(Ordering::SeqCst) {
            return Err(full());
        }
        done
    }
    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        if self.append_fails.load(Ordering::SeqCst) {
            return Err(full());
        }
        self.inner.append(id, fact, at).await
    }
    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.inner.settle(id, ending, at).await
    }
    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        if self.facts_fail.load(Ordering::SeqCst) {
            return Err(full());
        }
        self.inner.facts(id, after).await
    }
    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        self.inner.open(origin, publisher).await
    }
    async fn is_gone(&self, owner: &Owner) -> bool {
        self.inner.is_gone(owner).await
    }
    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        self.inner.newest_of(target).await
    }
    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.inner.history(limit).await
    }
}

/// A wall clock that can be set.
struct Jumpy(Arc<Fake>, AtomicI64);
impl Clock for Jumpy {
    fn now(&self) -> Timestamp {
        self.0.now() + jiff::SignedDuration::from_secs(self.1.load(Ordering::SeqCst))
    }
}

/// A canceller that says one thing.
struct Says(Answer, Mutex<usize>);
#[async_trait]
impl Canceller for Says {
    async fn send(&self, _: &Target, _: &[Address], _: tokio::time::Instant) -> Result<Answer, SendFailure> {
        *self.1.lock().unwrap() += 1;
        Ok(self.0.clone())
    }
    async fn renew_sign_in(&self) -> Result<(), Failure> {
        Ok(())
    }
}
fn says(status: u16, retry_after: u64) -> Arc<Says> {
    Arc::new(Says(
        Answer {
            status,
            location: None,
            correlation_id: None,
            retry_after: Some(secs(retry_after)),
            error: None,
        },
        Mutex::default(),
    ))
}

fn parts(fake: &Arc<Fake>, journal: Arc<dyn Journal>) -> Parts {
    Parts {
        origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
        publisher: "contoso".into(),
        profile: "prod".into(),
        owner: owner(7),
        catalogue: fake.clone(),
        canceller: Some(fake.clone()),
        journal,
        clock: fake.clone(),
        pace: Pace::default(),
    }
}
fn engine(parts: Parts) -> Engine {
    Engine::new(parts, TaskTracker::new(), CancellationToken::new())
}

fn offer(id: &str, state: &str) -> Offer {
    Offer {
        id: id.into(),
        publisher: "contoso".into(),
        name: id.into(),
        kind: "x".into(),
        state: Status::new(state),
        version: Some(1),
        changed_at: None,
    }
}
