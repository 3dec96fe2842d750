//! What the dashboard may cost, measured in one run beside the plainest program that does the same.
//!
//! A bare ratatui list of the same rows in the same window, and a plain loop of the same requests. Prints a table and marks
//! what is over its budget. A busy machine is no failure; with `--check` those figures that are the same on every machine
//! must be in budget: bytes, requests, wake-ups.

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
/// What makes this program the bare one; it runs itself.
const BARE: &str = "--bare";
/// What makes a budget that is missed a failure.
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
