//! Which processes live: each that claims holds a lock on a file of its own for as long as its journal is open.
//!
//! The system frees a lock when its process ends, however it ends, and after a reboot all are free. Every call is made
//! while the database is held for writing, so that nobody looks at a file between its making and its locking. Where a
//! lock cannot be had the process is not registered, and then nobody calls it gone.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{
    domain::{fact::Owner, text::SafeText},
    engine::ports::Life,
    journal::sqlite::{place::Place, private},
};

/// The locks this journal holds, by the names of their owners.
#[derive(Debug)]
pub(super) struct Presence {
    folder: PathBuf,
    host: Option<SafeText>,
    held: Mutex<BTreeMap<String, File>>,
}

impl Presence {
    pub(super) fn new(place: &Place) -> Self {
        Self {
            folder: place.owners(),
            host: place.host.clone(),
            held: Mutex::default(),
        }
    }

    /// Holds the lock of `owner` from now on; its name, unless the lock cannot be had.
    pub(super) fn enter(&self, owner: &Owner) -> Option<String> {
        let name = self.name_here(owner)?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.contains_key(&name) {
            self.sweep(&owner.host);
            let locked = locked(&self.folder.join(&name)).inspect_err(|error| {
                tracing::warn!(%error, folder = %self.folder.display(), "no lock says that this process lives");
            });
            held.insert(name.clone(), locked.ok()?);
        }
        Some(name)
    }

    /// The name of an owner, if it is on this machine.
    pub(super) fn name_here(&self, owner: &Owner) -> Option<String> {
        let is_here = self.host.as_ref() == Some(&owner.host);
        is_here.then(|| {
            let (machine, started) = (prefix(&owner.host), escaped(&owner.started));
            format!("{machine}{}.{started}", owner.pid)
        })
    }

    /// Whether somebody still holds the lock of that name. Only of one that was held can that be asked.
    pub(super) fn life(&self, name: &str) -> Life {
        let path = self.folder.join(name);
        match File::open(&path) {
            Ok(file) => life_of(&file, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Life::Gone,
            Err(_) => Life::Unknown,
        }
    }

    /// Removes what processes of this machine have left behind.
    fn sweep(&self, host: &SafeText) {
        let prefix = prefix(host);
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                self.life(&entry.file_name().to_string_lossy());
            }
        }
    }
}

/// Several journals of one process may hold the lock of the same owner, each as a sharer.
fn locked(path: &Path) -> io::Result<File> {
    let file = private::open_or_make(path)?;
    file.try_lock_shared()?;
    Ok(file)
}

/// Whether anyone shares the lock; a file whose lock is free is of no more use.
fn life_of(file: &File, path: &Path) -> Life {
    match file.try_lock() {
        Ok(()) => {
            // One that stays is found free by the next who asks.
            let _ = fs::remove_file(path);
            Life::Gone
        }
        Err(TryLockError::WouldBlock) => Life::Lives,
        Err(TryLockError::Error(_)) => Life::Unknown,
    }
}

fn prefix(host: &SafeText) -> String {
    format!("{}.", escaped(host))
}

/// Equal for equal texts alone, and nothing in it that a path could mean.
fn escaped(text: &SafeText) -> String {
    let bytes = text.as_str().bytes();
    bytes
        .map(|byte| match byte {
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            _ => format!("_{byte:02x}"),
        })
        .collect()
}
