//! Where a token comes from, as settings say it. A secret is named here by its variable or file, and never held.
//!
//! It stands in the domain because the settings read it and the marketplace acts on it, and neither knows the other.

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

/// A way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct CredentialSettings {
    /// Who gives the token.
    pub source: CredentialSource,
    /// Where Entra is asked; `None` for the public cloud.
    pub authority: Option<Origin>,
    /// What the token is for; `None` for the marketplace's own.
    pub scope: Option<String>,
}

/// Who gives a token. What is `None` is looked for where Azure's own tools look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// An environment variable, by default `COUNTERMAND_TOKEN`; read once.
    Environment {
        /// The variable.
        variable: Option<String>,
    },
    /// A file that holds the token alone and that its owner alone can read.
    File {
        /// The file.
        path: PathBuf,
    },
    /// A command that prints the token, alone or in JSON.
    Command {
        /// The program and its arguments; no shell reads them.
        command: Vec<String>,
        /// How long it may take.
        timeout: Option<Duration>,
    },
    /// An application with a client secret.
    ClientSecret {
        /// The tenant, by default of `AZURE_TENANT_ID`.
        tenant: Option<String>,
        /// The application, by default of `AZURE_CLIENT_ID`.
        client: Option<String>,
        /// Where the secret is, by default in `AZURE_CLIENT_SECRET`.
        secret: Option<SecretPlace>,
    },
    /// An application with a certificate.
    ClientCertificate {
        /// The tenant, by default of `AZURE_TENANT_ID`.
        tenant: Option<String>,
        /// The application, by default of `AZURE_CLIENT_ID`.
        client: Option<String>,
        /// A PEM file with the certificate and its RSA key.
        certificate: PathBuf,
    },
    /// The identity of the Azure machine or service that this runs on.
    ManagedIdentity {
        /// Which, where there are several; by default the machine's own.
        identity: Option<Identity>,
    },
    /// The identity of a Kubernetes pod.
    WorkloadIdentity {
        /// The tenant, by default of `AZURE_TENANT_ID`.
        tenant: Option<String>,
        /// The application, by default of `AZURE_CLIENT_ID`.
        client: Option<String>,
        /// The file of the pod's own token, by default of `AZURE_FEDERATED_TOKEN_FILE`.
        token_file: Option<PathBuf>,
    },
    /// Whoever `az login` signed in.
    AzureCli {
        /// The tenant, by default that of the account.
        tenant: Option<String>,
        /// The subscription, by default that of the account.
        subscription: Option<String>,
    },
    /// A person, who types a code into a browser anywhere.
    DeviceCode {
        /// The tenant, by default of `AZURE_TENANT_ID`, else any organisation.
        tenant: Option<String>,
        /// The application, by default the one of the Azure CLI.
        client: Option<String>,
    },
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// In this environment variable.
    Variable(String),
    /// In this file, which its owner alone can read.
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
    /// Every key that settings of this kind may have, for who looks for the nearest right name.
    pub const KEYS: &[&str] = form::KEYS;
    /// Every word that `kind` may be.
    pub const KINDS: &[&str] = form::KINDS;

    /// Puts every path in it where `place` says that it leads; a program that is found by its name stays one.
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
