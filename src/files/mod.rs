//! What the system says about files: whose they are, and what to do where one cannot be had.
//!
//! Knows no other room, so that every room that reads or keeps a file can ask here.

pub(crate) mod custody;
#[cfg(unix)]
mod group;
pub(crate) mod remedy;
