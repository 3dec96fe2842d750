//! Gets tokens by Azure's own crate: it writes the question, and reads the answer.
//!
//! Each token has a credential of its own, because one keeps its token for itself, also after the service has refused
//! it. Nothing here knows who waits for a token, or how often.

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

/// Makes a credential that has no token yet, and asks nobody; an error is of this machine or of the settings.
pub(super) type Make =
    Box<dyn Fn(ClientOptions) -> Result<Arc<dyn TokenCredential>, Box<dyn Error>> + Send + Sync>;

/// A credential of Azure's crate.
pub(super) struct Azure {
    pub(super) make: Make,
    /// Of Entra; none for an identity that the machine itself knows.
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
            // The cache above asks again, for all who wait and with all they wait for in mind.
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
