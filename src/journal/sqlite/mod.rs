//! The journal on disk: one `SQLite` file that several processes share.
//!
//! A rollback journal and `synchronous=EXTRA`: when a call has resolved, what it recorded survives a loss of power.
//! Each call runs on the runtime's threads for blocking work. A thread of its own would be invisible to a paused clock,
//! which would then run ahead of the disk.

mod book;
mod file;
mod rows;
mod schema;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use tokio::task;

use crate::{
    domain::{
        cancellation::Cancellation,
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, Origin, PublisherId},
        verdict::Ending,
    },
    engine::ports::{Claimed, Journal, JournalFailure},
    journal::{fault::Fault, rules},
};

use self::book::Book;

/// The facts in one file. Cheap to clone; every clone shares the connection.
#[derive(Clone)]
pub struct SqliteJournal {
    path: Arc<PathBuf>,
    connection: Arc<Mutex<Connection>>,
}

impl SqliteJournal {
    /// Opens the journal at `path`, and makes it and its folder where they are missing, for this user alone.
    ///
    /// # Errors
    /// When it cannot be opened, made or written, is no journal, or a newer program wrote it. It never goes on in
    /// memory instead.
    pub fn open(path: &Path) -> Result<Self, JournalFailure> {
        let connection = file::open(path).map_err(|fault| fault.of(path))?;
        Ok(Self {
            path: Arc::new(path.to_owned()),
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Runs `work` in a transaction that nobody else writes beside, and resolves after its commit. Work that has begun
    /// is carried through even if nobody waits for it any more.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Book<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        self.transact(TransactionBehavior::Immediate, work).await
    }

    /// Runs `work` on one state of the file.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Book<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        self.transact(TransactionBehavior::Deferred, work).await
    }

    async fn transact<T: Send + 'static>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut Book<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, JournalFailure> {
        let connection = Arc::clone(&self.connection);
        let done = task::spawn_blocking(move || {
            // A panic has rolled its transaction back when it was dropped.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(behavior)?;
            let result = work(&mut Book::new(&transaction))?;
            transaction.commit()?;
            Ok(result)
        })
        .await;
        done.unwrap_or_else(|error| Err(Fault::GivenUp(error.to_string())))
            .map_err(|fault| fault.of(&self.path))
    }
}

impl fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteJournal")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        let claim = claim.clone();
        self.write(move |book| rules::claim(book, &claim, at)).await
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        let (id, by) = (id.clone(), by.clone());
        self.write(move |book| rules::begin_sending(book, &id, attempt, &by, at))
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
        self.read(move |book| book.open(&origin, &publisher)).await
    }

    async fn is_gone(&self, _owner: &Owner) -> bool {
        false
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.read(move |book| book.history(limit)).await
    }
}
