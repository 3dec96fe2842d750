//! Terminals that report no size, or an impossible one.

use crate::{bench::Bench, flow::leave};

#[test]
fn terminal_without_a_size_is_drawn() {
    for (environment, window) in [
        (&[][..], (80, 24)),
        (&[("COLUMNS", "100"), ("LINES", "30")], (100, 30)),
    ] {
        let mut bench = Bench::run_sized(&["demo"], environment, (0, 0), window);
        bench.wait_for("contoso-analytics");
        bench.send("?");
        let help = bench.wait_for("esc");
        assert!(help.lines().count() > 20, "{help}");
        // A repeated report is no measurement either.
        bench.resize(0, 0);
        leave(bench);
    }
}

#[test]
fn terminal_with_a_huge_size_is_drawn() {
    let bench = Bench::run_sized(&["demo"], &[], (65535, 65535), (80, 24));
    // The rows are limited to the maximum that is drawn.
    bench.wait_until("a frame", |_, raw| {
        let text = String::from_utf8_lossy(raw);
        text.contains("contoso-analytics") && text.contains("[500;")
    });
    assert!(!bench.raw().contains("[501;"), "no row below the last");
    leave(bench);
}
