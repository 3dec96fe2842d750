//! No dump holds a secret of this process; what it starts keeps the dumps that it was to have.

use std::process::Command;

use countermand::service::auth::cores;
use rustix::process::{Resource, getrlimit};

use crate::{Around, token};

/// Says that this is the second run, which was to have dumps.
const AGAIN: &str = "TEST_WITH_CORES";
const NAME: &str = "cores::this_process_leaves_no_dump_and_its_children_keep_theirs";

#[tokio::test]
async fn this_process_leaves_no_dump_and_its_children_keep_theirs() {
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
    cores::forgo();
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
