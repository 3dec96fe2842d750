//! The built program under attack: a canary as token, hostile texts, and endless answers, observed at every output.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says by them what it needs; the lint knows test functions alone"
)]

#[expect(dead_code, reason = "what is asked of it is looked at elsewhere")]
#[path = "../pty/bench.rs"]
mod bench;
mod canary;
#[path = "../credentials/entra.rs"]
mod entra;
mod hostile_text;
mod market;
mod memory;
mod outputs;
mod secret;
mod secrets;
mod texts;
