//! A token that somebody else fetched and put into the environment. It cannot be renewed from in here.

use std::fmt;

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    engine::failure::{Class, Failure},
    marketplace::credentials::TokenSource,
};

/// How a person gets a new token.
const ADVICE: &str = "set a new token in COUNTERMAND_TOKEN; get one with \
     `az account get-access-token --resource https://cloudpartner.azure.com --query accessToken -o tsv`";

/// The token of `COUNTERMAND_TOKEN`, as it was when the program began.
pub struct StaticToken(SecretString);

impl StaticToken {
    /// Takes `token` without the blanks and the line end that a shell may leave around it.
    ///
    /// # Errors
    /// [`Class::SignIn`] when nothing is left, or something that cannot stand in a header.
    pub fn new(token: &SecretString) -> Result<Self, Failure> {
        let bare = token.expose_secret().trim();
        if bare.is_empty() {
            return Err(failure("the token is empty"));
        }
        if !bare.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(failure("the token holds characters that no token has"));
        }
        Ok(Self(SecretString::from(bare)))
    }
}

#[async_trait]
impl TokenSource for StaticToken {
    async fn token(&self) -> Result<SecretString, Failure> {
        Ok(self.0.clone())
    }

    async fn renew(&self) -> Result<(), Failure> {
        Err(failure(
            "the token of COUNTERMAND_TOKEN cannot be renewed from here",
        ))
    }
}

impl fmt::Debug for StaticToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticToken(hidden)")
    }
}

fn failure(what: &str) -> Failure {
    Failure {
        class: Class::SignIn,
        request: "sign-in".into(),
        what: what.into(),
        advice: ADVICE.into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_in_a_header_is_refused_and_not_shown() {
        for raw in ["", " \n", "sec\nret", "sec ret", "secr\u{e9}t", "sec\0ret"] {
            let failure = StaticToken::new(&SecretString::from(raw)).unwrap_err();
            assert_eq!(failure.class, Class::SignIn);
            assert!(!failure.to_string().contains("sec"), "{failure}");
            assert!(failure.advice.as_str().contains("COUNTERMAND_TOKEN"));
        }
    }

    #[tokio::test]
    async fn it_is_given_bare_hidden_in_debug_and_never_renewed() {
        let token = StaticToken::new(&SecretString::from(" eyJ0.x-y_z\r\n")).unwrap();
        assert_eq!(token.token().await.unwrap().expose_secret(), "eyJ0.x-y_z");
        assert_eq!(format!("{token:?}"), "StaticToken(hidden)");
        assert_eq!(token.renew().await.unwrap_err().class, Class::SignIn);
    }
}
