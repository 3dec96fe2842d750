//! Port of token issuers. The cache above decides when to request; an issuer only knows how.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::claims;
use crate::engine::failure::{Class, Failure};

/// Issues a new token for each call.
#[async_trait]
pub(super) trait Issuer: Send + Sync {
    /// Returns the newest token available. Ends by itself within a time limit of the issuer.
    async fn issue(&self) -> Result<Issued, Failure>;

    /// Returns true if the source of tokens has changed since the last one. Cheap, and called often.
    fn has_changed(&self) -> bool {
        false
    }

    /// Returns the remedy for a refused token that would come again.
    fn advice(&self) -> String;
}

/// A token that was just issued.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) token: SecretString,
    /// Time of expiry by the issuer's clock; `None` if unknown.
    pub(super) expires_at: Option<Timestamp>,
}

impl Issued {
    /// Takes `raw` without surrounding whitespace; if `expires_at` is unknown, the token's own claims are read.
    ///
    /// # Errors
    /// Describes the defect, without the token.
    pub(super) fn new(raw: &str, expires_at: Option<Timestamp>) -> Result<Self, &'static str> {
        Self::of(&SecretString::from(raw), expires_at)
    }

    /// Converts a secret like [`Issued::new`].
    pub(super) fn of(raw: &SecretString, expires_at: Option<Timestamp>) -> Result<Self, &'static str> {
        let bare = raw.expose_secret().trim();
        if bare.is_empty() {
            return Err("the token is empty");
        }
        if !bare.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the token holds characters that no token has");
        }
        let token = SecretString::from(bare);
        let expires_at = expires_at.or_else(|| claims::read(&token)?.expires_at);
        Ok(Self { token, expires_at })
    }

    /// Returns true if it is the same token as `other`.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.token.expose_secret() == other.token.expose_secret()
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Builds the failure of a missing token, because of `what`.
pub(super) fn lost(what: &str, advice: &str) -> Failure {
    Failure {
        class: Class::SignIn,
        request: "sign-in".into(),
        what: what.into(),
        advice: advice.into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}
