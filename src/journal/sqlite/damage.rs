//! Finds out that a journal is damaged, and moves it out of the way with all that belongs to it. Nothing is deleted:
//! what was open in it may still be told from what is left.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::journal::{
    fault::Fault,
    sqlite::{place::Place, private},
};

/// Names what a fault has shown to be damaged, so that the next start looks all of it through.
const SUSPECT: &str = "-suspect";

/// Compares what is there with what the database counts: `SQLite` misses whole pages alone, and takes the rest of one
/// that was cut off for zeros. Nobody writes meanwhile.
pub(super) fn look_at_size(connection: &mut Connection, place: &Place) -> Result<(), Fault> {
    let transaction = connection.transaction()?;
    let counted = size(&transaction)?;
    let there = fs::metadata(&place.path).map_err(Fault::NotMade)?.len();
    if i64::try_from(there).is_ok_and(|there| there < counted) {
        return Err(Fault::Damaged("it is cut off".to_owned()));
    }
    Ok(())
}

/// Whether all of the file is to be read: where it is small or under suspicion. `SQLite` itself finds a page that makes
/// no sense when that page is read.
pub(super) fn is_worth_a_look(connection: &Connection, place: &Place) -> Result<bool, Fault> {
    Ok(place.beside(SUSPECT).exists() || size(connection)? <= place.looked_through)
}

/// Reads every page.
pub(super) fn look_at_pages(connection: &Connection) -> Result<(), Fault> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(Fault::Damaged(found))
    }
}

/// Looks whether the tables agree: pages of different ages may each make sense. What has passed is above suspicion.
pub(super) fn look_for_losses(connection: &Connection, place: &Place) -> Result<(), Fault> {
    const LOSSES: &str = "
      SELECT EXISTS (SELECT 1 FROM facts WHERE cancellation NOT IN (SELECT id FROM cancellations))
          OR EXISTS (SELECT 1 FROM cancellations
                     WHERE newest IS NOT (SELECT max(number) FROM facts WHERE cancellation = id))";
    if connection.query_row(LOSSES, [], |row| row.get(0))? {
        return Err(Fault::Damaged("facts are lost".to_owned()));
    }
    match fs::remove_file(place.beside(SUSPECT)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::NotMade(error)),
        _ => Ok(()),
    }
}

/// Remembers that a call has met damage. A note that cannot be made changes nothing of what the call tells.
pub(super) fn suspect(place: &Place) {
    if let Err(error) = private::open_or_make(&place.beside(SUSPECT)) {
        tracing::warn!(%error, "the next start will not look the journal through");
    }
}

/// The damage that can be seen from outside: a file that has lost everything, or has left its rollback journal behind.
pub(super) fn seen_from_outside(place: &Place) -> Option<&'static str> {
    match fs::metadata(&place.path) {
        Ok(file) if file.len() == 0 && place.owners().exists() => Some("it is empty, and was not"),
        Err(error) if error.kind() == io::ErrorKind::NotFound && place.beside("-journal").exists() => {
            Some("it is missing, and its rollback journal is not")
        }
        Ok(_) | Err(_) => None,
    }
}

/// Renames the database, then its rollback journal, then its locks, so that what is left after an end half way is either
/// not begun or seen from outside. The fault to tell.
pub(super) fn set_aside(place: &Place, why: String) -> Fault {
    let number = first_free(place);
    let belongings = [
        (place.path.clone(), ""),
        (place.beside("-journal"), "-journal"),
        (place.owners(), "-owners"),
    ];
    let done = belongings
        .iter()
        .try_for_each(|(from, of)| rename(from, &aside(place, number, of)))
        .and_then(|()| private::sync_folder(place.folder()));
    match done {
        Ok(()) => was_aside(place, number, why),
        Err(error) => Fault::NotSetAside { why, error },
    }
}

/// How many were set aside so far.
pub(super) fn count(place: &Place) -> u32 {
    first_free(place).saturating_sub(1)
}

/// What to tell of a damaged file that somebody else has just set aside.
pub(super) fn was_set_aside(place: &Place, why: String) -> Fault {
    was_aside(place, count(place), why)
}

fn was_aside(place: &Place, number: u32, why: String) -> Fault {
    let aside = aside(place, number, "");
    Fault::SetAside { why, aside }
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

fn first_free(place: &Place) -> u32 {
    (1..u32::MAX)
        .find(|number| !is_taken(place, *number))
        .unwrap_or(u32::MAX)
}

fn is_taken(place: &Place, number: u32) -> bool {
    ["", "-journal", "-owners"]
        .iter()
        .any(|of| fs::symlink_metadata(aside(place, number, of)).is_ok())
}

/// So named that `SQLite` finds the rollback journal of what was set aside.
fn aside(place: &Place, number: u32, of: &str) -> PathBuf {
    place.beside(&format!(".damaged-{number}{of}"))
}

/// Bytes, as the database counts its pages.
fn size(connection: &Connection) -> Result<i64, Fault> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok(pragma("page_count")?.saturating_mul(pragma("page_size")?))
}
