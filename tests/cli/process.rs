//! Traces of the process: a private log, and no core dump.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

use crate::runner::Market;

#[tokio::test(flavor = "multi_thread")]
async fn invalid_log_file_is_reported_without_waiting() {
    let market = Market::open("accepted-location").await;
    let pipe = market.home.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let ran = market
        .run(&["offers", "--log-file", pipe.to_str().unwrap()])
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("it is a pipe; name a file; nothing is logged"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn log_file_is_private_and_complete() {
    let market = Market::open("synchronous").await;
    let file = market.home.path().join("x.log");
    std::fs::write(&file, "earlier\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let ran = market
        .run(&[
            "cancel",
            "contoso-vm",
            "--yes",
            "--log-file",
            file.to_str().unwrap(),
        ])
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let log = std::fs::read_to_string(&file).unwrap();
    assert!(log.starts_with("earlier\n") && log.contains("answered"), "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn processes_cannot_dump_core() {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -S -c 8 && exec \"$0\" simulate"])
        .arg(env!("CARGO_BIN_EXE_countermand"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    // The program prints its address once it has started.
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size"));
    assert_eq!(cores.unwrap().split_whitespace().nth(4), Some("0"), "{limits}");
}
