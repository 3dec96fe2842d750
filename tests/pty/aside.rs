//! What is written to standard error while the screen is up is told afterwards, on every way out of it.

use std::{env, io::Write};

use countermand::tui::terminal::Tty;

use crate::bench::Bench;

/// Says, in a process that a test has in a terminal of its own, what to do there.
const WHAT: &str = "COUNTERMAND_TEST_ASIDE";

fn write(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// Not a test by itself: what the others run in a terminal.
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
            // Harmless, and what was written stays written.
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

/// What was on the primary screen before, between and after.
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
fn it_is_told_after_leaving_and_safe() {
    let raw = run("quit");
    let [before, after] = outside(&raw)[..] else {
        panic!("{raw:?}");
    };
    assert!(before.contains("before\n"), "{before:?}");
    assert!(after.starts_with("meanwhile ?[2J\nafter\n"), "{after:?}");
}

#[test]
fn it_is_told_before_it_is_suspended_and_once() {
    let raw = run("twice");
    let [_, between, after] = outside(&raw)[..] else {
        panic!("{raw:?}");
    };
    assert_eq!(between, "first\n");
    assert!(after.starts_with("second\nafter\n"), "{after:?}");
}

#[test]
fn of_much_the_last_is_told() {
    let raw = run("much");
    let [_, after] = outside(&raw)[..] else {
        panic!("{raw:?}");
    };
    let told: String = after.split("after\n").next().unwrap().to_owned();
    assert_eq!(told.len(), 4096 + "...".len(), "{told}");
    assert!(told.starts_with("...") && told.ends_with("line 1999\n"), "{told}");
}
