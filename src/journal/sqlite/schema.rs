//! The tables, and the steps that bring those of an older file to the form that this program writes.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::journal::fault::Fault;

/// Marks a database as a journal of this program: `CMND`.
const APPLICATION: i64 = 0x434D_4E44;

/// The form of the tables that this program writes.
const NEWEST: i64 = 2;

/// What takes a file to each version; the first makes it. A step that was ever released never changes: files lie about
/// that it has made.
const STEPS: [(i64, &str); 2] = [(1, FACTS), (NEWEST, OWNERS_AND_NEWEST)];

/// Facts are only ever added; a cancellation is what folds from them, kept for the questions that are asked of many.
///
/// One cancellation holds the claim on a target. `AUTOINCREMENT` never gives a number twice, so that a face that has
/// seen a number has seen everything below it.
const FACTS: &str = "
CREATE TABLE cancellations (
  serial      INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  profile     TEXT NOT NULL,
  origin      TEXT NOT NULL,
  publisher   TEXT NOT NULL,
  offer       TEXT NOT NULL,
  binding     TEXT NOT NULL,
  user        TEXT NOT NULL,
  host        TEXT NOT NULL,
  claimed_at  TEXT NOT NULL,
  verdict     TEXT,
  is_open     INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  holds_claim INTEGER NOT NULL CHECK (holds_claim IN (0, is_open))
) STRICT;
CREATE UNIQUE INDEX one_claim_a_target ON cancellations (origin, publisher, offer, binding) WHERE holds_claim = 1;
CREATE INDEX open_cancellations ON cancellations (origin, publisher) WHERE is_open = 1;
CREATE TABLE facts (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  cancellation TEXT NOT NULL REFERENCES cancellations (id),
  at           TEXT NOT NULL,
  fact         TEXT NOT NULL CHECK (json_valid(fact))
) STRICT;
CREATE INDEX facts_of_a_cancellation ON facts (cancellation, number);
CREATE TRIGGER facts_stay BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END;
CREATE TRIGGER facts_stand BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
";

/// The processes that hold a lock for as long as they live: of one that is not in here it cannot be told whether it
/// lives, and so it is with those of the first version. And the number of the newest fact of each cancellation, so that
/// facts that were lost are missed.
const OWNERS_AND_NEWEST: &str = "
CREATE TABLE owners (name TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE cancellations ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
UPDATE cancellations SET newest = coalesce((SELECT max(number) FROM facts WHERE cancellation = id), 0);
";

/// Tells whether a file is a journal that this program knows, and makes the tables in an empty one.
pub(super) fn recognise(connection: &mut Connection) -> Result<(), Fault> {
    if is_empty(connection)? {
        return bring_up_to_date(connection);
    }
    tell(connection)
}

/// Tells whether a file that is not empty is a journal that this program knows.
pub(super) fn tell(connection: &Connection) -> Result<(), Fault> {
    if pragma(connection, "application_id")? != APPLICATION || version(connection)? == 0 {
        return Err(Fault::Foreign);
    }
    Ok(())
}

/// Whether its tables are of the form that this program writes.
pub(super) fn is_newest(connection: &Connection) -> Result<bool, Fault> {
    Ok(version(connection)? == NEWEST)
}

/// Takes the steps that the file has not had yet, all or none. Another process may be taking them just now; who comes
/// second finds them taken.
pub(super) fn bring_up_to_date(connection: &mut Connection) -> Result<(), Fault> {
    if version(connection)? == NEWEST {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    for (_, step) in STEPS.iter().filter(|(leads_to, _)| *leads_to > version) {
        transaction.execute_batch(step)?;
    }
    mark(&transaction)?;
    transaction.commit()?;
    Ok(())
}

/// The form of the tables in the file; 0 where there are none.
///
/// # Errors
/// When this program does not know it: a newer one can take the file further while it is open here.
pub(super) fn version(connection: &Connection) -> Result<i64, Fault> {
    match pragma(connection, "user_version")? {
        found if found > NEWEST => Err(Fault::Newer { found, known: NEWEST }),
        ..0 => Err(Fault::Foreign),
        known => Ok(known),
    }
}

/// Begins to write and takes it back, so that a folder without room for the rollback journal is known before a record
/// is due. Waits for no disk: nothing is committed.
pub(super) fn prove_writable(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    mark(&transaction)?;
    transaction.rollback()?;
    Ok(())
}

fn mark(transaction: &Transaction<'_>) -> Result<(), Fault> {
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", NEWEST)?;
    Ok(())
}

fn is_empty(connection: &Connection) -> Result<bool, Fault> {
    let has_tables: bool =
        connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| {
            row.get(0)
        })?;
    Ok(!has_tables && pragma(connection, "application_id")? == 0 && pragma(connection, "user_version")? == 0)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}
