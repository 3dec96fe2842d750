//! A token from the environment. The program cannot renew it.

use std::fmt;

use async_trait::async_trait;
use secrecy::SecretString;

use super::{
    TokenSource,
    issuer::{Issued, lost},
};
use crate::engine::failure::Failure;

/// Token of an environment variable, as read at the start.
pub struct StaticToken {
    token: SecretString,
    variable: Box<str>,
}

impl StaticToken {
    /// Default variable.
    pub const VARIABLE: &str = "COUNTERMAND_TOKEN";

    /// Takes the token of the default variable; see [`StaticToken::of_variable`].
    ///
    /// # Errors
    /// As there.
    pub fn new(token: &SecretString) -> Result<Self, Failure> {
        Self::of_variable(Self::VARIABLE, token)
    }

    /// Takes the `token` of `variable` without the whitespace and line break that a shell may leave around it.
    ///
    /// # Errors
    /// [`Class::SignIn`](crate::engine::failure::Class::SignIn) when it is empty or cannot stand in a header.
    pub fn of_variable(variable: &str, token: &SecretString) -> Result<Self, Failure> {
        let issued = Issued::of(token, None).map_err(|what| lost(what, &advice(variable)))?;
        Ok(Self {
            token: issued.token,
            variable: variable.into(),
        })
    }
}

#[async_trait]
impl TokenSource for StaticToken {
    async fn token(&self) -> Result<SecretString, Failure> {
        Ok(self.token.clone())
    }

    async fn renew(&self) -> Result<(), Failure> {
        let what = format!("the token of {} cannot be renewed from here", self.variable);
        Err(lost(&what, &advice(&self.variable)))
    }
}

impl fmt::Debug for StaticToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticToken(hidden)")
    }
}

/// Returns the remedy: how to get a new token.
fn advice(variable: &str) -> String {
    format!(
        "set a new token in {variable}; get one with \
         `az account get-access-token --resource https://cloudpartner.azure.com --query accessToken -o tsv`"
    )
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::engine::failure::Class;

    #[test]
    fn invalid_header_text_is_refused_and_not_shown() {
        for raw in ["", " \n", "sec\nret", "sec ret", "secr\u{e9}t", "sec\0ret"] {
            let failure = StaticToken::new(&SecretString::from(raw)).unwrap_err();
            assert_eq!(failure.class, Class::SignIn);
            assert!(!failure.to_string().contains("sec"), "{failure}");
            assert!(failure.advice.as_str().contains("COUNTERMAND_TOKEN"));
        }
    }

    #[tokio::test]
    async fn token_is_trimmed_hidden_in_debug_and_never_renewed() {
        let token = StaticToken::new(&SecretString::from(" eyJ0.x-y_z\r\n")).unwrap();
        assert_eq!(token.token().await.unwrap().expose_secret(), "eyJ0.x-y_z");
        assert_eq!(format!("{token:?}"), "StaticToken(hidden)");
        assert_eq!(token.renew().await.unwrap_err().class, Class::SignIn);
    }
}
