//! What every face says, once: rows, columns and filters, the words for facts and times, the JSON of facts.
//!
//! Knows the domain and what the engine publishes. It must not know a face: neither how wide a screen is, nor what a key
//! does, nor where lines are written.

pub(crate) mod ascii;
mod column;
pub(crate) mod ending;
pub(crate) mod eta;
pub(crate) mod event;
pub(crate) mod fact;
mod find;
pub(crate) mod json;
pub(crate) mod moment;
pub(crate) mod phrase;
mod query;
mod record;
mod requests;
mod row;
pub(crate) mod standing;
pub(crate) mod state;
mod tone;

pub(crate) use column::{Column, Key, Reading, Sort, destination};
pub(crate) use event::{About, Event, Final, Line};
pub(crate) use find::{Finder, Ground, Hit};
pub(crate) use query::{Query, TERMS};
pub(crate) use record::Record;
pub(crate) use requests::{Declined, Requests};
pub(crate) use row::{Row, active, is_active, is_in_flight, story_of};
pub(crate) use tone::{Family, Tone};

#[cfg(test)]
mod tests;
