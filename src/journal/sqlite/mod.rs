//! The journal on disk: one `SQLite` file that several processes share.
//!
//! With a rollback journal and `synchronous=EXTRA`, a resolved call's record survives a loss of power. Each call runs
//! on the runtime's threads for blocking work. A thread of its own would be invisible to a paused clock, which would
//! then run ahead of the disk.

mod access;
mod damage;
mod examine;
mod file;
mod guard;
mod identity;
mod owner_locks;
mod place;
mod private;
mod rows;
mod schema;
mod sqlite_ledger;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::TransactionBehavior;
use tokio::task;

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, Origin, PublisherId},
        meaning::Meaning,
        target::Target,
        verdict::Ending,
    },
    engine::ports::{Claimed, Journal, JournalFailure, Life},
    journal::{fault::Fault, rules},
};

pub use self::examine::Condition;
use self::{
    access::Access,
    owner_locks::OwnerLocks,
    place::Place,
    sqlite_ledger::{Listed, SqliteLedger},
};

/// Number of cancellations read at once from the history: a reader blocks all writers for that long.
const AT_ONCE: u32 = 200;

/// Files that this process has set aside, with the fault it reported. A new journal in the same run might repeat a
/// cancel that the old one knew to be open, so the next start creates it.
static SET_ASIDE: Mutex<BTreeMap<PathBuf, JournalFailure>> = Mutex::new(BTreeMap::new());

/// Facts in one file. Cheap to clone; every clone shares the connection.
#[derive(Clone)]
pub struct SqliteJournal {
    shared: Arc<Shared>,
}

struct Shared {
    place: Place,
    /// What the words of facts mean, which are kept without that.
    meaning: Meaning,
    /// None until it is first needed.
    access: Mutex<Option<Access>>,
    presence: OwnerLocks,
    unreadable: Mutex<BTreeMap<CancellationId, JournalFailure>>,
}

impl SqliteJournal {
    /// Opens the journal at `path`, and creates it and its folder if missing, for this user alone. `meaning` interprets
    /// the recorded answers as their service does.
    ///
    /// Beside it lie `owners/`, the locks of live processes, and for a moment its rollback journal.
    ///
    /// # Errors
    /// When it cannot be read, or a newer program wrote it. A damaged one is set aside, and until this process ends
    /// every call reports that. It never falls back to memory. Where it is readable but not writable, each recording
    /// tries again, and reports why it fails.
    pub fn open(path: &Path, meaning: Meaning) -> Result<Self, JournalFailure> {
        let place = Place::new(path);
        let access = open(&place).map_err(|fault| fault.of(path))?;
        Ok(Self::with(place, meaning, Some(access)))
    }

    /// Defers opening to the first call, which returns the failure to open it; the next call tries again.
    #[must_use]
    pub fn deferred(path: &Path, meaning: Meaning) -> Self {
        Self::with(Place::new(path), meaning, None)
    }

    /// Stands in for a journal without a place: every call fails with `why`.
    #[must_use]
    pub fn nowhere(why: JournalFailure, meaning: Meaning) -> Self {
        Self::with(Place::new(Path::new("")), meaning, Some(Access::Lost(why)))
    }

    #[cfg(test)]
    fn open_at(place: Place, meaning: Meaning) -> Result<Self, Fault> {
        let access = Access::open(&place)?;
        Ok(Self::with(place, meaning, Some(access)))
    }

    fn with(place: Place, meaning: Meaning, access: Option<Access>) -> Self {
        Self {
            shared: Arc::new(Shared {
                presence: OwnerLocks::new(&place),
                place,
                meaning,
                access: Mutex::new(access),
                unreadable: Mutex::default(),
            }),
        }
    }

    /// Runs `work` in a transaction that excludes other writers, and resolves after its commit. Work that has begun is
    /// completed even if its caller is gone.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        self.transact(TransactionBehavior::Immediate, work).await
    }

    /// Runs `work` on one state of the file.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        self.transact(TransactionBehavior::Deferred, work).await
    }

    async fn transact<T: Send + 'static>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        let shared = Arc::clone(&self.shared);
        let done = task::spawn_blocking(move || shared.transact(behavior, work)).await;
        done.unwrap_or_else(|error| Err(Fault::GivenUp(error.to_string())))
            .map_err(|fault| fault.of(&self.shared.place.path))
    }

    /// Runs `work`, which may record under the owner `by`, and takes that owner's lock first.
    async fn write_as<T: Send + 'static>(
        &self,
        by: &Owner,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        let (shared, by) = (Arc::clone(&self.shared), by.clone());
        self.write(move |ledger| {
            if let Some(name) = shared.presence.enter(&by) {
                ledger.register(&name)?;
            }
            work(ledger)
        })
        .await
    }

    /// Drops unreadable cancellations from the list, and keeps their failures for [`unreadable`](Journal::unreadable).
    fn readable(&self, listed: Listed) -> Vec<Cancellation> {
        let mut unreadable = held(&self.shared.unreadable);
        for (id, fault) in listed.unreadable {
            unreadable.entry(id).or_insert_with_key(|id| {
                let failure = fault.of(&self.shared.place.path);
                tracing::error!(cancellation = %id, %failure, "a cancellation cannot be read");
                failure
            });
        }
        listed.cancellations
    }
}

