//! HTTP for every service: transports, proxies, TLS, limits, head and body of an answer, and the token in a request.
//!
//! Must not know the source of a token, nor any service: no path, no field of a body, and no meaning of a status.

pub(super) mod body;
pub(super) mod certificate;
mod deferred;
pub(super) mod errors;
pub(super) mod headers;
mod options;
pub(super) mod proxies;
pub(super) mod proxy;
pub(super) mod session;
pub(super) mod transport;
pub(super) mod verifier;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::engine::failure::Failure;

pub use deferred::Deferred;
pub use options::{ClientOptions, Limits};

/// A source of bearer tokens for one service.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// Returns the current token.
    ///
    /// # Errors
    ///
    /// [`Class::SignIn`](crate::engine::failure::Class::SignIn) with the remedy, if there is none.
    async fn token(&self) -> Result<SecretString, Failure>;

    /// Replaces a token that the service rejected; the next [`TokenSource::token`] returns the new one.
    ///
    /// # Errors
    ///
    /// [`Class::SignIn`](crate::engine::failure::Class::SignIn) with the remedy, if there can be no new one.
    async fn renew(&self) -> Result<(), Failure>;
}
