//! Repeats the file operations of a record beside the journal, because `SQLite` reports that something failed and not
//! why.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// A page, as a record writes it.
const PAGE: [u8; 4096] = [1; 4096];

/// Returns the first error of the system when recording in the journal at `path`; leaves no trace.
pub(super) fn of(path: &Path) -> io::Result<()> {
    may_write(path)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!("-trial-{}", std::process::id()));
    let beside = Path::new(&name);
    let made = OpenOptions::new().write(true).create_new(true).open(beside)?;
    let tried = try_in(made);
    // A file that could not be removed is found by the next trial, which reports it.
    fs::remove_file(beside)?;
    tried
}

fn try_in(mut file: File) -> io::Result<()> {
    file.write_all(&PAGE)?;
    file.sync_all()?;
    lock(&file)
}

/// Checks permissions only: the journal is not opened here, because closing it would drop the locks that this process
/// holds.
#[cfg(unix)]
fn may_write(path: &Path) -> io::Result<()> {
    use rustix::{
        fs::{Access, access},
        io::Errno,
    };
    match access(path, Access::READ_OK | Access::WRITE_OK) {
        Err(Errno::NOENT) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes the kind of lock that `SQLite` takes.
#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, fcntl_lock};
    fcntl_lock(file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(())
}

#[cfg(not(unix))]
fn may_write(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn lock(_file: &File) -> io::Result<()> {
    Ok(())
}
