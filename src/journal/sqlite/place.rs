//! Where a journal lies, and on what terms it is opened.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::domain::text::SafeText;

/// A journal's file and what lies beside it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The database.
    pub(super) path: PathBuf,
    /// This machine, as owners name it; none where that is not known.
    pub(super) host: Option<SafeText>,
    /// How long to wait for another process's record; each takes milliseconds.
    pub(super) patience: Duration,
    /// Up to how many bytes a file is looked through when it is opened.
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

    /// What lies beside the database under its name and `suffix`.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(suffix);
        name.into()
    }

    /// The folder that all of it lies in.
    pub(super) fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// The locks of the processes that claim. There once the journal is, and so it tells a journal that lost
    /// everything from one that was never made.
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
