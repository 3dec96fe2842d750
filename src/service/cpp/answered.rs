//! A complete answer before parsing.

use reqwest::{StatusCode, header::HeaderMap};

use crate::service::http::session::Bearer;

/// A complete answer with a success status, with any echo of the token hidden.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Token of the request, to be hidden in anything shown of the answer.
    pub(super) bearer: Bearer,
}
