//! The way to the service, walked one step at a time: name, proxy, connection, TLS, an answer. For who asks what is wrong.
//!
//! No token goes along and nothing is written. Each step says as much as is known where it ends, in the words that the
//! client has for the same trouble. It must not know what any of it means for a cancellation.

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

/// `trouble` as a failure of the step `step`.
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
