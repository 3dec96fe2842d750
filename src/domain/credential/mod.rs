//! Source of a token, as configured. A secret is named here by its variable or file, and never held.
//!
//! Part of the domain because the settings read it and the service acts on it, and neither knows the other.

mod form;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::domain::ids::Origin;
use form::Form;

/// A sign-in method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct CredentialSettings {
    /// Issuer of the token.
    pub source: CredentialSource,
    /// Authority at Entra; `None` for the public cloud.
    pub authority: Option<Origin>,
    /// Scope of the token; `None` for the marketplace's own.
    pub scope: Option<String>,
}

/// Issuer of a token. A value of `None` is searched where Azure's own tools search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// An environment variable, by default `COUNTERMAND_TOKEN`; read once.
    Environment {
        /// Name of the variable.
        variable: Option<String>,
    },
    /// A private file with the token alone.
    File {
        /// Path of the file.
        path: PathBuf,
    },
    /// A command that prints the token, alone or in JSON.
    Command {
        /// Program and arguments, run without a shell.
        command: Vec<String>,
        /// Time limit.
        timeout: Option<Duration>,
    },
    /// An application with a client secret.
    ClientSecret {
        /// Tenant, by default from `AZURE_TENANT_ID`.
        tenant: Option<String>,
        /// Application, by default from `AZURE_CLIENT_ID`.
        client: Option<String>,
        /// Place of the secret, by default `AZURE_CLIENT_SECRET`.
        secret: Option<SecretPlace>,
    },
    /// An application with a certificate.
    ClientCertificate {
        /// Tenant, by default from `AZURE_TENANT_ID`.
        tenant: Option<String>,
        /// Application, by default from `AZURE_CLIENT_ID`.
        client: Option<String>,
        /// PEM file with the certificate and its RSA key.
        certificate: PathBuf,
    },
    /// The identity of this Azure machine or service.
    ManagedIdentity {
        /// Identity among several; by default the machine's own.
        identity: Option<Identity>,
    },
    /// The identity of a Kubernetes pod.
    WorkloadIdentity {
        /// Tenant, by default from `AZURE_TENANT_ID`.
        tenant: Option<String>,
        /// Application, by default from `AZURE_CLIENT_ID`.
        client: Option<String>,
        /// File of the pod's own token, by default from `AZURE_FEDERATED_TOKEN_FILE`.
        token_file: Option<PathBuf>,
    },
    /// The account signed in by `az login`.
    AzureCli {
        /// Tenant, by default the account's.
        tenant: Option<String>,
        /// Subscription, by default the account's.
        subscription: Option<String>,
    },
    /// A person with a device code and a browser on any machine.
    DeviceCode {
        /// Tenant, by default from `AZURE_TENANT_ID`, else any organization.
        tenant: Option<String>,
        /// Application, by default the one of the Azure CLI.
        client: Option<String>,
    },
}

/// Place of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// In this environment variable.
    Variable(String),
    /// In this private file.
    File(PathBuf),
}

/// A managed identity among several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// By its client id.
    Client(String),
    /// By its object id.
    Object(String),
    /// By its Azure resource id.
    Resource(String),
}

impl CredentialSettings {
    /// Valid keys of each kind, for suggesting the nearest one.
    pub const KEYS: &[&str] = form::KEYS;
    /// Valid words of `kind`.
    pub const KINDS: &[&str] = form::KINDS;

    /// Resolves every path in it by `place`; a program that is found by its name stays one.
    pub fn locate(&mut self, place: impl Fn(&Path) -> PathBuf) {
        match &mut self.source {
            CredentialSource::File { path: file }
            | CredentialSource::ClientCertificate {
                certificate: file, ..
            }
            | CredentialSource::WorkloadIdentity {
                token_file: Some(file),
                ..
            }
            | CredentialSource::ClientSecret {
                secret: Some(SecretPlace::File(file)),
                ..
            } => *file = place(file),
            CredentialSource::Command { command, .. } => {
                if let Some(program) = command.first_mut().filter(|program| program.contains('/')) {
                    *program = place(Path::new(program)).to_string_lossy().into_owned();
                }
            }
            _ => {}
        }
    }
}

impl Default for CredentialSettings {
    fn default() -> Self {
        CredentialSource::Environment { variable: None }.into()
    }
}

impl From<CredentialSource> for CredentialSettings {
    fn from(source: CredentialSource) -> Self {
        Self {
            source,
            authority: None,
            scope: None,
        }
    }
}
