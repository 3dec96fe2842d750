//! Cost of the dashboard, measured in one run beside the plainest equivalent program.
//!
//! The baseline is a bare ratatui list of the same rows in the same window, and a plain loop of the same requests.
//! Prints a table and marks figures over budget. A busy machine is no failure; with `--check` the machine-independent
//! figures must be within budget: bytes, requests, wake-ups.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot be set up has nothing to measure"
)]

mod counted;
mod table;
mod timed;

use std::{
    env,
    io::{self, Write as _},
    process::ExitCode,
};

/// Offers in the list.
const OFFERS: usize = 10_000;
/// Moves that stay within the list.
const SCROLLED: usize = OFFERS - 100;
/// Argument that turns this program into the baseline, which it starts itself.
const BARE: &str = "--bare";
/// Argument that turns a missed budget into a failure.
const CHECK: &str = "--check";

fn main() -> ExitCode {
    let has = |wanted: &str| env::args().any(|argument| argument == wanted);
    if has(BARE) {
        timed::bare::run().unwrap();
        return ExitCode::SUCCESS;
    }
    let mut counted = counted::measures(OFFERS, SCROLLED);
    counted.push(counted::catalogue::requests());
    let mut out = io::stdout().lock();
    table::write(&mut out, "counted: the same on every machine", &counted).unwrap();
    table::write(
        &mut out,
        "in this process, medians",
        &timed::frames::measures(OFFERS),
    )
    .unwrap();
    table::write(
        &mut out,
        "in a terminal, medians",
        &timed::process::measures(OFFERS),
    )
    .unwrap();
    table::write(
        &mut out,
        "over HTTP, 50 ms an answer, medians",
        &timed::network::measures(),
    )
    .unwrap();
    out.flush().unwrap();
    let is_over = counted.iter().any(counted::measure::Measure::is_over);
    if has(CHECK) && is_over {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
