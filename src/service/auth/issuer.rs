//! Who gives tokens, one at a time. The cache above decides when to ask; an issuer only knows how.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::claims;
use crate::engine::failure::{Class, Failure};

/// Gives a new token whenever it is asked.
#[async_trait]
pub(super) trait Issuer: Send + Sync {
    /// A token, as new as it can be had. Ends by itself within a time limit of the issuer.
    async fn issue(&self) -> Result<Issued, Failure>;

    /// Whether the place that tokens come from has changed since the last one. Cheap, and asked often.
    fn has_changed(&self) -> bool {
        false
    }

    /// What a person can do when a token is no longer accepted and the same comes again.
    fn advice(&self) -> String;
}

/// A token that was just given.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) token: SecretString,
    /// When it ends, by the clock of who gave it; `None` where nobody says.
    pub(super) expires_at: Option<Timestamp>,
}

impl Issued {
    /// Takes `raw` without the blanks around it; when `expires_at` is not known, the token itself is asked.
    ///
    /// # Errors
    /// What is wrong with it, without it.
    pub(super) fn new(raw: &str, expires_at: Option<Timestamp>) -> Result<Self, &'static str> {
        Self::of(&SecretString::from(raw), expires_at)
    }

    /// As [`Issued::new`], of what already is a secret.
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

    /// Whether it is the same token as `other`.
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

/// There is no token, because of `what`.
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
