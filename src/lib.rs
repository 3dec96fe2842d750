//! Countermand: cancel a publish on the Microsoft commercial marketplace, and follow it to its end.
//!
//! `docs/architecture.md` draws the modules, and follows a keypress to its request and a word on the wire to its cell;
//! `docs/glossary.md` has the words, `docs/decisions.md` the reasons, `docs/service-cpp.md` what is known of the service.
//!
//! A module knows only modules below it; `tests/architecture.rs` holds that. From the top:
//!
//! - [`app`]: composition root; one session for every face, the runtime, the log, the signals.
//! - [`tui`]: the dashboard; a pure reducer, a pure view, and the loop that connects them to a terminal.
//! - [`plain`]: the dashboard as lines of text.
//! - [`cli`]: the verbs, one file each.
//! - `presentation`: what every face shows; rows, filters, words, times, the JSON of facts.
//! - [`proposal`]: what is about to be canceled, until it is confirmed; where every request comes from.
//! - [`simulator`]: a marketplace to practice on; shares no code with [`service`], so that one mistake cannot hide in both.
//! - [`settings`]: flags, environment and file, folded into one value.
//! - [`journal`]: the facts of cancellations, on disk or in memory.
//! - [`service`]: the engine's ports over HTTP; requests, wire forms, addresses, errors, tokens.
//! - [`engine`]: what to ask and when; the catalogue, the cancel, the following; its ports are traits.
//! - `files`: what the system says about files.
//! - [`domain`]: facts and words without I/O; offers, operations, cancellations, verdicts, safe text.

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
