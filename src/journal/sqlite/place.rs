//! Location of a journal, and the options to open it with.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::domain::text::SafeText;

/// A journal's file and the files beside it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The database.
    pub(super) path: PathBuf,
    /// Name of this machine, as in owners; none if unknown.
    pub(super) host: Option<SafeText>,
    /// Time to wait for another process's record; each takes milliseconds.
    pub(super) patience: Duration,
    /// Size in bytes up to which a file is checked whole when it is opened.
    pub(super) looked_through: i64,
}

impl Place {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            host: this_host(),
            patience: Duration::from_secs(5),
            looked_through: 8 << 20,
        }
    }

    /// Returns the database's path with `suffix` appended.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(suffix);
        name.into()
    }

    /// Returns the folder of the journal.
    pub(super) fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Returns the folder of the owners' locks. It exists once the journal does, and so distinguishes an emptied
    /// journal from one that was never created.
    pub(super) fn owners(&self) -> PathBuf {
        self.folder().join("owners")
    }
}

#[cfg(unix)]
fn this_host() -> Option<SafeText> {
    let uname = rustix::system::uname();
    uname.nodename().to_str().ok().map(SafeText::new)
}

#[cfg(not(unix))]
fn this_host() -> Option<SafeText> {
    None
}
