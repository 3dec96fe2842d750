//! The journal: that it can be read and written, and is closed to others. It is not made here, nor mended.

use std::path::Path;

use super::{check::CheckResult, folder::mode};
use crate::journal::{Condition, SqliteJournal};

/// What the file at `path` is like.
pub(super) fn look(path: &Path) -> CheckResult {
    let shown = path.display();
    let found = match SqliteJournal::examine(path) {
        Ok(Condition::Missing) => {
            CheckResult::ok(&format!("{shown} is not begun; the first cancel makes it"))
        }
        Ok(Condition::Sound) => match mode(path) {
            Ok(mode) if mode & 0o077 != 0 => CheckResult::warn(
                &format!("{shown} is open to others ({mode:04o})"),
                &format!("the next cancel closes it; or now: chmod 600 {shown}"),
            ),
            Ok(mode) => CheckResult::ok(&format!("{shown} ({mode:04o}), sound and writable")),
            Err(error) => CheckResult::fail(
                &format!("{shown}: {error}"),
                "give yourself the right to read it, and its folder",
            ),
        },
        Err(failure) => CheckResult::fail(&failure.0.to_string(), "nothing is sent while it is so"),
    };
    found.with("path", shown.to_string())
}
