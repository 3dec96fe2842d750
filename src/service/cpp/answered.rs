//! A whole answer, before anything is made of it.

use reqwest::{StatusCode, header::HeaderMap};

use crate::service::http::session::Bearer;

/// A whole answer with a status of success; whatever it echoes of what it was asked with is hidden in it.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// What it was asked with: whatever is shown of the answer must not show that.
    pub(super) bearer: Bearer,
}
