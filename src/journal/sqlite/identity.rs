//! Identity of a file: another one may lie at its path by now, while a process continues with the one it opened.

use std::{fs, io, path::Path};

use crate::journal::fault::Fault;

/// A file, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(#[cfg(unix)] u64, #[cfg(unix)] u64);

impl Identity {
    /// Returns the identity of the file at `path`.
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

    /// Checks that the file at `path` still is this one.
    pub(super) fn holds(self, path: &Path) -> Result<(), Fault> {
        match Self::at(path) {
            Ok(found) if found == self => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::NotMade(error)),
            Ok(_) | Err(_) => Err(Fault::Moved),
        }
    }
}
