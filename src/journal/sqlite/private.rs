//! Files and folders that only this user can access.

#[cfg(unix)]
pub(super) use unix::{close_to_others, make_file, make_folder, open_or_make, sync_folder};

#[cfg(not(unix))]
pub(super) use elsewhere::{close_to_others, make_file, make_folder, open_or_make, sync_folder};

#[cfg(unix)]
mod unix {
    //! Unix implementation, with the modes 0700 and 0600.

    use std::{
        fs::{self, DirBuilder, File, OpenOptions, Permissions},
        io,
        os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
        path::Path,
    };

    /// Creates `folder` and its parents, if missing.
    pub(in super::super) fn make_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    /// Creates an empty file, if missing.
    pub(in super::super) fn make_file(path: &Path) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map(drop)
    }

    /// Opens a file to lock, and creates it if missing.
    pub(in super::super) fn open_or_make(path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
    }

    /// Removes all rights of others to a file.
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
    //! Implementation for other systems, where a user's state folder is closed to others by default.

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
