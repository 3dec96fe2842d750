//! The tables, and whether a file has them in the form that this program knows.

use rusqlite::{Connection, TransactionBehavior};

use crate::journal::fault::Fault;

/// Marks a database as a journal of this program: `CMND`.
const APPLICATION: i64 = 0x434D_4E44;

/// The form of the tables that this program writes.
const VERSION: i64 = 1;

/// Facts are only ever added; a cancellation is what folds from them, kept for the questions that are asked of many.
///
/// One cancellation holds the claim on a target. `AUTOINCREMENT` never gives a number twice, so that a face that has
/// seen a number has seen everything below it.
const TABLES: &str = "
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

/// Makes sure that the tables are there in the form that is known, and makes them in an empty file.
pub(super) fn ensure(connection: &mut Connection) -> Result<(), Fault> {
    if is_empty(connection)? {
        make(connection)?;
    }
    check(connection)
}

/// Writes what is there already.
pub(super) fn touch(connection: &Connection) -> Result<(), Fault> {
    Ok(connection.pragma_update(None, "user_version", VERSION)?)
}

fn check(connection: &Connection) -> Result<(), Fault> {
    if pragma(connection, "application_id")? != APPLICATION {
        return Err(Fault::Foreign);
    }
    match pragma(connection, "user_version")? {
        VERSION => Ok(()),
        found if found > VERSION => Err(Fault::Newer {
            found,
            known: VERSION,
        }),
        _ => Err(Fault::Foreign),
    }
}

/// Another process may be making the tables just now; who comes second finds them made.
fn make(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_empty(&transaction)? {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()?;
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
