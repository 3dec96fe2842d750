//! What a client or a sender is made of.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use super::TokenSource;
use crate::{domain::ids::Origin, engine::ports::Clock};

/// What a client that reads and one that cancels need to know; both are made from the same.
#[derive(Clone)]
pub struct ClientOptions {
    /// The one place that is called and that the token goes to.
    pub origin: Origin,
    /// Where the token comes from.
    pub token: Arc<dyn TokenSource>,
    /// Certificates (PEM) to trust besides those of the platform.
    pub ca_file: Option<PathBuf>,
    /// How long an answer may take and how large it may be.
    pub limits: Limits,
    /// The wall clock, for answers that ask for a date and do not say what time it is.
    pub clock: Option<Arc<dyn Clock>>,
}

/// How long an answer may take and how large it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first look-up of the name to the end of the TLS handshake.
    pub connect: Duration,
    /// How long a connection counts as good without a sign that what was sent over it has arrived.
    pub unheard: Duration,
    /// From the beginning of a request that changes nothing to the first byte of its answer.
    pub head: Duration,
    /// From the beginning of a request to the last byte of its answer.
    pub answer: Duration,
    /// For the body of the answer to a cancel. Its head says what counts, and is not held back for longer.
    pub cancel_body: Duration,
    /// Bytes of a list, after decompression.
    pub list_bytes: usize,
    /// Bytes of any other answer, after decompression.
    pub answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            unheard: Duration::from_secs(10),
            head: Duration::from_mins(1),
            answer: Duration::from_mins(2),
            cancel_body: Duration::from_secs(10),
            list_bytes: 32 << 20,
            answer_bytes: 4 << 20,
        }
    }
}

impl ClientOptions {
    /// The service at `origin` with the token of `token`, and everything else as usual.
    #[must_use]
    pub fn new(origin: Origin, token: Arc<dyn TokenSource>) -> Self {
        Self {
            origin,
            token,
            ca_file: None,
            limits: Limits::default(),
            clock: None,
        }
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("origin", &self.origin)
            .field("ca_file", &self.ca_file)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
