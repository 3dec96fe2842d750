//! Signals: the terminal is restored, and the exit status shows the signal.

use std::process::Command;

#[cfg(target_os = "linux")]
use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::bench::{Bench, PROGRAM};

/// Signals by their names in the shell and in the system.
const NAMED: &[(&str, &str)] = &[
    ("QUIT", "Quit"),
    ("TRAP", "Trace/breakpoint trap"),
    ("ABRT", "Aborted"),
    ("BUS", "Bus error"),
    ("USR1", "User defined signal 1"),
    ("USR2", "User defined signal 2"),
    ("ALRM", "Alarm clock"),
    ("XCPU", "CPU time limit exceeded"),
    ("XFSZ", "File size limit exceeded"),
    ("VTALRM", "Virtual timer expired"),
    ("PROF", "Profiling timer expired"),
    ("SYS", "Bad system call"),
    #[cfg(target_os = "linux")]
    ("IO", "I/O possible"),
    #[cfg(target_os = "linux")]
    ("PWR", "Power failure"),
    #[cfg(target_os = "linux")]
    ("STKFLT", "Stack fault"),
    #[cfg(target_os = "linux")]
    ("34", "Real-time signal 0"),
    #[cfg(target_os = "linux")]
    ("64", "Real-time signal 30"),
];

fn kill(bench: &Bench, signal: &str) {
    let status = Command::new("kill")
        .args([format!("-{signal}"), bench.process().to_string()])
        .status();
    assert!(status.unwrap().success(), "{signal}");
}

#[test]
fn every_fatal_signal_restores_the_terminal_first() {
    for (signal, expected) in NAMED {
        let mut bench = Bench::run(&["demo"]);
        bench.wait_for("contoso");
        kill(&bench, signal);
        assert_eq!(bench.ended_by().as_deref(), Some(*expected), "{signal}");
        bench.assert_restored();
    }
}

#[test]
fn blocked_terminal_does_not_block_signals() {
    for signal in ["QUIT", "ABRT"] {
        let mut bench = Bench::run(&["demo"]);
        bench.wait_for("contoso");
        bench.read_on(false);
        // Redraw whole screens, until the terminal accepts no more.
        for round in 0..200 {
            bench.resize(290 + round % 2, 90 + round % 3);
            bench.send("?");
        }
        kill(&bench, signal);
        assert!(bench.ended_by().is_some(), "{signal}");
        bench.read_on(true);
        bench.assert_restored();
    }
}

#[test]
fn inherited_ignored_signals_stay_ignored() {
    let mut bench = Bench::run_program("sh", &["-c", &format!("trap '' USR1 TERM; exec {PROGRAM} demo")]);
    bench.wait_for("contoso");
    kill(&bench, "USR1");
    kill(&bench, "TERM");
    bench.send("?");
    bench.wait_for("half a page down");
    kill(&bench, "HUP");
    assert_eq!(bench.exit_code(), 129);
    bench.assert_restored();
}

/// Denies the program more memory.
#[cfg(target_os = "linux")]
fn starve(bench: &Bench) {
    let process = Pid::from_raw(bench.process().cast_signed()).unwrap();
    let none = Rlimit {
        current: Some(1),
        maximum: Some(1),
    };
    prlimit(Some(process), Resource::As, none).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn out_of_memory_restores_the_terminal_and_reports() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    starve(&bench);
    bench.resize(900, 400);
    assert_eq!(bench.ended_by().as_deref(), Some("Aborted"));
    bench.assert_restored();
    let raw = bench.raw();
    let after = raw.rsplit("\x1b[?1049l").next().unwrap_or_default();
    assert!(after.contains("memory allocation of"), "{after}");
    let screen = raw.rsplit("\x1b[?1049l").nth(1).unwrap_or_default();
    assert!(!screen.contains("memory allocation of"), "{screen}");
}

#[cfg(target_os = "linux")]
#[test]
fn redirected_stderr_is_left_alone() {
    let mut bench = Bench::run_program("sh", &["-c", &format!("exec {PROGRAM} demo 2> expected")]);
    bench.wait_for("contoso");
    starve(&bench);
    bench.resize(900, 400);
    assert_eq!(bench.ended_by().as_deref(), Some("Aborted"));
    bench.assert_restored();
    let expected = std::fs::read_to_string(bench.home.path().join("expected")).unwrap();
    assert!(expected.contains("memory allocation of"), "{expected}");
    assert!(!bench.raw().contains("memory allocation of"));
}
