//! Files and folders that only this user may reach.

#[cfg(unix)]
pub(super) use unix::{close_to_others, make_file, make_folder, open_or_make, sync_folder};

#[cfg(not(unix))]
pub(super) use elsewhere::{close_to_others, make_file, make_folder, open_or_make, sync_folder};

#[cfg(unix)]
mod unix {
    //! As Unix says it: 0700 and 0600.

    use std::{
        fs::{self, DirBuilder, File, OpenOptions, Permissions},
        io,
        os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
        path::Path,
    };

    /// Makes `folder` and those above it, where they are missing.
    pub(in super::super) fn make_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    /// Makes an empty file where there is none.
    pub(in super::super) fn make_file(path: &Path) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map(drop)
    }

    /// A file to lock.
    pub(in super::super) fn open_or_make(path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
    }

    /// Takes everybody else's rights to a file away.
    pub(in super::super) fn close_to_others(path: &Path) -> io::Result<()> {
        let mode = fs::metadata(path)?.permissions().mode() & 0o777;
        let private = mode & 0o700;
        if mode == private {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(private))
    }

    /// Waits until the names in `folder` are on the disk.
    pub(in super::super) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}

#[cfg(not(unix))]
mod elsewhere {
    //! Elsewhere the state folder of a user is closed to others already.

    use std::{
        fs::{self, File, OpenOptions},
        io,
        path::Path,
    };

    pub(in super::super) fn make_folder(folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    pub(in super::super) fn make_file(path: &Path) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .map(drop)
    }

    pub(in super::super) fn open_or_make(path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
    }

    pub(in super::super) fn close_to_others(_path: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn sync_folder(_folder: &Path) -> io::Result<()> {
        Ok(())
    }
}
