//! Standard error during the dashboard is printed afterwards, on every exit.

use std::{env, io::Write};

use countermand::tui::terminal::Tty;

use crate::bench::Bench;

/// Environment variable with the task of a child process in a terminal of its own.
const WHAT: &str = "COUNTERMAND_TEST_ASIDE";

fn write(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// Runs the task of a child; other tests start it in a terminal.
#[test]
fn holds_a_screen() {
    let Ok(what) = env::var(WHAT) else {
        return;
    };
    write("before\n");
    let tty = Tty::open().unwrap();
    tty.enter().unwrap();
    match what.as_str() {
        "quit" => write("meanwhile \x1b[2J\n"),
        "twice" => {
            write("first\n");
            // Harmless, and previous output stays.
            tty.enter().unwrap();
            tty.suspend().unwrap();
            write("second\n");
        }
        _ => {
            for number in 0..2000 {
                write(&format!("line {number:04}\n"));
            }
            tty.restore_in_any_case();
        }
    }
    tty.restore();
    write("after\n");
}

fn run(what: &str) -> String {
    let program = env::current_exe().unwrap();
    let mut bench = Bench::run_program_with(
        program.to_str().unwrap(),
        &["--exact", "aside::holds_a_screen", "--nocapture"],
        &[(WHAT, what)],
    );
    bench.wait_for("test result");
    assert_eq!(bench.exit_code(), 0, "{}", bench.raw());
    bench.raw().replace('\r', "")
}

/// Returns the text on the primary screen before, between, and after.
fn outside(raw: &str) -> Vec<&str> {
    let mut rest = raw;
    let mut outside = Vec::new();
    while let Some((before, after)) = rest.split_once("\x1b[?1049h") {
        outside.push(before);
        let (screen, after) = after.split_once("\x1b[?1049l").unwrap_or((after, ""));
        assert!(
            !["meanwhile", "first", "second", "line"]
                .iter()
                .any(|word| screen.contains(word)),
            "{screen:?}"
        );
        rest = after;
    }
    outside.push(rest);
    outside
}

#[test]
fn stderr_is_printed_safely_after_leaving() {
    let raw = run("quit");
    let [before, after] = outside(&raw)[..] else {
        panic!("{raw:?}");
    };
    assert!(before.contains("before\n"), "{before:?}");
    assert!(after.starts_with("meanwhile ?[2J\nafter\n"), "{after:?}");
}

#[test]
fn stderr_is_printed_once_before_suspending() {
    let raw = run("twice");
    let [_, between, after] = outside(&raw)[..] else {
        panic!("{raw:?}");
    };
    assert_eq!(between, "first\n");
    assert!(after.starts_with("second\nafter\n"), "{after:?}");
}

#[test]
fn long_stderr_is_printed_from_its_end() {
    let raw = run("much");
    let [_, after] = outside(&raw)[..] else {
        panic!("{raw:?}");
    };
    let shown: String = after.split("after\n").next().unwrap().to_owned();
    assert_eq!(shown.len(), 4096 + "...".len(), "{shown}");
    assert!(
        shown.starts_with("...") && shown.ends_with("line 1999\n"),
        "{shown}"
    );
}
