//! Ownership of files, and remedies for errors with them.
//!
//! Knows no other module, so that every module that reads or keeps a file can use it.

pub(crate) mod custody;
#[cfg(unix)]
mod group;
pub(crate) mod remedy;
