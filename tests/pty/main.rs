//! The built program in a real terminal.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says by them what it needs; the lint knows test functions alone"
)]

mod aside;
mod bench;
mod bulk;
mod endings;
#[expect(dead_code, reason = "what is asked of it is looked at elsewhere")]
#[path = "../credentials/entra.rs"]
mod entra;
mod exits;
mod flow;
mod hand;
mod lines;
#[cfg(target_os = "linux")]
mod lost;
mod picture;
mod profiles;
mod question;
mod replies;
mod shown;
mod sign_in;
mod sizes;
mod stalls;
mod story;
mod tmux;
