//! A credential command in a process with a terminal, to which it must have no access.

use std::{fs::OpenOptions, io::Read as _};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{Around, token};

/// Environment variable that marks the second run, in the terminal.
const INSIDE: &str = "TEST_INSIDE_A_TERMINAL";
const NAME: &str = "terminal::command_has_no_access_to_the_terminal";

#[tokio::test]
async fn command_has_no_access_to_the_terminal() {
    if std::env::var(INSIDE).is_err() {
        let shown = tokio::task::spawn_blocking(inside).await.unwrap();
        assert!(shown.contains("1 passed"), "{shown}");
        assert!(!shown.contains("scrawl"), "{shown}");
        return;
    }
    // The test is meaningless without a terminal.
    OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .unwrap();
    let script = "read -r line && echo read-something && exit; \
        if (echo scrawl > /dev/tty) 2> /dev/null; then echo wrote-to-it; \
        elif (: < /dev/tty) 2> /dev/null; then echo opened-it; else echo plain; fi";
    let source = Around::new()
        .build(&format!(
            "kind = 'command'\ncommand = ['/bin/sh', '-c', '{script}']"
        ))
        .unwrap();
    assert_eq!(token(&source).await, "plain");
}

/// Runs this test again in a terminal of its own; returns the terminal's output.
fn inside() -> String {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture", "--color", "never"]);
    command.env(INSIDE, "yes");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut shown = Vec::new();
    let mut reader = pair.master.try_clone_reader().unwrap();
    // A closed terminal ends in an error on some systems.
    let _ = reader.read_to_end(&mut shown);
    child.wait().unwrap();
    String::from_utf8_lossy(&shown).into_owned()
}
