//! Tables, and the steps that upgrade those of an older file to the current schema.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::journal::fault::Fault;

/// Application id that marks a database as a journal of this program: `CMND`.
const APPLICATION: i64 = 0x434D_4E44;

/// Version of the current schema.
const NEWEST: i64 = 2;

/// Steps that upgrade a file to each version; the first creates it. A released step never changes: existing files
/// depend on it.
const STEPS: [(i64, &str); 2] = [(1, FACTS), (NEWEST, OWNERS_AND_NEWEST)];

/// Stores facts append-only; a cancellation is the fold of its facts, stored for queries over many.
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

/// Registers the processes that hold a lock for as long as they live; the state of any other, such as those of the
/// first version, is unknown.
/// facts that were lost are missed.
const OWNERS_AND_NEWEST: &str = "
CREATE TABLE owners (name TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE cancellations ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
UPDATE cancellations SET newest = coalesce((SELECT max(number) FROM facts WHERE cancellation = id), 0);
";

/// Checks that a file is a journal of a known version, and creates the tables in an empty one.
pub(super) fn recognize(connection: &mut Connection) -> Result<(), Fault> {
    if is_empty(connection)? {
        return bring_up_to_date(connection);
    }
    check_known(connection)
}

/// Checks that a non-empty file is a journal of a known version.
pub(super) fn check_known(connection: &Connection) -> Result<(), Fault> {
    if pragma(connection, "application_id")? != APPLICATION || version(connection)? == 0 {
        return Err(Fault::Foreign);
    }
    Ok(())
}

/// Returns true if the tables have the current schema.
pub(super) fn is_newest(connection: &Connection) -> Result<bool, Fault> {
    Ok(version(connection)? == NEWEST)
}

/// Runs the upgrade steps that are still missing, all or none. Another process may be running them right now; the
/// second one finds them done.
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

/// Returns the schema version of the file; 0 if it has none.
///
/// # Errors
/// When this program does not know it: a newer one can upgrade the file while it is open here.
pub(super) fn version(connection: &Connection) -> Result<i64, Fault> {
    match pragma(connection, "user_version")? {
        found if found > NEWEST => Err(Fault::Newer { found, known: NEWEST }),
        ..0 => Err(Fault::Foreign),
        known => Ok(known),
    }
}

/// Begins a write and rolls it back, so that a folder without space for the rollback journal is detected before a
/// record is due. Does not wait for the disk: nothing is committed.
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
