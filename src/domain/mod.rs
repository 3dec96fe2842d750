//! Facts and terms of the marketplace, without I/O and without a clock.
//!
//! Everything here is plain, comparable data. All text from the service passes [`text`] or [`ids`] on entry, so that a
//! module above can show it without checking its source. Times arrive as arguments.

pub mod answer;
pub mod cancellation;
pub mod confirmation;
pub mod credential;
pub mod fact;
#[cfg(any(test, fuzzing))]
pub mod fuzz_support;
pub mod html;
pub mod ids;
pub mod lead;
pub mod meaning;
pub mod name;
pub(crate) mod nearest;
pub mod offer;
pub mod operation;
pub mod precedent;
pub mod preflight;
pub mod recipients;
pub mod remote;
pub mod stage;
pub mod stall;
pub mod status;
pub mod target;
pub mod text;
pub mod time;
pub mod variable;
pub mod verdict;
