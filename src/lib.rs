//! Countermand: cancel a publish on the Microsoft commercial marketplace, and follow it to its end.
//!
//! The library is a house of rooms. A room knows only the rooms below it; `tests/architecture.rs` holds that.
//!
//! - [`app`] is the one room that knows all others: it turns settings into parts, and owns the runtime, the log,
//!   the signals and the way out.
//! - [`plain`] is the dashboard as lines of text, for whoever cannot use a screen.
//! - [`tui`] is the dashboard: a pure reducer and a pure view, and the shell that connects them to a terminal.
//! - [`cli`] holds the verbs without a screen, one file each.
//! - `presentation` is what all three of them say, once: rows, filters, words, times.
//! - [`proposal`] is what is about to be canceled, until it is confirmed: where every face has its cancels from.
//! - [`simulator`] is a marketplace to practise on. It shares no code with [`service`], so that one mistake
//!   cannot hide in both.
//! - [`settings`] folds flags, environment and file into one value.
//! - [`journal`] keeps what was asked and what became of it, on disk or in memory.
//! - [`service`] is the service's side of the ports: requests, wire forms, addresses, errors, tokens.
//! - [`engine`] decides what to ask and when: the catalogue, the cancel, the following; its ports are traits.
//! - `files` is what the system says about files, for every room that reads or keeps one.
//! - [`domain`] holds facts and words without I/O: offers, operations, cancellations, verdicts, safe text.

pub mod app;
pub mod cli;
pub mod domain;
pub mod engine;
mod files;
pub mod journal;
pub mod plain;
pub(crate) mod presentation;
pub mod proposal;
pub mod service;
pub mod settings;
pub mod simulator;
pub mod tui;
