//! What the service sends, as JSON: the words, the quirks and the undocumented fields of its answers.
//!
//! Pure: from the world to values. It must not know HTTP.

pub(crate) mod cancel;
pub(crate) mod error;
pub(crate) mod filter;
pub(crate) mod offer;
pub(crate) mod operation;
pub(crate) mod publisher;
pub(crate) mod submission;
mod time;

/// The one version of the API that is spoken.
pub(crate) const API_VERSION: &str = "2017-10-31";
