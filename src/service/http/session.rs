//! Tokens in requests: as a header, renewed once after a rejection, and never in a text.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::TokenSource;
use crate::{
    engine::failure::{Class, Failure},
    service::redact,
};

/// Tokens of one client.
pub(in crate::service) struct Session {
    source: Arc<dyn TokenSource>,
    /// Number of renewals, failed ones included.
    attempts: AtomicU64,
    /// Held during a renewal, so that many rejected requests cause a single one; holds the last failure.
    replacing: Mutex<Option<Failure>>,
}

/// A token that is valid in a header.
#[derive(Clone)]
pub(in crate::service) struct Bearer {
    token: SecretString,
    header: HeaderValue,
}

impl Session {
    pub(in crate::service) fn new(source: Arc<dyn TokenSource>) -> Self {
        Self {
            source,
            attempts: AtomicU64::new(0),
            replacing: Mutex::new(None),
        }
    }

    /// Returns the current token.
    pub(in crate::service) async fn bearer(&self) -> Result<Bearer, Failure> {
        Bearer::new(self.source.token().await?)
    }

    /// Returns the token after `refused` was rejected; a new one, unless another request renewed it meanwhile.
    pub(in crate::service) async fn bearer_after(&self, refused: &Bearer) -> Result<Bearer, Failure> {
        let attempts = self.attempts.load(Ordering::SeqCst);
        let mut why = self.replacing.lock().await;
        let current = self.bearer().await?;
        if current.token.expose_secret() != refused.token.expose_secret() {
            return Ok(current);
        }
        // Callers that waited for a renewal share its result: a sign-in that fails slowly must not do so once per
        // caller.
        if let Some(why) = &*why
            && self.attempts.load(Ordering::SeqCst) != attempts
        {
            return Err(why.clone());
        }
        self.replace(&mut why).await?;
        self.bearer().await
    }

    /// Renews the token for the caller's own retry.
    pub(in crate::service) async fn renew(&self) -> Result<(), Failure> {
        self.replace(&mut *self.replacing.lock().await).await
    }

    async fn replace(&self, why: &mut Option<Failure>) -> Result<(), Failure> {
        let replaced = self.source.renew().await;
        self.attempts.fetch_add(1, Ordering::SeqCst);
        *why = replaced.clone().err();
        replaced
    }
}

impl Bearer {
    pub(in crate::service) fn new(token: SecretString) -> Result<Self, Failure> {
        let mut header =
            HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| unfit())?;
        header.set_sensitive(true);
        Ok(Self { token, header })
    }

    /// Returns the value of `Authorization`; sensitive, so that no layer below shows or compresses it.
    pub(in crate::service) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Hides the token in `raw`: a server may echo its request.
    pub(in crate::service) fn hide<'a>(&self, raw: &'a str) -> Cow<'a, str> {
        redact::secrets(raw, [&self.token])
    }

    /// Hides the token in the bytes of a body, before parsing.
    pub(in crate::service) fn hide_in(&self, body: Vec<u8>) -> Vec<u8> {
        redact::body(body, &self.token)
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
    use async_trait::async_trait;

    use super::*;

    /// Token source whose renewal fails slowly.
    #[derive(Default)]
    struct Slow(AtomicU64);

    #[async_trait]
    impl TokenSource for Slow {
        async fn token(&self) -> Result<SecretString, Failure> {
            Ok("token".into())
        }

        async fn renew(&self) -> Result<(), Failure> {
            self.0.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Err(unfit())
        }
    }

    #[tokio::test]
    async fn failed_renewal_is_shared_by_waiting_callers() {
        let source = Arc::new(Slow::default());
        let session = Session::new(source.clone());
        let refused = session.bearer().await.unwrap();
        for tried in 1..=2 {
            let waiting = (0..8).map(|_| session.bearer_after(&refused));
            let answers = futures_util::future::join_all(waiting).await;
            assert!(answers.iter().all(Result::is_err));
            assert_eq!(
                source.0.load(Ordering::SeqCst),
                tried,
                "once for all, and anew for who comes later"
            );
        }
    }

    #[test]
    fn echoed_token_is_hidden_everywhere() {
        let bearer = Bearer::new(SecretString::from("eyJ0-secret")).unwrap();
        assert_eq!(bearer.hide("got `Bearer eyJ0-secret`"), "got `Bearer [hidden]`");
        assert_eq!(bearer.hide("nothing"), "nothing");
        assert!(!format!("{:?}", bearer.header()).contains("secret"));
    }

    #[test]
    fn invalid_header_token_fails_without_being_shown() {
        let Err(failure) = Bearer::new(SecretString::from("sec\nret")) else {
            panic!("accepted")
        };
        assert_eq!(failure.class, Class::SignIn);
        assert!(!failure.to_string().contains("sec\nret") && !failure.to_string().contains("sec"));
    }
}
