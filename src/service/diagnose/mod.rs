//! Connection checks one step at a time: name, proxy, connection, TLS, an answer. For `doctor`.
//!
//! No token is sent and nothing is written. Each step reports all that is known where it ends, in the client's words
//! for the same error. Knows nothing of cancellations.

mod clock;
mod line;
mod names;
mod place;
mod tls;
mod tunnel;

pub use clock::skew;
pub use line::{Line, connect};
pub use names::resolve;
pub use place::Place;
pub use tls::{Handshake, handshake};
pub use tunnel::tunnel;

pub use super::http::{
    certificate::Certificate,
    proxies::{Misread, NAMING, Proxies},
    proxy::Proxy,
};

use super::http::errors::cause::Trouble;
use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
};

/// Converts `trouble` to a failure of the step `step`.
fn failed(step: &str, trouble: &Trouble) -> Failure {
    Failure {
        class: Class::Transient,
        request: SafeText::new(step),
        what: SafeText::new(&trouble.what),
        advice: SafeText::new(trouble.advice),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}
