//! The ways to sign in that Azure's own crate knows. It gets tokens; it neither keeps them nor repeats a request.
//!
//! A credential of that crate keeps its token for itself. So one is made for each token, which also reads anew what
//! may have changed, and what goes wrong on its way is kept in our words, because its own may quote an answer.

mod certificate;
mod cli;
mod wire;

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::TokenCredential,
    error::ErrorKind,
    http::{ClientOptions, RetryOptions, Transport},
};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientAssertionCredential,
    ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::{
    error_slot::ErrorSlot,
    http::Exchange,
    issuer::{Issued, Issuer, lost},
    secret_file,
};
use crate::{
    domain::{credential::Identity, ids::Origin},
    engine::{failure::Failure, ports::Clock},
    service::redact,
};

/// The most characters of an error of Azure's crate.
const SHOWN: usize = 400;

/// Where a token comes from through Azure's crate.
pub(super) enum Way {
    Secret {
        application: Application,
        secret: Secret,
    },
    Certificate {
        application: Application,
        file: PathBuf,
    },
    Managed(Option<Identity>),
    Workload {
        application: Application,
        token_file: PathBuf,
    },
    Cli {
        tenant: Option<String>,
        subscription: Option<String>,
    },
}

/// A client secret, or the file that it is read from for each token.
pub(super) enum Secret {
    Held(SecretString),
    File(PathBuf),
}

/// An application of a tenant.
#[derive(Clone)]
pub(super) struct Application {
    pub(super) tenant: String,
    pub(super) client: String,
}

/// Gets tokens by one of the ways.
pub(super) struct Azure {
    pub(super) way: Way,
    pub(super) authority: Origin,
    pub(super) scope: String,
    pub(super) exchange: Arc<dyn Exchange>,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Issuer for Azure {
    async fn issue(&self) -> Result<Issued, Failure> {
        let trouble = ErrorSlot::default();
        let given = match self.credential(&trouble) {
            Ok(credential) => credential.get_token(&[self.scope.as_str()], None).await,
            Err(error) => Err(error),
        };
        let token = given.map_err(|error| self.failure(&trouble, &error))?;
        let expires_at = Timestamp::from_second(token.expires_on.unix_timestamp()).ok();
        Issued::new(token.token.secret(), expires_at).map_err(|what| lost(what, &self.advice()))
    }

    fn advice(&self) -> String {
        match &self.way {
            Way::Secret { .. } => {
                "check the tenant, the client and its secret, and that the application is a user in Partner Center"
            }
            Way::Certificate { .. } => {
                "check the tenant, the client and its certificate, and that the application is a user in Partner Center"
            }
            Way::Managed(_) => {
                "this works on an Azure machine or service with an identity only; assign one and add it in Partner Center"
            }
            Way::Workload { .. } => "check the pod's service account and its federated credential in Entra",
            Way::Cli { .. } => "run `az login`, with `--tenant` where you belong to several",
        }
        .to_owned()
    }
}

impl Secret {
    fn read(&self) -> Result<SecretString, String> {
        match self {
            Self::Held(secret) => Ok(secret.clone()),
            Self::File(path) => secret_file::read(path),
        }
    }
}

/// Keeps `failure` for who asked, and makes an error for Azure's crate that says nothing.
fn told(trouble: &ErrorSlot, failure: Failure) -> azure_core::Error {
    trouble.keep(failure);
    azure_core::Error::with_message(ErrorKind::Credential, "told elsewhere")
}

/// Whether `json` is an object with a text under `key`.
fn has_text(json: &[u8], key: &str) -> bool {
    serde_json::from_slice::<serde_json::Value>(json).is_ok_and(|value| {
        value
            .as_object()
            .and_then(|fields| fields.get(key))
            .is_some_and(serde_json::Value::is_string)
    })
}

/// A secret without the line end that a file may have, for Azure's crate.
fn bare(secret: &SecretString) -> azure_core::credentials::Secret {
    azure_core::credentials::Secret::new(secret.expose_secret().trim().to_owned())
}

impl Azure {
    fn failure(&self, trouble: &ErrorSlot, error: &azure_core::Error) -> Failure {
        trouble.take().unwrap_or_else(|| {
            // Only its short form: the long one holds whole answers.
            let said = error.to_string();
            let said = said.split("\nTo troubleshoot").next().unwrap_or_default();
            let said = redact::tokens(said);
            let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
            lost(&line.chars().take(SHOWN).collect::<String>(), &self.advice())
        })
    }

    /// A credential that has no token yet.
    fn credential(&self, trouble: &ErrorSlot) -> azure_core::Result<Arc<dyn TokenCredential>> {
        let client_options = self.options(trouble);
        Ok(match &self.way {
            Way::Secret { application, secret } => ClientSecretCredential::new(
                &application.tenant,
                application.client.clone(),
                bare(
                    &secret
                        .read()
                        .map_err(|what| told(trouble, lost(&what, &self.advice())))?,
                ),
                Some(ClientSecretCredentialOptions { client_options }),
            )?,
            Way::Certificate { application, file } => ClientAssertionCredential::new(
                application.tenant.clone(),
                application.client.clone(),
                certificate::Signed {
                    file: file.clone(),
                    application: application.clone(),
                    authority: self.authority.clone(),
                    clock: self.clock.clone(),
                    trouble: trouble.clone(),
                },
                Some(ClientAssertionCredentialOptions { client_options }),
            )?,
            Way::Managed(identity) => {
                ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
                    user_assigned_id: identity.clone().map(user_assigned),
                    client_options,
                }))?
            }
            Way::Workload {
                application,
                token_file,
            } => WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options },
                client_id: Some(application.client.clone()),
                tenant_id: Some(application.tenant.clone()),
                token_file_path: Some(token_file.clone()),
            }))?,
            Way::Cli { tenant, subscription } => AzureCliCredential::new(Some(AzureCliCredentialOptions {
                subscription: subscription.clone(),
                tenant_id: tenant.clone(),
                executor: Some(Arc::new(cli::Apart {
                    clock: self.clock.clone(),
                    trouble: trouble.clone(),
                })),
            }))?,
        })
    }

    fn options(&self, trouble: &ErrorSlot) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host = self.authority.to_string();
        ClientOptions {
            // The cache above asks again, for all who wait and with all they wait for in mind.
            retry: RetryOptions::none(),
            transport: Some(Transport::new(Arc::new(wire::Wire {
                exchange: self.exchange.clone(),
                trouble: trouble.clone(),
            }))),
            cloud: Some(Arc::new(CloudConfiguration::from(cloud))),
            ..ClientOptions::default()
        }
    }
}

fn user_assigned(identity: Identity) -> UserAssignedId {
    match identity {
        Identity::Client(id) => UserAssignedId::ClientId(id),
        Identity::Object(id) => UserAssignedId::ObjectId(id),
        Identity::Resource(id) => UserAssignedId::ResourceId(id),
    }
}
