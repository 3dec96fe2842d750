//! What the system says about files: what to do where one cannot be had.
//!
//! Knows no other room, so that every room that reads or keeps a file can ask here.

pub(crate) mod remedy;
