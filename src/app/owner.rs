//! Who this process is, for the record, and that what it writes is for nobody else.

use rustix::{fs::Mode, process::umask, system::uname};

use crate::{
    app::clock::SystemClock,
    domain::{fact::Owner, text::SafeText},
    engine::ports::Clock,
    settings::Environment,
};

/// This process.
pub(super) fn owner(environment: &Environment) -> Owner {
    let user = environment
        .get("USER")
        .or_else(|| environment.get("LOGNAME"))
        .unwrap_or("unknown");
    Owner {
        user: SafeText::new(user),
        host: SafeText::new(&uname().nodename().to_string_lossy()),
        pid: std::process::id(),
        started: SafeText::new(&SystemClock.now().to_string()),
    }
}

/// From now on every file that is made is for this user alone: journal, log and whatever a library makes beside them.
pub(super) fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}
