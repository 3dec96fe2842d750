//! What this process holds in memory stays there: no core dump, and nobody else looks into it.

use std::sync::{Mutex, OnceLock, PoisonError};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How large a dump was to be at most, before this process would have none.
static BEFORE: OnceLock<Rlimit> = OnceLock::new();
/// Held by whoever starts a child, because the limit belongs to all of this process.
static LENT: Mutex<()> = Mutex::new(());

/// From now on this process leaves no dump, and no other of the same user may look into it. Before any secret is read.
pub fn forgo() {
    let before = BEFORE.get_or_init(|| getrlimit(Resource::Core));
    set(&Rlimit {
        current: Some(0),
        ..*before
    });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Starts a child by `start`, which keeps what dumps it was to have.
pub(super) fn lent<T>(start: impl FnOnce() -> T) -> T {
    let Some(before) = BEFORE.get() else {
        return start();
    };
    let _alone = LENT.lock().unwrap_or_else(PoisonError::into_inner);
    set(before);
    let started = start();
    forgo();
    started
}

/// What the system does not allow leaves things as they are.
fn set(limit: &Rlimit) {
    let _ = setrlimit(Resource::Core, *limit);
}
