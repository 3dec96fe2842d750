//! Issuer over `azure_identity`, which writes the request and reads the answer.
//!
//! Each token has a credential of its own, because a credential caches its token, even after the service has refused
//! it. Knows nothing of waiting requests and caching.

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::TokenCredential,
    http::{ClientOptions, RetryOptions, Transport},
};
use jiff::Timestamp;

use super::{
    http::Exchange,
    issuer::{Issued, Issuer, lost},
    wire::Wire,
};
use crate::{domain::ids::Origin, engine::failure::Failure, service::redact};

/// Creates a credential without a token and without a request; errors are of this machine or the settings.
pub(super) type Make =
    Box<dyn Fn(ClientOptions) -> Result<Arc<dyn TokenCredential>, Box<dyn Error>> + Send + Sync>;

/// Issuer over a credential of `azure_identity`.
pub(super) struct Azure {
    pub(super) make: Make,
    /// Authority at Entra; none for a managed identity.
    pub(super) authority: Option<Origin>,
    pub(super) scope: String,
    pub(super) exchange: Arc<dyn Exchange>,
    pub(super) advice: &'static str,
}

#[async_trait]
impl Issuer for Azure {
    async fn issue(&self) -> Result<Issued, Failure> {
        let wire = Arc::new(Wire::new(&self.exchange));
        let credential = (self.make)(self.options(wire.clone()));
        let credential =
            credential.map_err(|unfit| lost(&redact::tokens(&unfit.to_string()), self.advice))?;
        let token = credential.get_token(&[self.scope.as_str()], None).await;
        let token = token.map_err(|_| wire.failure())?;
        let expires_at = Timestamp::from_second(token.expires_on.unix_timestamp()).ok();
        Issued::new(token.token.secret(), expires_at).map_err(|_| wire.failure())
    }

    fn advice(&self) -> String {
        self.advice.to_owned()
    }
}

impl Azure {
    fn options(&self, wire: Arc<Wire>) -> ClientOptions {
        ClientOptions {
            // The cache above retries, for all waiting requests and within their time limits.
            retry: RetryOptions::none(),
            transport: Some(Transport::new(wire)),
            cloud: self.authority.as_ref().map(|authority| {
                let mut cloud = CustomConfiguration::default();
                cloud.authority_host = authority.to_string();
                Arc::new(CloudConfiguration::from(cloud))
            }),
            ..ClientOptions::default()
        }
    }
}
