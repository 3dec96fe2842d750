//! Does what a record does to a file beside the journal, because `SQLite` tells that something failed and not why.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// A page, as a record writes it.
const PAGE: [u8; 4096] = [1; 4096];

/// The first thing that the system denies to who would record in the journal at `path`; nothing of it stays.
pub(super) fn of(path: &Path) -> io::Result<()> {
    may_write(path)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!("-trial-{}", std::process::id()));
    let beside = Path::new(&name);
    let made = OpenOptions::new().write(true).create_new(true).open(beside)?;
    let tried = try_in(made);
    // Where it cannot be removed, the next to try finds it there, and says so.
    fs::remove_file(beside)?;
    tried
}

fn try_in(mut file: File) -> io::Result<()> {
    file.write_all(&PAGE)?;
    file.sync_all()?;
    lock(&file)
}

/// By asking alone: the journal is not opened here, because closing it again would drop the locks that this process holds.
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

/// The kind of lock that `SQLite` takes.
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
