//! What can go wrong with a journal, and what to do about each.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{ErrorCode, ffi};

use crate::{
    domain::{ids::CancellationId, text::SafeText},
    engine::ports::JournalFailure,
};

/// What went wrong, before it is known which file it went wrong with.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// A call about a cancellation that was never claimed here.
    #[error("it knows no cancellation {0}; `countermand history` lists those it knows")]
    NoSuchCancellation(CancellationId),
    /// A claim, a sending or an ending on the way of other facts, past the rules of its own.
    #[error("claims, sendings and endings have calls of their own; this is a bug, please report it")]
    PastTheRules,
    /// A cancellation that does not begin with its claim.
    #[error("a cancellation in it has no claim; move the file aside to begin a new one")]
    Empty,
    /// A record that is not what this program writes.
    #[error(
        "its fact {number} cannot be read: {why}; use the version of countermand that wrote it, or move the file aside"
    )]
    Unreadable {
        /// The fact's number.
        number: i64,
        /// What is wrong with it.
        why: String,
    },
    /// Facts of a cancellation are not there any more.
    #[error(
        "facts of a cancellation are lost: the last that is left is {last}, and {newest} was recorded; move the file aside"
    )]
    Lost {
        /// The number of the last that is left.
        last: i64,
        /// The number of the newest that was recorded.
        newest: i64,
    },
    /// A fact that cannot be written down.
    #[error("a fact cannot be written down: {0}; this is a bug, please report it")]
    Unwritable(serde_json::Error),
    /// It was written by a newer program.
    #[error("its schema is {found} and this program knows {known}; use the newer countermand that wrote it")]
    Newer {
        /// The schema of the file.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// A healthy database, and not ours.
    #[error("it is another program's database; move it aside, or keep the journal somewhere else")]
    Foreign,
    /// Not a file at all.
    #[error("it is no file; move it aside, or keep the journal somewhere else")]
    NoFile,
    /// The file is not there, and processes live that work with it.
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
    /// The file may be read and not written.
    #[error("it may not be written; give its owner write permission (chmod 600), or run as its owner")]
    ReadOnly,
    /// The folder cannot be made.
    #[error("its folder cannot be made: {0}; make it by hand, so that only you can write to it (chmod 700)")]
    NoFolder(io::Error),
    /// The file cannot be made.
    #[error("it cannot be made: {0}; give yourself the right to write to its folder")]
    NotMade(io::Error),
    /// The file is open to others, and cannot be closed to them.
    #[error("its permissions cannot be set: {0}; run as its owner, or move it aside")]
    NotOurs(io::Error),
    /// The file holds what no journal holds.
    #[error("it is damaged ({0})")]
    Damaged(String),
    /// The damaged file was moved out of the way, and nothing was begun in its place.
    #[error(
        "it was damaged ({why}) and is set aside as {aside}; what was open in it is not known any more, so look with \
         `countermand operations OFFER` before you cancel again. Nothing is sent now; the next start begins a new \
         journal. `sqlite3 {aside} .recover` shows what is left of the old one", aside = aside.display()
    )]
    SetAside {
        /// What is wrong with it.
        why: String,
        /// Where it is now.
        aside: PathBuf,
    },
    /// The damaged file is where it was.
    #[error(
        "it is damaged ({why}) and could not be set aside: {error}; move it away with all beside it, and start again"
    )]
    NotSetAside {
        /// What is wrong with it.
        why: String,
        /// Why it could not be moved.
        error: io::Error,
    },
    /// Another process does not come to an end with making it or setting it aside.
    #[error("another process is making it or setting it aside: try again, and end that process if it hangs")]
    Guarded,
    /// `SQLite` would not.
    #[error("{error}; {advice}", advice = advice(.0), error = .0)]
    Sqlite(#[from] rusqlite::Error),
    /// The work was given up, as when the runtime ends.
    #[error("the record was given up half way: {0}; look at `countermand history` before asking again")]
    GivenUp(String),
}

fn advice(error: &rusqlite::Error) -> &'static str {
    if error.sqlite_error().map(|error| error.extended_code) == Some(ffi::SQLITE_READONLY_DBMOVED) {
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
    /// What is damaged, if that is the trouble.
    pub(super) fn damage(&self) -> Option<String> {
        match self {
            Self::Damaged(why) => Some(why.clone()),
            Self::Sqlite(error) => is_damage(error).then(|| error.to_string()),
            _ => None,
        }
    }

    /// The same as the port tells it, with the file it went wrong with.
    pub(super) fn of(self, path: &Path) -> JournalFailure {
        JournalFailure(SafeText::new(&format!("{}: {self}", path.display())))
    }

    /// The same where there is no file.
    pub(super) fn in_memory(self) -> JournalFailure {
        JournalFailure(SafeText::new(&self.to_string()))
    }
}
