//! Which file lies at a path: another one may lie there by now, while a process goes on with the one that it opened.

use std::{fs, io, path::Path};

use crate::journal::fault::Fault;

/// A file, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(#[cfg(unix)] u64, #[cfg(unix)] u64);

impl Identity {
    /// The file that lies at `path` now.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Ok(Self(metadata.dev(), metadata.ino()))
        }
        #[cfg(not(unix))]
        {
            let _ = metadata;
            Ok(Self())
        }
    }

    /// That it still is this file that lies at `path`.
    pub(super) fn holds(self, path: &Path) -> Result<(), Fault> {
        match Self::at(path) {
            Ok(found) if found == self => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::NotMade(error)),
            Ok(_) | Err(_) => Err(Fault::Moved),
        }
    }
}
