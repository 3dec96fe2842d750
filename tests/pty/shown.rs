//! Bytes that reach the terminal, at every size.

use crate::bench::Bench;

#[test]
fn terminal_is_never_queried() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    bench.send("jjk");
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
    let raw = bench.raw();
    for (query, name) in [
        ("\x1b[6n", "cursor position"),
        ("\x1b[5n", "status"),
        ("\x1b[c", "attributes"),
        ("\x1b[0c", "attributes"),
        ("\x1b[>", "attributes or keyboard"),
        ("\x1b[?u", "keyboard"),
        ("?\x1b\\", "colours or clipboard"),
        ("?\x07", "colours or clipboard"),
        ("\x1bP", "capabilities"),
        ("$p", "mode"),
    ] {
        assert!(!raw.contains(query), "{name}");
    }
}

#[test]
fn every_frame_is_a_synchronized_update() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    bench.send("jjjq");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
    let raw = bench.raw();
    let begun = raw.matches("\x1b[?2026h").count();
    // One more on exit, to close an interrupted frame.
    assert_eq!(raw.matches("\x1b[?2026l").count(), begun + 1);
    assert!(begun > 0);
}

#[test]
fn every_size_is_drawn_and_the_original_restores_all() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    for (columns, rows) in [
        (1, 1),
        (300, 100),
        (2, 50),
        (200, 1),
        (40, 10),
        (0, 0),
        (110, 24),
        (109, 24),
        (80, 24),
    ] {
        bench.resize(columns, rows);
        bench.send("j");
    }
    bench.wait_for("contoso");
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
}