impl Shared {
    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let done = self.attempt(behavior, work);
        if let Err(fault) = &done
            && fault.damage().is_some()
        {
            damage::suspect(&self.place);
        }
        done
    }

    fn attempt<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut access = held(&self.access);
        let access = match &mut *access {
            Some(access) => access,
            none => none.insert(open(&self.place)?),
        };
        let (connection, identity) = if matches!(behavior, TransactionBehavior::Deferred) {
            (access.readable(&self.place)?, None)
        } else {
            let (connection, identity) = access.writable(&self.place)?;
            (connection, Some(identity))
        };
        let transaction = connection.transaction_with_behavior(behavior)?;
        schema::version(&transaction)?;
        if let Some(identity) = identity {
            identity.holds(&self.place.path)?;
        }
        let result = work(&mut SqliteLedger::new(&transaction, self.meaning))?;
        transaction.commit()?;
        Ok(result)
    }
}

/// Opens the file, unless this process has set it aside.
fn open(place: &Place) -> Result<Access, Fault> {
    if let Some(failure) = held(&SET_ASIDE).get(&place.path) {
        return Err(Fault::Told(failure.clone()));
    }
    Access::open(place).map_err(|fault| {
        if !fault.is_lost() {
            return fault;
        }
        let failure = fault.of(&place.path);
        held(&SET_ASIDE).insert(place.path.clone(), failure.clone());
        Fault::Told(failure)
    })
}

/// Recovers from a poisoned lock: the panic has rolled its transaction back on drop, and nothing else can be half done.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteJournal")
            .field("path", &self.shared.place.path)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        let claim = claim.clone();
        self.write_as(&claim.by.clone(), move |ledger| rules::claim(ledger, &claim, at))
            .await
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        let (id, sender) = (id.clone(), by.clone());
        self.write_as(by, move |ledger| {
            rules::begin_sending(ledger, &id, attempt, &sender, at)
        })
        .await
    }

    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        let id = id.clone();
        self.write(move |ledger| rules::append(ledger, &id, fact, at))
            .await
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        let id = id.clone();
        self.write(move |ledger| rules::settle(ledger, &id, ending, at))
            .await
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        let id = id.clone();
        self.read(move |ledger| ledger.facts(&id, after)).await
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        let (origin, publisher) = (origin.clone(), publisher.clone());
        let listed = self.read(move |ledger| ledger.open(&origin, &publisher)).await?;
        Ok(self.readable(listed))
    }

    /// Reports an owner as gone if it held its lock once and no longer does. The answer is unknown for a process on
    /// another machine, and for one that never got its lock.
    async fn life(&self, owner: &Owner) -> Life {
        let (shared, owner) = (Arc::clone(&self.shared), owner.clone());
        let life = self.write(move |ledger| match shared.presence.local_name(&owner) {
            Some(name) if ledger.is_registered(&name)? => Ok(shared.presence.life(&name)),
            _ => Ok(Life::Unknown),
        });
        life.await.unwrap_or_else(|failure| {
            tracing::warn!(%failure, "cannot determine whether a process is alive");
            Life::Unknown
        })
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        let target = target.clone();
        self.read(move |ledger| ledger.newest_of(&target)).await
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        let (mut newest, mut before, mut left) = (Vec::new(), i64::MAX, limit);
        while left > 0 {
            let some = left.min(AT_ONCE);
            let listed = self.read(move |ledger| ledger.history(before, some)).await?;
            let Some(last) = listed.last else {
                break;
            };
            newest.extend(self.readable(listed));
            (before, left) = (last, left - some);
        }
        Ok(newest)
    }

    async fn unreadable(&self) -> Vec<JournalFailure> {
        held(&self.shared.unreadable).values().cloned().collect()
    }
}
