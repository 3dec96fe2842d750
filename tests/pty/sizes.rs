//! A terminal that does not say how large it is, or says what cannot be.

use crate::{bench::Bench, flow::leave};

#[test]
fn a_terminal_that_tells_no_size_is_drawn_on() {
    for (environment, window) in [
        (&[][..], (80, 24)),
        (&[("COLUMNS", "100"), ("LINES", "30")], (100, 30)),
    ] {
        let mut bench = Bench::run_sized(&["demo"], environment, (0, 0), window);
        bench.wait_for("contoso-analytics");
        bench.send("?");
        let help = bench.wait_for("esc");
        assert!(help.lines().count() > 20, "{help}");
        // Told again, it is still no measurement.
        bench.resize(0, 0);
        leave(bench);
    }
}

#[test]
fn a_terminal_that_claims_to_be_boundless_is_survived() {
    let bench = Bench::run_sized(&["demo"], &[], (65535, 65535), (80, 24));
    // As many rows as are drawn at most.
    bench.wait_until("a frame", |_, raw| {
        let text = String::from_utf8_lossy(raw);
        text.contains("contoso-analytics") && text.contains("[500;")
    });
    assert!(!bench.raw().contains("[501;"), "no row below the last");
    leave(bench);
}
