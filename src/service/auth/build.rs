//! From what the settings say to a source of tokens. Asks nobody for a token yet, and reads no file.

use std::{path::Path, sync::Arc};

use secrecy::{ExposeSecret, SecretString};

use super::{
    StaticToken, TokenSource,
    azure::{Application, Azure, Secret, Way},
    cached::{Attendance, Cached},
    command::TokenCommand,
    device_code::DeviceCode,
    http::{Http, Route},
    issuer::{Issuer, lost},
    prompt::Prompts,
    token_file::TokenFile,
};
use crate::{
    domain::{
        credential::{CredentialSettings, CredentialSource as Source, SecretPlace},
        ids::Origin,
        variable::bare,
    },
    engine::{failure::Failure, ports::Clock},
    service::http::transport::is_loopback,
};

/// Entra of the public cloud.
const AUTHORITY: &str = "https://login.microsoftonline.com";
/// What the marketplace's API asks for.
const SCOPE: &str = "https://cloudpartner.azure.com/.default";
/// The application that the Azure CLI signs people in with, which every tenant knows.
const CLIENT: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
/// Any organisation that the person belongs to.
const TENANT: &str = "organizations";

/// What a source of tokens needs besides its settings.
pub struct Surroundings<'a> {
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Where a person is told what to do.
    pub prompts: Prompts,
    /// Whether a request waits for that person.
    pub attendance: Attendance,
    /// Certificates (PEM) to trust besides those of the platform.
    pub ca_file: Option<&'a Path>,
    /// Looks up an environment variable; one that is empty is as good as absent.
    pub environment: &'a (dyn Fn(&str) -> Option<SecretString> + Sync),
}

/// Makes a source of tokens of `settings`.
///
/// # Errors
/// What is missing, and where it can be given; [`Class::SignIn`](crate::engine::failure::Class::SignIn), or that of
/// certificates that cannot be used.
pub fn build(
    settings: &CredentialSettings,
    surroundings: &Surroundings<'_>,
) -> Result<Arc<dyn TokenSource>, Failure> {
    let issuer: Box<dyn Issuer> = match &settings.source {
        Source::Environment { variable } => {
            let variable = variable.as_deref().unwrap_or(StaticToken::VARIABLE);
            return Ok(Arc::new(surroundings.token(variable)?));
        }
        Source::File { path } => Box::new(TokenFile::new(path)),
        Source::Command { command, timeout } => {
            Box::new(TokenCommand::new(command, *timeout, surroundings.clock.clone())?)
        }
        Source::DeviceCode { tenant, client } => {
            let tenant = surroundings.known(tenant.as_deref(), "AZURE_TENANT_ID");
            let authority = surroundings.authority(settings)?;
            Box::new(DeviceCode::new(
                &authority,
                tenant.as_deref().unwrap_or(TENANT),
                client.as_deref().unwrap_or(CLIENT),
                scope(settings),
                surroundings.exchange(&authority)?,
                surroundings.clock.clone(),
                surroundings.prompts.clone(),
            )?)
        }
        source => Box::new(surroundings.azure(settings, source)?),
    };
    Ok(Arc::new(Cached::new(
        issuer,
        surroundings.clock.clone(),
        surroundings.prompts.clone(),
        surroundings.attendance,
    )))
}

fn scope(settings: &CredentialSettings) -> String {
    settings.scope.clone().unwrap_or_else(|| SCOPE.to_owned())
}

