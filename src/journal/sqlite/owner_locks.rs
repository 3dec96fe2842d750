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
    journal::{
        fault::Fault,
        sqlite::{place::Place, private},
    },
};

/// The locks this journal holds, by the names of their owners.
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

/// That no process lives that works with a journal which is not there.
///
/// # Errors
/// When one does, with whoever it is: what is asked for under the journal that was taken away is known to it alone.
pub(super) fn nobody_misses(place: &Place) -> Result<(), Fault> {
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

/// An owner by its name, for a reader.
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

/// What was [`escaped`]. A name that somebody else has made comes out somehow, and safe to show.
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
    fn a_name_tells_its_owner_and_a_strange_one_does_no_harm() {
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
