//! Options of a client or a sender.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use super::TokenSource;
use crate::{domain::ids::Origin, engine::ports::Clock};

/// Options shared by the reading client and the sender.
#[derive(Clone)]
pub struct ClientOptions {
    /// The only origin that is called and that receives the token.
    pub origin: Origin,
    /// Source of the token.
    pub token: Arc<dyn TokenSource>,
    /// Certificates (PEM) to trust besides those of the platform.
    pub ca_file: Option<PathBuf>,
    /// Limits on time and size of an answer.
    pub limits: Limits,
    /// The wall clock, for a `Retry-After` date in an answer without `Date`.
    pub clock: Option<Arc<dyn Clock>>,
}

/// Limits on time and size of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time from the name lookup to the end of the TLS handshake.
    pub connect: Duration,
    /// Time for which a connection counts as good without an acknowledgment from the peer.
    pub unheard: Duration,
    /// Time from the start of a reading request to the first byte of its answer.
    pub head: Duration,
    /// Time from the start of a request to the last byte of its answer.
    pub answer: Duration,
    /// Time for the body of the answer to a cancel. Its head is what counts, and is not held back for longer.
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
    /// Creates options for the service at `origin` with tokens of `token`, and defaults otherwise.
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
