//! The file of a journal: made for its user alone, and opened so that a commit is on the disk.

use std::{io, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::journal::{fault::Fault, sqlite::schema};

/// How long to wait for another process's record; each takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the journal at `path`, and makes what is missing.
pub(super) fn open(path: &Path) -> Result<Connection, Fault> {
    make_folder(path)?;
    make_file(path)?;
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(PATIENCE)?;
    // SQLite opens what may not be written for reading alone, and would only say so when something is to be recorded.
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Fault::ReadOnly);
    }
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA;")?;
    schema::ensure(&mut connection)?;
    // Only now: these would change a file that is not ours.
    prove_writable(&mut connection)?;
    private::close_to_others(path).map_err(Fault::NotOurs)?;
    connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    Ok(connection)
}

/// Begins to write and takes it back, so that a folder without room for the rollback journal is known before a record
/// is due. Waits for no disk: nothing is committed.
fn prove_writable(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::touch(&transaction)?;
    transaction.rollback()?;
    Ok(())
}

fn make_folder(path: &Path) -> Result<(), Fault> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            private::make_folder(folder).map_err(Fault::NoFolder)
        }
        _ => Ok(()),
    }
}

/// Makes the file where there is none. An existing one is never opened here: closing it again would drop the locks that
/// this process holds on it elsewhere.
fn make_file(path: &Path) -> Result<(), Fault> {
    match private::make_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_file() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Fault::NoFile),
        made => made.map_err(Fault::NotMade),
    }
}

#[cfg(unix)]
mod private {
    //! What only this user may reach, as Unix says it.

    use std::{
        fs::{self, DirBuilder, OpenOptions, Permissions},
        io,
        os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
        path::Path,
    };

    pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    pub(super) fn make_file(path: &Path) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map(drop)
    }

    pub(super) fn close_to_others(path: &Path) -> io::Result<()> {
        let mode = fs::metadata(path)?.permissions().mode() & 0o777;
        let private = mode & 0o700;
        if mode == private {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(private))
    }
}

#[cfg(not(unix))]
mod private {
    //! Elsewhere the state folder of a user is closed to others already.

    use std::{
        fs::{self, OpenOptions},
        io,
        path::Path,
    };

    pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    pub(super) fn make_file(path: &Path) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .map(drop)
    }

    pub(super) fn close_to_others(_path: &Path) -> io::Result<()> {
        Ok(())
    }
}
