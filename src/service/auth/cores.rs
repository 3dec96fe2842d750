//! Protection of the process memory: no core dump, and no access by other processes.

use std::sync::{Mutex, OnceLock, PoisonError};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Core dump limit from before this process disabled it, for its children.
static BEFORE: OnceLock<Rlimit> = OnceLock::new();
/// Held while a child starts, because the limit belongs to the whole process.
static LENT: Mutex<()> = Mutex::new(());

/// Disables core dumps, and access by other processes of the same user. Call before any secret is read.
pub fn disable_core_dumps() {
    let before = BEFORE.get_or_init(|| getrlimit(Resource::Core));
    set(&Rlimit {
        current: Some(0),
        ..*before
    });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Starts a child by `start` with the original core dump limit.
pub(super) fn with_original_limit<T>(start: impl FnOnce() -> T) -> T {
    let Some(before) = BEFORE.get() else {
        return start();
    };
    let _alone = LENT.lock().unwrap_or_else(PoisonError::into_inner);
    set(before);
    let started = start();
    disable_core_dumps();
    started
}

/// Ignores errors: a limit that the system does not allow stays unchanged.
fn set(limit: &Rlimit) {
    let _ = setrlimit(Resource::Core, *limit);
}
