//! Locks of live processes: each claiming process holds a lock on a file of its own for as long as its journal is open.
//!
//! The system frees a lock when its process ends, however it ends, and after a reboot all are free. Every call is made
//! while the database is held for writing, so that no process looks at a file between its creation and its locking. A
//! process that cannot get its lock is not registered, and is never called gone.

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
    journal::{
        fault::Fault,
        sqlite::{place::Place, private},
    },
};

/// Locks that this journal holds, by the names of their owners.
#[derive(Debug)]
pub(super) struct OwnerLocks {
    folder: PathBuf,
    host: Option<SafeText>,
    held: Mutex<BTreeMap<String, File>>,
}

impl OwnerLocks {
    pub(super) fn new(place: &Place) -> Self {
        Self {
            folder: place.owners(),
            host: place.host.clone(),
            held: Mutex::default(),
        }
    }

    /// Takes the lock of `owner`; returns its name, or none if the lock cannot be had.
    pub(super) fn enter(&self, owner: &Owner) -> Option<String> {
        let name = self.local_name(owner)?;
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

    /// Returns the name of an owner, if it is on this machine.
    pub(super) fn local_name(&self, owner: &Owner) -> Option<String> {
        let is_here = self.host.as_ref() == Some(&owner.host);
        is_here.then(|| {
            let (machine, started) = (prefix(&owner.host), escaped(&owner.started));
            format!("{machine}{}.{started}", owner.pid)
        })
    }

    /// Returns the state of the lock with that name, which is known only for one that was held.
    pub(super) fn life(&self, name: &str) -> Life {
        let path = self.folder.join(name);
        match File::open(&path) {
            Ok(file) => life_of(&file, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Life::Gone,
            Err(_) => Life::Unknown,
        }
    }

    /// Removes lock files that dead processes of this machine have left.
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

/// Checks that no live process works with a missing journal.
///
/// # Errors
/// If one does, naming it: its open cancels are recorded only in the journal that was taken away.
pub(super) fn check_no_live_owner(place: &Place) -> Result<(), Fault> {
    if place.path.try_exists().unwrap_or(true) {
        return Ok(());
    }
    let Ok(entries) = fs::read_dir(place.owners()) else {
        return Ok(());
    };
    let mut living: Vec<_> = entries
        .flatten()
        .filter(|entry| is_held(&entry.path()))
        .map(|entry| described(&entry.file_name().to_string_lossy()))
        .collect();
    living.sort();
    if living.is_empty() {
        Ok(())
    } else {
        Err(Fault::TakenAway(living))
    }
}

fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Describes an owner by its lock's name, for display.
fn described(name: &str) -> String {
    match name.split('.').collect::<Vec<_>>()[..] {
        [host, pid, started] => format!(
            "process {pid} on {}, started {}",
            unescaped(host),
            unescaped(started)
        ),
        _ => SafeText::new(name).as_str().to_owned(),
    }
}

/// Takes a shared lock, since several journals of one process may have the same owner.
fn locked(path: &Path) -> io::Result<File> {
    let file = private::open_or_make(path)?;
    file.try_lock_shared()?;
    Ok(file)
}

/// Returns the state of the shared lock, and removes the file if it is free.
fn life_of(file: &File, path: &Path) -> Life {
    match file.try_lock() {
        Ok(()) => {
            // A file that could not be removed is found free by the next call.
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

/// Escapes `text`: distinct texts stay distinct, and nothing in it has a meaning in a path.
fn escaped(text: &SafeText) -> String {
    let bytes = text.as_str().bytes();
    bytes
        .map(|byte| match byte {
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            _ => format!("_{byte:02x}"),
        })
        .collect()
}

/// Reverses [`escaped`]. A foreign name yields some text that is safe to show.
fn unescaped(text: &str) -> SafeText {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('_') {
        bytes.extend(plain.bytes());
        let byte = escape
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'_'));
        rest = if byte.is_some() { &escape[2..] } else { escape };
    }
    bytes.extend(rest.bytes());
    SafeText::new(&String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_names_round_trip_and_foreign_ones_are_harmless() {
        for text in [
            "jump",
            "jump_1.corp",
            "2026-11-28T15:19:34.123Z+1",
            "j\u{fc}mp",
            "",
        ] {
            assert_eq!(unescaped(&escaped(&text.into())), text.into());
        }
        assert_eq!(described("jump.4711.1"), "process 4711 on jump, started 1");
        assert_eq!(described("odd"), "odd");
        for strange in ["_", "_z", "_7", "a_1b[2J", "_ff", "_\u{e9}"] {
            assert!(!unescaped(strange).as_str().contains('\u{1b}'), "{strange:?}");
        }
    }
}
