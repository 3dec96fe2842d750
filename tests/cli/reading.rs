//! Reading without write access: the history and the open cancellations, wherever the journal lies.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use countermand::simulator::Scenario;

use crate::{CANCEL, runner::Market};

/// A read-only place, and the shell script that makes it: `$1` is the state folder, `$2` a copy of it.
const READ_ONLY: &str =
    r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99; shift 2; exec "$@""#;
const FULL: &str = r#"mount -t tmpfs -o size=256k none "$1" && cp -a "$2/." "$1/" || exit 99
    dd if=/dev/zero of="$1/rest" bs=1k 2>/dev/null; shift 2; exec "$@""#;

/// Returns a command with private mounts, if this machine allows that to unprivileged users.
fn unshared() -> Option<Command> {
    for flags in ["-m", "-rm"] {
        let mut command = Command::new("unshare");
        command.args([flags, "true"]);
        if command.output().is_ok_and(|done| done.status.success()) {
            let mut command = Command::new("unshare");
            command.args([flags, "sh", "-c"]);
            return Some(command);
        }
    }
    None
}

const TWO: &str = r#"
[[offers]]
id = "contoso-vm"
[[offers.operations]]
started = "20m"
lasts = "6h"

[[offers]]
id = "contoso-app"
[[offers.operations]]
started = "20m"
lasts = "6h"
"#;

/// Opens a marketplace with one recorded cancellation.
async fn recorded() -> Market {
    let market = Market::of(Scenario::parse(TWO).unwrap(), 40.0).await;
    assert_eq!(market.run(CANCEL).await.code, Some(0));
    market
}

fn assert_is_read(ran: &crate::runner::Ran) {
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("contoso-vm"), "{}{}", ran.out, ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn journal_is_read_on_a_read_only_mount_and_a_full_disk() {
    let market = recorded().await;
    let state = market.journal().parent().unwrap().to_owned();
    let copy = market.home.path().join("copy");
    let copied = Command::new("cp")
        .args(["-a", "--"])
        .args([&state, &copy])
        .status();
    assert!(copied.unwrap().success());
    for (way, errno) in [(READ_ONLY, "mount it for writing"), (FULL, "make room")] {
        let Some(unshared) = unshared() else { break };
        let wrapped = |args: &[&str]| {
            let mut command = Command::new(unshared.get_program());
            command
                .args(unshared.get_args())
                .args([way, "sh"])
                .args([&state, &copy]);
            market.wrapped(command, args)
        };
        assert_is_read(&crate::runner::ran(wrapped(&["history"])).await);
        let open = crate::runner::ran(wrapped(&["follow"])).await;
        assert_eq!(open.code, Some(0), "{}", open.err);
        assert!(open.err.contains("nothing is open"), "{}", open.err);
        let another = &["cancel", "contoso-app", "--yes"];
        let refused = crate::runner::ran(wrapped(another)).await;
        assert_eq!(refused.code, Some(1), "{}", refused.err);
        assert!(refused.err.contains(errno), "{}", refused.err);
    }
}

/// Runs as an unprivileged user, because root may write everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn journal_is_read_without_write_permission() {
    let market = recorded().await;
    let state = market.journal().parent().unwrap().to_owned();
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(&market.journal(), 0o400);
    allow(&state, 0o500);
    let ran = market.run_as_nobody(&["history"]).await;
    assert_is_read(&ran);
    let open = market.run_as_nobody(&["follow"]).await;
    assert!(open.err.contains("nothing is open"), "{}", open.err);
    allow(&state, 0o700);
}
