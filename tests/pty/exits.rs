//! Exits: the terminal is restored, and the exit code gives the reason.

use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::bench::{Bench, PROGRAM};

#[test]
fn quit_keys_exit_with_success() {
    for keys in ["q", "\x03"] {
        let mut bench = Bench::run(&["demo"]);
        bench.wait_for("contoso");
        bench.send(keys);
        assert_eq!(bench.exit_code(), 0, "{keys:?}");
        bench.assert_restored();
    }
}

#[test]
fn signals_exit_with_their_code() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut bench = Bench::run(&["demo"]);
        bench.wait_for("contoso");
        bench.kill(signal);
        assert_eq!(bench.exit_code(), code, "{signal:?}");
        bench.assert_restored();
    }
}

#[test]
fn blocked_terminal_does_not_block_exit() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    bench.read_on(false);
    // Redraw whole screens, until the terminal accepts no more.
    for round in 0..200 {
        bench.resize(290 + round % 2, 90 + round % 3);
        bench.send("?");
    }
    bench.kill(Signal::TERM);
    assert_eq!(bench.exit_code(), 143);
    bench.read_on(true);
    bench.assert_restored();
}

#[test]
fn suspend_restores_the_terminal_and_continue_takes_it_again() {
    let mut bench = Bench::run_program("sh", &["-i"]);
    bench.wait_for("READY>");
    bench.send(&format!("{PROGRAM} demo\r"));
    bench.wait_for("contoso");
    bench.send("\x1a");
    bench.wait_until("shell", |screen, _| {
        !screen.alternate_screen() && !screen.hide_cursor() && screen.contents().contains("Stopped")
    });
    bench.send("echo still-$((40 + 2))\r");
    bench.wait_for("still-42");
    bench.send("fg\r");
    bench.wait_until("dashboard", |screen, _| {
        screen.alternate_screen() && screen.hide_cursor() && screen.contents().contains("contoso")
    });
    bench.send("q");
    bench.wait_until("prompt", |screen, _| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("READY>")
    });
    bench.send("exit $?\r");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
}

#[test]
fn suspend_without_a_shell_returns_at_once() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    bench.send("\x1a");
    bench.wait_until("second entry", |screen, raw| {
        let entries = String::from_utf8_lossy(raw).matches("\x1b[?1049h").count();
        entries == 2 && screen.contents().contains("contoso")
    });
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
}

#[test]
fn demo_leaves_no_files() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(bench.home.path().read_dir().unwrap().count(), 0);
}

#[test]
fn without_terminal_input_it_prints_a_remedy() {
    let mut bench = Bench::run_program("sh", &["-c", &format!("{PROGRAM} demo < /dev/null")]);
    assert_eq!(bench.exit_code(), 2);
    let shown = bench.wait_for("needs a terminal");
    assert!(shown.contains("countermand offers"), "{shown}");
}

#[test]
fn without_any_terminal_it_lists_offers() {
    let output = Command::new(PROGRAM)
        .arg("demo")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        shown.contains("contoso-analytics") && !shown.contains('\u{1b}'),
        "{shown}"
    );
}

#[test]
fn missing_settings_are_named() {
    for (variables, code, expected) in [
        // A signed-in user's publisher is known to the service.
        (&[][..], 5, "COUNTERMAND_TOKEN"),
        (&[("COUNTERMAND_PUBLISHER", "contoso")], 5, "COUNTERMAND_TOKEN"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(PROGRAM)
            .env_clear()
            .env("HOME", home.path())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains(expected) && error.contains("countermand demo"),
            "{error}"
        );
    }
}
