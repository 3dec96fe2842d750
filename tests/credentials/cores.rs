//! Core dumps: none of this process, and children keep their original limit.

use std::process::Command;

use countermand::service::auth::cores;
use rustix::process::{Resource, getrlimit};

use crate::{Around, token};

/// Environment variable that marks the second run, which has a dump limit.
const AGAIN: &str = "TEST_WITH_CORES";
const NAME: &str = "cores::process_cannot_dump_core_and_its_children_can";

#[tokio::test]
async fn process_cannot_dump_core_and_its_children_can() {
    if std::env::var(AGAIN).is_err() {
        let again = Command::new("sh")
            .args(["-c", "ulimit -S -c 8 && exec \"$0\" --exact \"$1\" --nocapture"])
            .arg(std::env::current_exe().unwrap())
            .arg(NAME)
            .env(AGAIN, "yes")
            .output()
            .unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&again.stdout),
            String::from_utf8_lossy(&again.stderr),
        );
        assert!(again.status.success() && out.contains("1 passed"), "{out}{err}");
        return;
    }
    cores::disable_core_dumps();
    let none = || getrlimit(Resource::Core).current == Some(0);
    assert!(none());
    #[cfg(target_os = "linux")]
    assert_eq!(
        rustix::process::dumpable_behavior().unwrap(),
        rustix::process::DumpableBehavior::NotDumpable
    );
    let source = Around::new()
        .build("kind = 'command'\ncommand = ['/bin/sh', '-c', 'echo core-$(ulimit -S -c)']")
        .unwrap();
    assert_eq!(token(&source).await, "core-8");
    assert!(none(), "lent for as long as it takes to start a child");
}
