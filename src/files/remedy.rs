//! Remedies for errors of the system, by the kind of error and not by the operation that failed.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
};

/// Returns the remedy for `error`, which occurred at `path`.
pub(crate) fn of(error: &io::Error, path: &Path) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "make room on the disk",
        ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "no more may be kept there: make room, or raise the limit",
        ErrorKind::ReadOnlyFilesystem => {
            "its file system is mounted read-only: mount it for writing, or set XDG_STATE_HOME to a folder on another"
        }
        ErrorKind::PermissionDenied => return denied(path),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "something that is no folder lies in the way: move it away, or set XDG_STATE_HOME to another folder"
        }
        _ => by_number(error),
    }
    .to_owned()
}

#[cfg(unix)]
fn by_number(error: &io::Error) -> &'static str {
    use rustix::io::Errno;
    match Errno::from_io_error(error) {
        Some(Errno::NOLCK) => {
            "its file system gives no locks, as a network folder without its lock service: set XDG_STATE_HOME to a \
             folder on a local disk"
        }
        Some(Errno::IO) => "check the disk; a journal belongs on a local one",
        Some(Errno::MFILE | Errno::NFILE) => "too many files are open: close some, or raise `ulimit -n`",
        _ => OTHERWISE,
    }
}

#[cfg(not(unix))]
fn by_number(_error: &io::Error) -> &'static str {
    OTHERWISE
}

const OTHERWISE: &str = "try again; if that goes on, set XDG_STATE_HOME to a folder on a local disk";

/// Explains a missing right by the owner of the file.
#[cfg(unix)]
fn denied(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::{fs::Access, process::geteuid};

    let me = geteuid();
    let there = |path: &&Path| fs::metadata(path).is_ok();
    let is_closed = |path: &&Path| rustix::fs::access(*path, Access::WRITE_OK).is_err();
    let closed = path.ancestors().filter(there).find(is_closed);
    let Some((closed, metadata)) = closed.and_then(|path| Some((path, fs::metadata(path).ok()?))) else {
        return "give yourself the right to write to the file and to its folder".to_owned();
    };
    let shown = closed.display();
    let owner = match metadata.uid() {
        own if own == me.as_raw() => {
            return format!("you took the right to write to {shown} from yourself: chmod u+w {shown}");
        }
        0 => "root".to_owned(),
        other => format!("user {other}"),
    };
    format!(
        "{shown} belongs to {owner}, and you have not the right to write to it: have it given to you (chown), or set \
         XDG_STATE_HOME to a folder of your own"
    )
}

#[cfg(not(unix))]
fn denied(_path: &Path) -> String {
    let _ = fs::metadata;
    "give yourself the right to write to the file and to its folder".to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn each_error_has_its_own_remedy() {
        for (errno, expected) in [
            (Errno::NOSPC, "make room"),
            (Errno::DQUOT, "raise the limit"),
            (Errno::ROFS, "mount it for writing"),
            (Errno::NOLCK, "gives no locks"),
            (Errno::IO, "check the disk"),
            (Errno::MFILE, "ulimit -n"),
            (Errno::NOTDIR, "no folder lies in the way"),
            (Errno::EXIST, "no folder lies in the way"),
            (Errno::NXIO, "try again"),
        ] {
            let advice = of(&errno.into(), Path::new("/nowhere"));
            assert!(advice.contains(expected), "{errno:?}: {advice}");
            assert!(!advice.contains("another process"), "{errno:?}: {advice}");
        }
    }
}
