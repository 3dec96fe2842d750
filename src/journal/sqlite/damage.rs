//! Detection of damage; moves a damaged journal away with all its files. Nothing is deleted: the open cancellations may
//! still be recovered from the remains.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::journal::{
    fault::Fault,
    sqlite::{place::Place, private},
};

/// Marks a journal as suspect, so that the next start checks every page.
const SUSPECT: &str = "-suspect";

/// Compares the file size with the page count of the database: `SQLite` misses whole pages silently, and takes the rest
/// of a truncated one for zeros. Requires that no process writes meanwhile.
pub(super) fn check_size(connection: &mut Connection, place: &Place) -> Result<(), Fault> {
    let transaction = connection.transaction()?;
    let counted = size(&transaction)?;
    let there = fs::metadata(&place.path).map_err(Fault::NotMade)?.len();
    if i64::try_from(there).is_ok_and(|there| there < counted) {
        return Err(Fault::Damaged("it is cut off".to_owned()));
    }
    Ok(())
}

/// Returns true if the whole file is to be read: where it is small or suspect. `SQLite` itself detects a malformed page
/// when it reads that page.
pub(super) fn needs_page_check(connection: &Connection, place: &Place) -> Result<bool, Fault> {
    Ok(place.beside(SUSPECT).exists() || size(connection)? <= place.looked_through)
}

/// Reads every page.
pub(super) fn check_pages(connection: &Connection) -> Result<(), Fault> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(Fault::Damaged(found))
    }
}

/// Checks that the tables agree, since pages of different ages may each be well-formed. A file that passes is no longer
/// suspect.
pub(super) fn check_consistency(connection: &Connection, place: &Place) -> Result<(), Fault> {
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

/// Remembers that a call has met damage. A note that cannot be written does not change the call's result.
pub(super) fn suspect(place: &Place) {
    if let Err(error) = private::open_or_make(&place.beside(SUSPECT)) {
        tracing::warn!(%error, "the next start will not look the journal through");
    }
}

/// Returns the damage that is visible from outside: an emptied file, or a rollback journal without its file.
pub(super) fn visible_damage(place: &Place) -> Option<&'static str> {
    match fs::metadata(&place.path) {
        Ok(file) if file.len() == 0 && place.owners().exists() => Some("it is empty, and was not"),
        Err(error) if error.kind() == io::ErrorKind::NotFound && place.beside("-journal").exists() => {
            Some("it is missing, and its rollback journal is not")
        }
        Ok(_) | Err(_) => None,
    }
}

/// Renames the database, then its rollback journal, then its locks, so that an interruption leaves a state that is
/// either untouched or visible from outside. Returns the fault to report.
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
        Ok(()) => set_aside_fault(place, number, why),
        Err(error) => Fault::NotSetAside { why, error },
    }
}

/// Returns how many were set aside so far.
pub(super) fn count(place: &Place) -> u32 {
    first_free(place).saturating_sub(1)
}

/// Returns the fault for a damaged file that another process has just set aside.
pub(super) fn already_set_aside(place: &Place, why: String) -> Fault {
    set_aside_fault(place, count(place), why)
}

fn set_aside_fault(place: &Place, number: u32, why: String) -> Fault {
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

/// Keeps the naming by which `SQLite` finds the rollback journal of the moved file.
fn aside(place: &Place, number: u32, of: &str) -> PathBuf {
    place.beside(&format!(".damaged-{number}{of}"))
}

/// Returns the size in bytes, by the page count of the database.
fn size(connection: &Connection) -> Result<i64, Fault> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok(pragma("page_count")?.saturating_mul(pragma("page_size")?))
}
