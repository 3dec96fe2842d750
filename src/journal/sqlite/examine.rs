//! Examines a journal without creating, repairing, or changing it.

use std::{fs, io, path::Path};

use rusqlite::{Connection, OpenFlags};

use super::{SqliteJournal, damage, file, owner_locks, place::Place, schema};
use crate::{engine::ports::JournalFailure, journal::fault::Fault};

/// Condition of a journal's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No file yet.
    Missing,
    /// Readable and writable by this program.
    Sound,
}

impl SqliteJournal {
    /// Examines the file at `path` and leaves it unchanged, even if it is damaged. May wait for a writer.
    ///
    /// # Errors
    /// The error of opening it, except that nothing is set aside.
    pub fn examine(path: &Path) -> Result<Condition, JournalFailure> {
        examine(&Place::new(path)).map_err(|fault| fault.of(path))
    }
}

fn examine(place: &Place) -> Result<Condition, Fault> {
    file::check_folder_owner(place)?;
    owner_locks::check_no_live_owner(place)?;
    if let Some(why) = damage::visible_damage(place) {
        return Err(Fault::Damaged(why.to_owned()));
    }
    match fs::metadata(&place.path) {
        Ok(file) if !file.is_file() => return Err(Fault::NoFile),
        Ok(file) if file.len() == 0 => return Ok(Condition::Missing),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Condition::Missing),
        Ok(_) => {}
        Err(error) => return Err(Fault::NotMade(error)),
    }
    let mut connection = Connection::open_with_flags(
        &place.path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(place.patience)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Fault::ReadOnly);
    }
    schema::check_known(&connection)?;
    damage::check_size(&mut connection, place)?;
    if damage::needs_page_check(&connection, place)? {
        damage::check_pages(&connection)?;
    }
    schema::prove_writable(&mut connection)?;
    Ok(Condition::Sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_sound_journals_are_distinguished_and_left_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        assert_eq!(SqliteJournal::examine(&path), Ok(Condition::Missing));
        assert!(!path.exists());
        drop(SqliteJournal::open(&path, crate::service::cpp::MEANING).unwrap());
        let before = fs::read(&path).unwrap();
        assert_eq!(SqliteJournal::examine(&path), Ok(Condition::Sound));
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn damaged_and_foreign_files_are_reported_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        fs::write(&path, "garbage, and more of it").unwrap();
        let failure = SqliteJournal::examine(&path).unwrap_err();
        assert!(failure.to_string().contains("not a database"), "{failure}");
        assert_eq!(fs::read(&path).unwrap(), b"garbage, and more of it");
        fs::remove_file(&path).unwrap();
        let foreign = Connection::open(&path).unwrap();
        foreign.execute_batch("CREATE TABLE cookies (name)").unwrap();
        drop(foreign);
        let failure = SqliteJournal::examine(&path).unwrap_err();
        assert!(failure.to_string().contains("another program"), "{failure}");
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let failure = SqliteJournal::examine(&inner).unwrap_err();
        assert!(failure.to_string().contains("no file"), "{failure}");
    }
}
