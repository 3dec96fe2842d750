//! The folder of journal and log: that it can be made and written, and is closed to others; and that locks work in it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use super::check::CheckResult;
use crate::{
    domain::verdict::Exit,
    files::{
        custody::{self, Refused},
        remedy,
    },
};

/// Makes the folder where it is missing, as the first cancel would.
pub(super) fn look(folder: Option<&Path>) -> CheckResult {
    let Some(folder) = folder else {
        return CheckResult::fail(
            "there is no state folder, because this user has no home; nothing can be cancelled without one",
            "set HOME",
        );
    };
    let shown = folder.display();
    if let Err(refused @ Refused::Exposed(_)) = custody::folder(folder) {
        return CheckResult::fail(
            &refused.to_string(),
            "nothing that needs the journal begins while it is so",
        )
        .ending(Exit::Usage)
        .with("path", shown.to_string());
    }
    let found = match ready(folder) {
        Ok(mode) if mode & 0o077 != 0 => CheckResult::warn(
            &format!("{shown} is open to others ({mode:04o})"),
            &format!("close it: chmod 700 {shown}"),
        )
        .with("mode", format!("{mode:04o}")),
        Ok(mode) => CheckResult::ok(&format!("{shown} ({mode:04o})")).with("mode", format!("{mode:04o}")),
        Err(error) => CheckResult::fail(
            &format!("{shown} cannot be used: {error}; nothing can be cancelled without it"),
            &remedy::of(&error, folder),
        ),
    };
    found.with("path", shown.to_string())
}

/// Whether two processes can keep out of each other's way in `folder`.
pub(super) fn locks(folder: Option<&Path>) -> CheckResult {
    let Some(folder) = folder else {
        return CheckResult::skipped("there is no folder to lock anything in");
    };
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let tried = try_locks(&path);
    // Nothing is left behind, whatever came of it.
    let _ = fs::remove_file(&path);
    match tried {
        Ok(true) => CheckResult::ok("locks work there"),
        Ok(false) => CheckResult::fail(
            "a lock there does not keep a second one out",
            "two runs could cancel the same operation: set XDG_STATE_HOME to a folder on a local disk",
        ),
        Err(error) => CheckResult::fail(
            &format!("no lock can be had there: {error}"),
            &remedy::of(&error, folder),
        ),
    }
}

fn try_locks(path: &Path) -> io::Result<bool> {
    let open = || -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).open(path)
    };
    let (first, second) = (open()?, open()?);
    first.try_lock().map_err(told)?;
    let is_kept_out = matches!(second.try_lock(), Err(TryLockError::WouldBlock));
    first.unlock()?;
    second.try_lock().map_err(told)?;
    Ok(is_kept_out)
}

fn told(error: TryLockError) -> io::Error {
    match error {
        TryLockError::Error(error) => error,
        TryLockError::WouldBlock => io::Error::other("it stays locked"),
    }
}

/// Makes `folder` if need be, writes to it and takes that back; its permissions.
fn ready(folder: &Path) -> io::Result<u32> {
    make(folder)?;
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&path, b"x")?;
    fs::remove_file(&path)?;
    mode(folder)
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// The permissions of what lies at `path`.
#[cfg(unix)]
pub(super) fn mode(path: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o777)
}

/// Elsewhere a user's own folders are closed to others already.
#[cfg(not(unix))]
pub(super) fn mode(path: &Path) -> io::Result<u32> {
    fs::metadata(path).map(|_| 0o700)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn a_folder_is_made_for_its_user_alone_and_nothing_is_left_in_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a/b");
        assert_eq!(look(Some(&folder)).state, State::Ok);
        assert_eq!(mode(&folder).unwrap(), 0o700);
        assert_eq!(locks(Some(&folder)).state, State::Ok);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let found = look(Some(&folder));
        assert_eq!(found.state, State::Warn);
        assert!(found.advice.unwrap().as_str().starts_with("close it: chmod 700 "));
    }

    #[test]
    fn a_folder_that_cannot_be_had_says_so() {
        for folder in [None, Some(Path::new("/dev/null/nowhere"))] {
            let found = look(folder);
            assert_eq!(found.state, State::Fail);
            assert!(
                found.what.as_str().contains("nothing can be cancelled"),
                "{found:?}"
            );
        }
        assert_eq!(locks(Some(Path::new("/dev/null/nowhere"))).state, State::Fail);
        assert_eq!(locks(None).state, State::Skipped);
    }
}
