//! Log of this process at the finest level.

use std::{
    io::{self, Write},
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

static BEGUN: Once = Once::new();
static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lines().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lines() -> MutexGuard<'static, Vec<u8>> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts logging.
pub(crate) fn begin() {
    BEGUN.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(|| Sink)
            .init();
    });
}

/// Checks that no secret was logged so far, and that `something` was.
pub(crate) fn check(something: &str) {
    let lines = String::from_utf8_lossy(&lines()).into_owned();
    assert!(
        lines.contains(something),
        "nothing logged {something}, so this shows nothing"
    );
    let leak = lines.lines().find(|line| line.contains("canary"));
    assert_eq!(leak, None, "a secret was logged");
}
