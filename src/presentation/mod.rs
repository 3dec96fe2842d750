//! What every face says, once: rows, columns and filters, the words for facts and times, the JSON of facts.
//!
//! Knows the domain and what the engine publishes. It must not know a face: neither how wide a screen is, nor what a key
//! does, nor where lines are written.

mod column;
mod find;
mod query;
mod requests;
mod row;
mod tone;

pub(crate) use column::{Column, Key, Sort};
pub(crate) use find::{Finder, Ground, Hit};
pub(crate) use query::{Query, TERMS};
pub(crate) use requests::{Declined, Requests};
pub(crate) use row::{Row, active, is_active, is_in_flight, is_throttled, outcome, story_of, words};
pub(crate) use tone::Tone;

#[cfg(test)]
mod tests;
