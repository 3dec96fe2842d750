//! The built program in a real terminal.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says by them what it needs; the lint knows test functions alone"
)]

mod bench;
mod exits;
mod flow;
mod shown;
