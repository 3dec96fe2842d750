//! What the pages say is so: commands run, tables are the program's own, links lead somewhere, words are spelled one way.

#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
mod commands;
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
mod links;
#[expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a step that fails is to fail its test"
)]
mod pages;
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
mod promises;
mod tables;
mod words;
