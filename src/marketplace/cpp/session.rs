//! The token on its way into a request: as a header, replaced once when it is refused, and never in a text.

use std::{borrow::Cow, sync::Arc};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::{
    engine::failure::{Class, Failure},
    marketplace::credentials::TokenSource,
};

/// The tokens of one client.
pub(super) struct Session {
    source: Arc<dyn TokenSource>,
    /// Held while a token is replaced, so that many refused requests replace it once.
    replacing: Mutex<()>,
}

/// A token that can stand in a header.
#[derive(Clone)]
pub(super) struct Bearer {
    token: SecretString,
    header: HeaderValue,
}

impl Session {
    pub(super) fn new(source: Arc<dyn TokenSource>) -> Self {
        Self {
            source,
            replacing: Mutex::new(()),
        }
    }

    /// The token to send now.
    pub(super) async fn bearer(&self) -> Result<Bearer, Failure> {
        Bearer::new(self.source.token().await?)
    }

    /// The token to send after `refused` was not accepted; a new one, unless somebody replaced it meanwhile.
    pub(super) async fn bearer_after(&self, refused: &Bearer) -> Result<Bearer, Failure> {
        let _replacing = self.replacing.lock().await;
        let current = self.bearer().await?;
        if current.token.expose_secret() != refused.token.expose_secret() {
            return Ok(current);
        }
        self.source.renew().await?;
        self.bearer().await
    }

    /// Replaces the token, for whoever asks again by itself.
    pub(super) async fn renew(&self) -> Result<(), Failure> {
        let _replacing = self.replacing.lock().await;
        self.source.renew().await
    }
}

impl Bearer {
    fn new(token: SecretString) -> Result<Self, Failure> {
        let mut header =
            HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| unfit())?;
        header.set_sensitive(true);
        Ok(Self { token, header })
    }

    /// The value of `Authorization`; sensitive, so that no layer below shows or compresses it.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// `raw` without the token: a server that echoes what it was sent must not get it onto a screen.
    pub(super) fn hide<'a>(&self, raw: &'a str) -> Cow<'a, str> {
        let token = self.token.expose_secret();
        if token.is_empty() || !raw.contains(token) {
            Cow::Borrowed(raw)
        } else {
            Cow::Owned(raw.replace(token, "[token]"))
        }
    }
}

fn unfit() -> Failure {
    Failure {
        class: Class::SignIn,
        request: "sign-in".into(),
        what: "the token holds characters that cannot be sent".into(),
        advice: "sign in again, or set a token that was copied whole and on one line".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_hidden_wherever_it_is_echoed() {
        let bearer = Bearer::new(SecretString::from("eyJ0-secret")).unwrap();
        assert_eq!(bearer.hide("got `Bearer eyJ0-secret`"), "got `Bearer [token]`");
        assert_eq!(bearer.hide("nothing"), "nothing");
        assert!(!format!("{:?}", bearer.header()).contains("secret"));
    }

    #[test]
    fn a_token_that_cannot_be_sent_is_a_failure_without_it() {
        let Err(failure) = Bearer::new(SecretString::from("sec\nret")) else {
            panic!("accepted")
        };
        assert_eq!(failure.class, Class::SignIn);
        assert!(!failure.to_string().contains("sec\nret") && !failure.to_string().contains("sec"));
    }
}
