//! Faults of a journal, and the remedy for each.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{ErrorCode, ffi};

use crate::{
    domain::{ids::CancellationId, text::SafeText},
    engine::ports::JournalFailure,
    files::{custody::Refused, remedy},
    journal::trial,
};

/// A fault before its file is known.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// A call about a cancellation that was never claimed here.
    #[error("it knows no cancellation {0}; `countermand history` lists those it knows")]
    NoSuchCancellation(CancellationId),
    /// A claim, sending, or ending passed as a plain fact, past its own rules.
    #[error("claims, sendings and endings have calls of their own; this is a bug, please report it")]
    PastTheRules,
    /// A cancellation that does not begin with its claim.
    #[error("a cancellation in it has no claim; move the file aside to begin a new one")]
    Empty,
    /// A record that this program does not write.
    #[error(
        "its fact {number} cannot be read: {why}; use the version of countermand that wrote it, or move the file aside"
    )]
    Unreadable {
        /// Number of the fact.
        number: i64,
        /// Defect of the record.
        why: String,
    },
    /// Facts of a cancellation are missing.
    #[error(
        "facts of a cancellation are lost: the last that is left is {last}, and {newest} was recorded; move the file aside"
    )]
    Lost {
        /// Number of the last one left.
        last: i64,
        /// Number of the newest one recorded.
        newest: i64,
    },
    /// A fact that cannot be serialized.
    #[error("a fact cannot be written down: {0}; this is a bug, please report it")]
    Unwritable(serde_json::Error),
    /// A file written by a newer program.
    #[error("its schema is {found} and this program knows {known}; use the newer countermand that wrote it")]
    Newer {
        /// Schema of the file.
        found: i64,
        /// Newest schema that this program knows.
        known: i64,
    },
    /// A healthy database of another program.
    #[error("it is another program's database; move it aside, or keep the journal somewhere else")]
    Foreign,
    /// Not a file.
    #[error("it is no file; move it aside, or keep the journal somewhere else")]
    NoFile,
    /// Others can write to its folder.
    #[error("{0}")]
    Exposed(Refused),
    /// The file is missing, and live processes work with it.
    #[error(
        "it is missing, and a process lives that works with it: {}. What that one has asked for would be asked for \
         again, so nothing is sent now. Put the file back where it was moved away; else wait until that process ends, or \
         end it, look with `countermand operations OFFER`, and start again",
        .0.join("; ")
    )]
    TakenAway(Vec<String>),
    /// Another file lies in its place, or none.
    #[error("it was moved or removed while it was open: put it back, or start again")]
    Moved,
    /// A record broke off half way, and rolling it back needs write access.
    #[error(
        "its last record broke off half way, and who only may read cannot take that back: look where it may be written, \
         or copy it with its rollback journal (the same name and `-journal`) to where you may"
    )]
    HalfRecorded,
    /// The file is readable but not writable.
    #[error("it may not be written")]
    ReadOnly,
    /// The folder cannot be created.
    #[error("its folder cannot be made: {0}")]
    NoFolder(io::Error),
    /// The file cannot be created or examined.
    #[error("it cannot be opened: {0}")]
    NotMade(io::Error),
    /// The file is open to others, and its mode cannot be changed.
    #[error("its permissions cannot be set: {0}")]
    NotOurs(io::Error),
    /// The content is not a journal's.
    #[error("it is damaged ({0})")]
    Damaged(String),
    /// The damaged file was moved away, and no new one was begun.
    #[error(
        "it was damaged ({why}) and is set aside as {aside}; what was open in it is not known any more, so look with \
         `countermand operations OFFER` before you cancel again. Nothing is sent now; the next start begins a new \
         journal. `sqlite3 {aside} .recover` shows what is left of the old one", aside = aside.display()
    )]
    SetAside {
        /// Description of the damage.
        why: String,
        /// New name of the file.
        aside: PathBuf,
    },
    /// The damaged file is still in place.
    #[error(
        "it is damaged ({why}) and could not be set aside: {error}; move it away with all beside it, and start again"
    )]
    NotSetAside {
        /// Description of the damage.
        why: String,
        /// Reason why it could not be moved.
        error: io::Error,
    },
    /// A fault that was reported before and still holds.
    #[error("{0}")]
    Told(JournalFailure),
    /// Another process has not finished making it or setting it aside.
    #[error("another process is making it or setting it aside: try again, and end that process if it hangs")]
    Guarded,
    /// An error of `SQLite`.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The work was dropped, as when the runtime ends.
    #[error("the record was given up half way: {0}; look at `countermand history` before asking again")]
    GivenUp(String),
}

