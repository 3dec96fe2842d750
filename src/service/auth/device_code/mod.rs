//! Device code sign-in, in a browser on any machine: the method that works over SSH.
//!
//! The code is requested when a token is needed, shown by the running face, and removed when it was used or has
//! expired. The refresh token renews access without the person, for as long as Entra allows.

#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::SignedDuration;
use oauth2::{
    ClientId, DeviceAuthorizationResponse, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet,
    ExtraDeviceAuthorizationFields, RefreshToken, RequestTokenError, Scope, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    http::Exchange,
    issuer::{Issued, Issuer, lost},
    prompt::{Prompts, SignInPrompt},
    wire::Wire,
};
use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::{failure::Failure, ports::Clock},
};

/// Minimum time between two polls of the sign-in.
const APART: Duration = Duration::from_secs(1);
/// Longest time to wait for a code, whatever its answer gives.
const LONGEST: Duration = Duration::from_hours(1);
const ADVICE: &str =
    "open the address that is shown and enter the code, with an account that Partner Center knows";

type Entra = BasicClient<EndpointNotSet, EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet>;
type Code = DeviceAuthorizationResponse<Spoken>;

/// Extension of the standard by Entra.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Spoken {
    /// A whole sentence with address and code, in the language of the tenant.
    message: Option<String>,
}

impl ExtraDeviceAuthorizationFields for Spoken {}

/// Issuer that signs a person in.
pub(super) struct DeviceCode {
    entra: Entra,
    scope: String,
    exchange: Arc<dyn Exchange>,
    clock: Arc<dyn Clock>,
    prompts: Prompts,
    /// Refresh token.
    refresh: Mutex<Option<SecretString>>,
}

impl DeviceCode {
    /// Signs in to `tenant` for the application `client`.
    ///
    /// # Errors
    /// When the tenant cannot stand in a URL.
    pub(super) fn new(
        authority: &Origin,
        tenant: &str,
        client: &str,
        scope: String,
        exchange: Arc<dyn Exchange>,
        clock: Arc<dyn Clock>,
        prompts: Prompts,
    ) -> Result<Self, Failure> {
        let unfit = || {
            lost(
                &format!("`{tenant}` is no tenant"),
                "give the tenant's id or its domain",
            )
        };
        if tenant.is_empty()
            || !tenant
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        {
            return Err(unfit());
        }
        let base = format!("{authority}/{tenant}/oauth2/v2.0");
        let codes = DeviceAuthorizationUrl::new(format!("{base}/devicecode")).map_err(|_| unfit())?;
        let tokens = TokenUrl::new(format!("{base}/token")).map_err(|_| unfit())?;
        Ok(Self {
            entra: BasicClient::new(ClientId::new(client.to_owned()))
                .set_device_authorization_url(codes)
                .set_token_uri(tokens),
            scope,
            exchange,
            clock,
            prompts,
            refresh: Mutex::new(None),
        })
    }

    /// Renews the token without the person; returns none if that no longer works.
    async fn renewed(&self) -> Result<Option<Issued>, Failure> {
        let Some(refresh) = self.refresh().clone() else {
            return Ok(None);
        };
        let wire = Wire::new(&self.exchange);
        let given = self
            .entra
            .exchange_refresh_token(&RefreshToken::new(refresh.expose_secret().to_owned()))
            .add_scopes(self.scopes())
            .request_async(&wire)
            .await;
        match given {
            Ok(token) => self.issued(&token).map(Some),
            // The refresh token has expired or was revoked: only the person can help.
            Err(RequestTokenError::ServerResponse(_)) => {
                *self.refresh() = None;
                Ok(None)
            }
            Err(_) => Err(wire.failure()),
        }
    }

    async fn code(&self) -> Result<Code, Failure> {
        let wire = Wire::new(&self.exchange);
        let response = self
            .entra
            .exchange_device_code()
            .add_scopes(self.scopes())
            .request_async(&wire)
            .await;
        response.map_err(|_| wire.failure())
    }

    /// Polls until the person has signed in, has declined, or the code has expired.
    async fn signed_in(&self, code: &Code) -> Result<Issued, Failure> {
        let wire = Wire::new(&self.exchange);
        let life = code.expires_in().min(LONGEST);
        let asking = self
            .entra
            .exchange_device_access_token(code)
            // The expiry is measured here, on a clock that does not jump.
            .request_async(&wire, |pause| tokio::time::sleep(pause.max(APART)), Some(LONGEST * 2));
        match tokio::time::timeout(life, asking).await {
            Ok(Ok(token)) => self.issued(&token),
            Ok(Err(_)) => Err(wire.failure()),
            Err(_) => Err(lost(
                "nobody signed in before the code ended",
                "another code comes by itself; enter it in time",
            )),
        }
    }

    fn prompt(&self, code: &Code) -> SignInPrompt {
        let life = SignedDuration::try_from(code.expires_in().min(LONGEST)).unwrap_or_default();
        let (user_code, uri) = (code.user_code().secret(), code.verification_uri().as_str());
        let message = match &code.extra_fields().message {
            Some(message) => message.clone(),
            None => format!("To sign in, open {uri} in a browser and enter the code {user_code}."),
        };
        SignInPrompt {
            user_code: SafeText::new(user_code),
            verification_uri: SafeText::new(uri),
            message: message.into(),
            expires_at: self
                .clock
                .now()
                .saturating_add(life)
                .unwrap_or(jiff::Timestamp::MAX),
        }
    }

    fn issued(&self, token: &BasicTokenResponse) -> Result<Issued, Failure> {
        if let Some(refresh) = token.refresh_token() {
            *self.refresh() = Some(SecretString::from(refresh.secret().as_str()));
        }
        let life = token
            .expires_in()
            .and_then(|life| SignedDuration::try_from(life).ok());
        let expires_at = life.and_then(|life| self.clock.now().checked_add(life).ok());
        Issued::new(token.access_token().secret(), expires_at).map_err(|what| lost(what, ADVICE))
    }

    /// Returns the scopes, including the one for a refresh token.
    fn scopes(&self) -> [Scope; 2] {
        [
            Scope::new(self.scope.clone()),
            Scope::new("offline_access".to_owned()),
        ]
    }

    fn refresh(&self) -> std::sync::MutexGuard<'_, Option<SecretString>> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Issuer for DeviceCode {
    async fn issue(&self) -> Result<Issued, Failure> {
        if let Some(issued) = self.renewed().await? {
            return Ok(issued);
        }
        let code = self.code().await?;
        let _standing = self.prompts.show(self.prompt(&code));
        self.signed_in(&code).await
    }

    fn advice(&self) -> String {
        ADVICE.to_owned()
    }
}
