//! Promises that were once found broken, each with the scenario that broke it.

mod abandoned;
mod answering;
mod claiming;
mod freshness;
mod resting;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        confirmation::Address,
        fact::{Claim, Fact, Observation, Owner, PreflightResult, Via},
        ids::{Origin, PublisherId},
        offer::Offer,
        target::Target,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{
        Class, Engine, EngineDeps, Failure, FollowError, PollIntervals,
        ports::{Canceller, Claimed, Clock, Journal, JournalFailure, Life, ReadyToSend, SendFailure},
    },
    journal::MemoryJournal,
    service::cpp::{self, status},
};
use jiff::Timestamp;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    fake::{Fake, ID, OTHER, Post, Script, World, failure, running, transient},
    trouble::{Step, Trouble, full, troubled},
};

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

/// Journal trouble with chosen delays and failures.
#[derive(Default)]
struct Odd {
    claim_takes: Duration,
    begin_takes: Duration,
    begin_fails_after: AtomicBool,
    append_fails: AtomicBool,
    facts_fail: AtomicBool,
}

#[async_trait]
impl Trouble for Odd {
    async fn pass(&self, step: Step) -> Result<(), JournalFailure> {
        let (takes, fails) = match step {
            Step::Claim => (self.claim_takes, None),
            Step::BeginSending => (self.begin_takes, None),
            Step::Begun => (Duration::ZERO, Some(&self.begin_fails_after)),
            Step::Looked | Step::Answered | Step::Append => (Duration::ZERO, Some(&self.append_fails)),
            Step::Facts => (Duration::ZERO, Some(&self.facts_fail)),
            Step::Settle => (Duration::ZERO, None),
        };
        tokio::time::sleep(takes).await;
        match fails {
            Some(fails) if fails.load(Ordering::SeqCst) => Err(full()),
            _ => Ok(()),
        }
    }
}

/// A wall clock that can be set.
struct Jumpy(Arc<Fake>, AtomicI64);
impl Clock for Jumpy {
    fn now(&self) -> Timestamp {
        self.0.now() + jiff::SignedDuration::from_secs(self.1.load(Ordering::SeqCst))
    }
}

/// A canceller with a fixed answer.
#[derive(Clone)]
struct FixedAnswer(Answer);
#[async_trait]
impl Canceller for FixedAnswer {
    async fn connect(&self, _: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        Ok(Box::new(self.clone()))
    }
    async fn renew_sign_in(&self) -> Result<(), Failure> {
        Ok(())
    }
}
#[async_trait]
impl ReadyToSend for FixedAnswer {
    fn is_open(&self) -> bool {
        true
    }
    async fn send(self: Box<Self>, _: &[Address], _: tokio::time::Instant) -> Result<Answer, SendFailure> {
        Ok(self.0)
    }
}
fn answering(status: u16, retry_after: u64) -> Arc<FixedAnswer> {
    Arc::new(FixedAnswer(Answer {
        retry_after: Some(secs(retry_after)),
        ..cpp::answer(status, false)
    }))
}

fn parts(fake: &Arc<Fake>, journal: Arc<dyn Journal>) -> EngineDeps {
    EngineDeps {
        origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
        publisher: "contoso".into(),
        profile: "prod".into(),
        owner: owner(7),
        catalogue: fake.clone(),
        canceller: Some(fake.clone()),
        journal,
        clock: fake.clone(),
        poll_intervals: PollIntervals::default(),
    }
}
fn engine(parts: EngineDeps) -> Engine {
    Engine::new(parts, TaskTracker::new(), CancellationToken::new())
}

fn offer(id: &str, state: &str) -> Offer {
    Offer {
        id: id.into(),
        publisher: "contoso".into(),
        name: id.into(),
        kind: "x".into(),
        state: status(state),
        version: Some(1),
        changed_at: None,
    }
}