/// Returns the remedy for an error of `SQLite`, after a trial of the operation that failed.
fn advice(error: &rusqlite::Error, path: &Path, trial: impl FnOnce(&Path) -> io::Result<()>) -> String {
    if let Some(code) = error.sqlite_error_code()
        && is_of_the_place(code)
        && !has_moved(error)
        && let Err(error) = trial(path)
    {
        return format!("{error}: {}", remedy::of(&error, path));
    }
    by_code(error).to_owned()
}

/// Returns true if the code is about the file's surroundings, and so has an errno behind it.
fn is_of_the_place(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DatabaseBusy
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::FileLockingProtocolFailed
    )
}

fn has_moved(error: &rusqlite::Error) -> bool {
    error.sqlite_error().map(|error| error.extended_code) == Some(ffi::SQLITE_READONLY_DBMOVED)
}

fn by_code(error: &rusqlite::Error) -> &'static str {
    if has_moved(error) {
        return "the file was moved or removed while it was open: start again";
    }
    if is_damage(error) {
        return "the file is damaged: end every countermand; the next start looks it through and sets it aside";
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process holds it: try again, and end that process if it hangs"
        }
        Some(ErrorCode::DiskFull) => "make room on the disk",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "give yourself the right to write to the file and to its folder"
        }
        Some(ErrorCode::SystemIoFailure) => "check the disk; a journal belongs on a local one",
        _ => "move the file aside if this goes on, and please report it",
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

impl Fault {
    /// Returns a description of the damage, if the fault is one.
    pub(super) fn damage(&self) -> Option<String> {
        match self {
            Self::Damaged(why) => Some(why.clone()),
            Self::Sqlite(error) => is_damage(error).then(|| error.to_string()),
            _ => None,
        }
    }

    /// Returns true if the content may be lost.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::SetAside { .. } | Self::NotSetAside { .. })
    }

    /// Returns true if the recorded facts can still be read.
    pub(super) fn only_keeps_from_recording(&self) -> bool {
        match self {
            Self::ReadOnly | Self::NoFolder(_) | Self::NotMade(_) | Self::NotOurs(_) => true,
            // Waiting for another process would block reading as well.
            Self::Sqlite(error) => error.sqlite_error_code().is_some_and(|code| {
                is_of_the_place(code) && code != ErrorCode::DatabaseBusy || code == ErrorCode::DiskFull
            }),
            _ => false,
        }
    }

    /// Converts the fault for a reader without the right to write.
    pub(super) fn of_reading(self) -> Self {
        match self {
            Self::Sqlite(error)
                if error.sqlite_error().map(|error| error.extended_code)
                    == Some(ffi::SQLITE_READONLY_ROLLBACK) =>
            {
                Self::HalfRecorded
            }
            other => other,
        }
    }

    /// Converts the fault to the port's failure, with its file and the remedy.
    pub(super) fn of(self, path: &Path) -> JournalFailure {
        let advice = match &self {
            Self::Told(failure) => return failure.clone(),
            Self::NoFolder(error) | Self::NotMade(error) | Self::NotOurs(error) => {
                Some(remedy::of(error, path))
            }
            Self::ReadOnly => Some(match trial::of(path) {
                Err(error) => format!("{error}: {}", remedy::of(&error, path)),
                Ok(()) => "give its owner the right to write (chmod 600), or run as its owner".to_owned(),
            }),
            Self::Sqlite(error) => Some(advice(error, path, trial::of)),
            _ => None,
        };
        let advice = advice.map_or_else(String::new, |advice| format!("; {advice}"));
        JournalFailure(SafeText::new(&format!("{}: {self}{advice}", path.display())))
    }

    /// Converts the fault to the port's failure, without a file.
    pub(super) fn in_memory(self) -> JournalFailure {
        JournalFailure(SafeText::new(&self.to_string()))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    fn failed(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn advice_follows_the_system_error() {
        let path = Path::new("/nowhere/journal.sqlite");
        for (code, errno, expected) in [
            // SQLite calls a file system without locks busy.
            (ffi::SQLITE_BUSY, Some(Errno::NOLCK), "gives no locks"),
            (ffi::SQLITE_BUSY, None, "another process holds it"),
            (ffi::SQLITE_CANTOPEN, Some(Errno::ROFS), "mount it for writing"),
            (ffi::SQLITE_CANTOPEN, Some(Errno::NOSPC), "make room"),
            (ffi::SQLITE_CANTOPEN, Some(Errno::MFILE), "ulimit -n"),
            (ffi::SQLITE_IOERR_WRITE, Some(Errno::DQUOT), "raise the limit"),
            (ffi::SQLITE_READONLY_DBMOVED, Some(Errno::NOSPC), "start again"),
            (ffi::SQLITE_FULL, None, "make room"),
        ] {
            let trial = |_: &Path| errno.map_or(Ok(()), |errno| Err(errno.into()));
            let advice = advice(&failed(code), path, trial);
            assert!(advice.contains(expected), "{code} {errno:?}: {advice}");
        }
    }
}