impl Surroundings<'_> {
    fn azure(&self, settings: &CredentialSettings, source: &Source) -> Result<Azure, Failure> {
        let authority = self.authority(settings)?;
        let way = match source {
            Source::ClientSecret {
                tenant,
                client,
                secret,
            } => Way::Secret {
                application: self.application(tenant.as_deref(), client.as_deref())?,
                secret: self.secret(secret.as_ref())?,
            },
            Source::ClientCertificate {
                tenant,
                client,
                certificate,
            } => Way::Certificate {
                application: self.application(tenant.as_deref(), client.as_deref())?,
                file: certificate.clone(),
            },
            Source::WorkloadIdentity {
                tenant,
                client,
                token_file,
            } => Way::Workload {
                application: self.application(tenant.as_deref(), client.as_deref())?,
                token_file: self
                    .needed(
                        token_file.as_deref().and_then(Path::to_str),
                        "AZURE_FEDERATED_TOKEN_FILE",
                        "token_file",
                    )?
                    .into(),
            },
            Source::AzureCli { tenant, subscription } => Way::Cli {
                tenant: tenant.clone(),
                subscription: subscription.clone(),
            },
            Source::ManagedIdentity { identity } => Way::Managed(identity.clone()),
            _ => return Err(lost("this credential is none of Azure's", "report this")),
        };
        let exchange = if matches!(way, Way::Managed(_)) {
            // The address of the machine's own service means something else to a proxy.
            Arc::new(Http::new(None, Route::Direct)?)
        } else {
            self.exchange(&authority)?
        };
        Ok(Azure {
            way,
            authority,
            scope: scope(settings),
            exchange,
            clock: self.clock.clone(),
        })
    }

    fn token(&self, variable: &str) -> Result<StaticToken, Failure> {
        let token = self.variable(variable).ok_or_else(|| {
            lost(
                &format!("{variable} holds no token"),
                "set it, or give the profile another credential, such as device-code or azure-cli",
            )
        })?;
        StaticToken::of_variable(variable, &token)
    }

    fn application(&self, tenant: Option<&str>, client: Option<&str>) -> Result<Application, Failure> {
        Ok(Application {
            tenant: self.needed(tenant, "AZURE_TENANT_ID", "tenant")?,
            client: self.needed(client, "AZURE_CLIENT_ID", "client")?,
        })
    }

    fn secret(&self, place: Option<&SecretPlace>) -> Result<Secret, Failure> {
        let variable = match place {
            Some(SecretPlace::File(path)) => return Ok(Secret::File(path.clone())),
            Some(SecretPlace::Variable(variable)) => variable,
            None => "AZURE_CLIENT_SECRET",
        };
        self.variable(variable).map(Secret::Held).ok_or_else(|| {
            lost(
                &format!("{variable} holds no client secret"),
                "set it, or name another variable in `secret_env` or a file in `secret_file`",
            )
        })
    }

    fn authority(&self, settings: &CredentialSettings) -> Result<Origin, Failure> {
        if let Some(authority) = &settings.authority {
            return Ok(authority.clone());
        }
        let named = self.known(None, "AZURE_AUTHORITY_HOST");
        Origin::parse(named.as_deref().unwrap_or(AUTHORITY)).map_err(|error| {
            lost(
                &format!("AZURE_AUTHORITY_HOST is no authority: {error}"),
                "correct it, or set `authority` in the settings",
            )
        })
    }

    fn exchange(&self, authority: &Origin) -> Result<Arc<Http>, Failure> {
        let route = if is_loopback(authority) {
            Route::Direct
        } else {
            Route::Usual
        };
        Http::new(self.ca_file, route).map(Arc::new)
    }

    fn needed(&self, given: Option<&str>, variable: &str, key: &str) -> Result<String, Failure> {
        self.known(given, variable).ok_or_else(|| {
            lost(
                &format!("the credential has no `{key}`"),
                &format!("set `{key}` in the settings, or {variable}"),
            )
        })
    }

    /// What was given, or what a variable says that holds no secret.
    fn known(&self, given: Option<&str>, variable: &str) -> Option<String> {
        given.map(|given| bare(given).to_owned()).or_else(|| {
            self.variable(variable)
                .map(|value| bare(value.expose_secret()).to_owned())
        })
    }

    fn variable(&self, name: &str) -> Option<SecretString> {
        (self.environment)(name).filter(|value| !value.expose_secret().trim().is_empty())
    }
}
