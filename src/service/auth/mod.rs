//! Where a token comes from. Knows neither the service's requests nor settings files.
//!
//! [`TokenSource`] is the port. Behind it stand issuers, one a file, which only know how to get one token, and the
//! cache above them all, which decides when. [`build()`] makes a source of what the settings say.

#[cfg(test)]
mod arbitrary;
mod azure;
mod build;
mod cached;
pub mod claims;
mod command;
#[cfg(unix)]
pub mod cores;
mod device_code;
mod error_slot;
mod http;
mod issuer;
mod oauth_error;
mod output;
mod prompt;
mod secret_file;
mod static_token;
mod token_file;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::engine::failure::Failure;

pub use build::{Surroundings, build};
pub use cached::Attendance;
pub use prompt::{Prompts, SignInPrompt};
pub use static_token::StaticToken;

/// A source of bearer tokens for one service.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// The token to send now.
    ///
    /// # Errors
    /// [`Class::SignIn`](crate::engine::failure::Class::SignIn) with what to do, when there is none.
    async fn token(&self) -> Result<SecretString, Failure>;

    /// Replaces a token that the service did not accept; the next [`TokenSource::token`] gives the new one.
    ///
    /// # Errors
    /// [`Class::SignIn`](crate::engine::failure::Class::SignIn) with what to do, when there can be no new one.
    async fn renew(&self) -> Result<(), Failure>;
}
