//! The journal on disk: one `SQLite` file that several processes share.
//!
//! A rollback journal and `synchronous=EXTRA`: when a call has resolved, what it recorded survives a loss of power.
//! Each call runs on the runtime's threads for blocking work. A thread of its own would be invisible to a paused clock,
//! which would then run ahead of the disk.

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

/// How many cancellations of the history are read at once: who reads keeps everybody from recording for as long.
const AT_ONCE: u32 = 200;

/// What this process has set aside, and what it said then. Who then begins a new journal at once might send again what
/// the old one knew to be open; so that is left to the next start.
static SET_ASIDE: Mutex<BTreeMap<PathBuf, JournalFailure>> = Mutex::new(BTreeMap::new());

/// The facts in one file. Cheap to clone; every clone shares the connection.
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
    /// Opens the journal at `path`, whose facts are read by what the service meant by them, and makes it and its folder where they are missing, for this user alone.
    ///
    /// Beside it lie `owners/`, the locks that say which processes live, and for a moment its rollback journal.
    ///
    /// # Errors
    /// When it cannot be read, or a newer program wrote it. A damaged one is set aside, and until this process ends every
    /// call says so. It never goes on in memory instead. Where it can be read and not written, whatever is to be recorded
    /// tries again, and says why it cannot be.
    pub fn open(path: &Path, meaning: Meaning) -> Result<Self, JournalFailure> {
        let place = Place::new(path);
        let access = open(&place).map_err(|fault| fault.of(path))?;
        Ok(Self::with(place, meaning, Some(access)))
    }

    /// The same, opened by the first call; what keeps it from being opened is what that call says, and the next tries
    /// again.
    #[must_use]
    pub fn deferred(path: &Path, meaning: Meaning) -> Self {
        Self::with(Place::new(path), meaning, None)
    }

    /// None, for the reason that every call gives.
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

    /// Runs `work` in a transaction that nobody else writes beside, and resolves after its commit. Work that has begun
    /// is carried through even if nobody waits for it any more.
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

    /// Runs `work`, which may record something in the name of `by`: from then on its lock says that it lives.
    async fn write_as<T: Send + 'static>(
        &self,
        by: &Owner,
        work: impl FnOnce(&mut SqliteLedger<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        let (shared, by) = (Arc::clone(&self.shared), by.clone());
        self.write(move |book| {
            if let Some(name) = shared.presence.enter(&by) {
                book.register(&name)?;
            }
            work(book)
        })
        .await
    }

    /// The list without what cannot be read, which is kept to be told.
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
            let (connection, identity) = access.whole(&self.place)?;
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

/// Opens the file, unless this process has set one aside there.
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

/// A panic under this lock has rolled its transaction back when that was dropped; nothing else can be half done.
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
        self.write_as(&claim.by.clone(), move |book| rules::claim(book, &claim, at))
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
        self.write_as(by, move |book| {
            rules::begin_sending(book, &id, attempt, &sender, at)
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
        self.write(move |book| rules::append(book, &id, fact, at)).await
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        let id = id.clone();
        self.write(move |book| rules::settle(book, &id, ending, at)).await
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        let id = id.clone();
        self.read(move |book| book.facts(&id, after)).await
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        let (origin, publisher) = (origin.clone(), publisher.clone());
        let listed = self.read(move |book| book.open(&origin, &publisher)).await?;
        Ok(self.readable(listed))
    }

    /// It is gone if it held its lock once and does not any more. Of a process on another machine, and of one that could
    /// not have its lock, that cannot be told.
    async fn life(&self, owner: &Owner) -> Life {
        let (shared, owner) = (Arc::clone(&self.shared), owner.clone());
        let life = self.write(move |book| match shared.presence.name_here(&owner) {
            Some(name) if book.is_registered(&name)? => Ok(shared.presence.life(&name)),
            _ => Ok(Life::Unknown),
        });
        life.await.unwrap_or_else(|failure| {
            tracing::warn!(%failure, "whether a process lives cannot be told");
            Life::Unknown
        })
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        let target = target.clone();
        self.read(move |book| book.newest_of(&target)).await
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        let (mut newest, mut before, mut left) = (Vec::new(), i64::MAX, limit);
        while left > 0 {
            let some = left.min(AT_ONCE);
            let listed = self.read(move |book| book.history(before, some)).await?;
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
