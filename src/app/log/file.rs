//! A log file of limited size: at half of the limit it is rotated away, and a new one begun.
//!
//! Several processes write to one. A process detects another's rotation by the name, which then leads to another file.

use std::{
    ffi::OsString,
    fs::{self, File, FileType, Metadata, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

/// Maximum size in bytes, of this file and the rotated one.
pub(super) const KEPT: u64 = 10_000_000;

/// A file of log lines.
pub(super) struct LogFile {
    file: File,
    path: PathBuf,
    /// Path of the rotated file.
    aside: PathBuf,
    /// Maximum size of both.
    kept: u64,
}

impl LogFile {
    /// Opens or creates it, private to this user.
    pub(super) fn open(path: &Path, kept: u64) -> io::Result<Self> {
        let file = open(path)?;
        // Links are resolved: rotating a link would move the name and leave the file.
        let path = fs::canonicalize(path)?;
        let mut aside = OsString::from(&path);
        aside.push(".1");
        Ok(Self {
            file,
            path,
            aside: aside.into(),
            kept,
        })
    }

    /// Writes a line, in one piece. Failures are ignored: a log is no reason not to cancel.
    pub(super) fn write(&mut self, line: &str) {
        if self.length() + line.len() as u64 > self.kept / 2 {
            self.make_room();
        }
        // Without rotation it fills up eventually.
        if self.length() + line.len() as u64 <= self.kept {
            let _ = self.file.write_all(line.as_bytes());
        }
    }

    fn length(&self) -> u64 {
        self.file.metadata().map_or(0, |file| file.len())
    }

    /// Rotates the file, unless another process does, and continues with the current file.
    fn make_room(&mut self) {
        if self.has_its_name() && self.file.try_lock().is_ok() && self.has_its_name() {
            let _ = if self.length() > self.kept {
                // A file from before the limit existed.
                fs::remove_file(&self.path)
            } else {
                fs::rename(&self.path, &self.aside)
            };
        }
        if let Ok(file) = open(&self.path) {
            self.file = file;
        }
    }

    fn has_its_name(&self) -> bool {
        let id = |of: &Metadata| (of.dev(), of.ino());
        let (named, held) = (fs::metadata(&self.path), self.file.metadata());
        matches!((named, held), (Ok(named), Ok(held)) if id(&named) == id(&held))
    }
}

fn open(path: &Path) -> io::Result<File> {
    // Checked before opening as well: opening may wait for the other end of a pipe, or start a device.
    if let Ok(found) = fs::metadata(path) {
        check(found.file_type())?;
    }
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
        .open(path)?;
    let found = file.metadata()?;
    check(found.file_type())?;
    if found.mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))
            .map_err(|error| {
                io::Error::new(
                    error.kind(),
                    format!("others may read it, and that cannot be changed: {error}"),
                )
            })?;
    }
    Ok(file)
}

fn check(found: FileType) -> io::Result<()> {
    let what = match found {
        file if file.is_file() => return Ok(()),
        folder if folder.is_dir() => "a folder",
        pipe if pipe.is_fifo() => "a pipe",
        socket if socket.is_socket() => "a socket",
        _ => "a device",
    };
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {what}; name a file"),
    ))
}

#[cfg(test)]
mod tests {
    use rustix::fs::{CWD, FileType as Kind, Mode, mknodat};

    use super::*;

    fn length(path: &Path) -> u64 {
        fs::metadata(path).map_or(0, |file| file.len())
    }

    #[test]
    fn size_is_limited_with_many_writers_and_the_newest_lines_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        fs::write(&path, "x".repeat(5000)).unwrap();
        let mut files: Vec<_> = (0..3).map(|_| LogFile::open(&path, 1000).unwrap()).collect();
        for number in 0..300 {
            for file in &mut files {
                file.write(&format!("line {number:04}\n"));
            }
            let all: u64 = fs::read_dir(folder.path())
                .unwrap()
                .map(|file| length(&file.unwrap().path()))
                .sum();
            assert!(all <= 1000, "{all} at {number}");
        }
        let kept =
            fs::read_to_string(folder.path().join("x.log.1")).unwrap() + &fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = kept.lines().collect();
        assert!(lines.len() > 45, "{kept}");
        assert!(lines.is_sorted() && lines.ends_with(&["line 0299"; 3]), "{kept}");
    }

    #[test]
    fn link_stays_in_place() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (link, path) = (folder.path().join("x.log"), elsewhere.path().join("y.log"));
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut file = LogFile::open(&link, 100).unwrap();
        for _ in 0..50 {
            file.write("line 1234\n");
        }
        assert_eq!(fs::read_link(&link).unwrap(), path);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(length(&path) > 0 && length(&elsewhere.path().join("y.log.1")) == 50);
    }

    #[test]
    fn without_rotation_the_file_fills_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        fs::create_dir_all(folder.path().join("x.log.1/full")).unwrap();
        let mut file = LogFile::open(&path, 100).unwrap();
        for _ in 0..50 {
            file.write("line 1234\n");
        }
        assert_eq!(length(&path), 100);
    }

    #[test]
    fn non_file_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        mknodat(CWD, at("pipe"), Kind::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        for (path, expected) in [
            (at("pipe"), "it is a pipe; name a file"),
            (at("socket"), "it is a socket; name a file"),
            (at(""), "it is a folder; name a file"),
            ("/dev/null".into(), "it is a device; name a file"),
        ] {
            let error = LogFile::open(&path, KEPT).err().unwrap();
            assert_eq!(error.to_string(), expected, "{}", path.display());
        }
    }

    #[test]
    fn file_readable_by_others_is_made_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        LogFile::open(&path, KEPT).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }
}
