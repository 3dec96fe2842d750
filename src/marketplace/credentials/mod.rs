//! Where a token comes from. Knows neither requests nor settings; the token is given in or fetched behind the trait.

mod static_token;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::engine::failure::Failure;

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
