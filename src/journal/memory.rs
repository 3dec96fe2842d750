//! A journal that ends with its process: for the demo, which leaves no trace, and for tests. Its ids count up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, Origin, PublisherId},
        target::Target,
        verdict::Ending,
    },
    engine::ports::{Claimed, Journal, JournalFailure, Life},
    journal::{fault::Fault, ledger::Ledger, rules},
};

/// Facts in memory, lost with their process.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    ledger: Mutex<MemoryLedger>,
}

/// Cancellations in the order of their claims, and the number of the newest fact.
#[derive(Debug, Default)]
struct MemoryLedger {
    entries: Vec<Entry>,
    newest: u64,
}

#[derive(Debug)]
struct Entry {
    cancellation: Cancellation,
    has_given_way: bool,
}

impl MemoryJournal {
    /// Creates an empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn ledger(&self) -> MutexGuard<'_, MemoryLedger> {
        // A panic in here cannot leave a change half done.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryLedger {
    fn next_number(&mut self) -> u64 {
        self.newest += 1;
        self.newest
    }

    fn entry(&mut self, id: &CancellationId) -> Result<&mut Entry, Fault> {
        self.entries
            .iter_mut()
            .find(|entry| entry.cancellation.id == *id)
            .ok_or_else(|| Fault::NoSuchCancellation(id.clone()))
    }
}

impl Entry {
    fn holds(&self, target: &Target) -> bool {
        let held = &self.cancellation.request.target;
        self.cancellation.is_open() && !self.has_given_way && held.is(target)
    }
}

impl Ledger for MemoryLedger {
    fn holder(&self, target: &Target) -> Result<Option<Cancellation>, Fault> {
        let holder = self.entries.iter().find(|entry| entry.holds(target));
        Ok(holder.map(|entry| entry.cancellation.clone()))
    }

    fn cancellation(&self, id: &CancellationId) -> Result<Option<Cancellation>, Fault> {
        let found = self.entries.iter().find(|entry| entry.cancellation.id == *id);
        Ok(found.map(|entry| entry.cancellation.clone()))
    }

    fn begin(&mut self, claim: &Claim, at: Timestamp) -> Result<Cancellation, Fault> {
        let id = CancellationId::new(&format!("c{}", self.entries.len() + 1));
        let cancellation = Cancellation::claimed(id, claim.clone(), self.next_number(), at);
        self.entries.push(Entry {
            cancellation: cancellation.clone(),
            has_given_way: false,
        });
        Ok(cancellation)
    }

    fn release(&mut self, id: &CancellationId) -> Result<(), Fault> {
        self.entry(id)?.has_given_way = true;
        Ok(())
    }

    fn add(&mut self, cancellation: Cancellation, fact: Fact, at: Timestamp) -> Result<Recorded, Fault> {
        let number = self.next_number();
        let recorded = Recorded { number, at, fact };
        let entry = self.entry(&cancellation.id)?;
        entry.cancellation.apply(recorded.clone());
        Ok(recorded)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        rules::claim(&mut *self.ledger(), claim, at).map_err(Fault::in_memory)
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        rules::begin_sending(&mut *self.ledger(), id, attempt, by, at).map_err(Fault::in_memory)
    }

    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        rules::append(&mut *self.ledger(), id, fact, at).map_err(Fault::in_memory)
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        rules::settle(&mut *self.ledger(), id, ending, at).map_err(Fault::in_memory)
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        let found = self.ledger().cancellation(id).map_err(Fault::in_memory)?;
        let facts = found.map(|cancellation| cancellation.facts).unwrap_or_default();
        Ok(facts
            .into_iter()
            .filter(|recorded| recorded.number > after)
            .collect())
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        let ledger = self.ledger();
        let cancellations = ledger.entries.iter().map(|entry| &entry.cancellation);
        let open = cancellations.filter(|cancellation| {
            let target = &cancellation.request.target;
            cancellation.is_open() && target.origin == *origin && target.publisher.is(publisher)
        });
        Ok(open.cloned().collect())
    }

    /// Returns unknown for every owner: a journal in memory holds no locks.
    async fn life(&self, _owner: &Owner) -> Life {
        Life::Unknown
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        let ledger = self.ledger();
        let mut newest = ledger.entries.iter().rev().map(|entry| &entry.cancellation);
        Ok(newest
            .find(|one| one.request.target.is(target) && one.was_sent())
            .cloned())
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        let ledger = self.ledger();
        let newest = ledger.entries.iter().rev().map(|entry| &entry.cancellation);
        Ok(newest
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .cloned()
            .collect())
    }
}
