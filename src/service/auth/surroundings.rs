//! Dependencies of a token source besides its settings: environment, clock, prompt, HTTP.

use std::{path::Path, sync::Arc};

use secrecy::{ExposeSecret, SecretString};

use super::{
    StaticToken,
    cached::Attendance,
    http::{Http, Route},
    issuer::lost,
    prompt::Prompts,
    secret_file,
};
use crate::{
    domain::{
        credential::{CredentialSettings, SecretPlace},
        ids::Origin,
        variable::bare,
    },
    engine::{failure::Failure, ports::Clock},
    service::http::transport::is_loopback,
};

/// Entra of the public cloud.
const AUTHORITY: &str = "https://login.microsoftonline.com";

/// Dependencies of a token source besides its settings.
pub struct Surroundings<'a> {
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Slot for prompts to a person.
    pub prompts: Prompts,
    /// Whether a request waits for that person.
    pub attendance: Attendance,
    /// Certificates (PEM) to trust besides those of the platform.
    pub ca_file: Option<&'a Path>,
    /// Looks up an environment variable; an empty one counts as absent.
    pub environment: &'a (dyn Fn(&str) -> Option<SecretString> + Sync),
}

/// An application of a tenant.
pub(super) struct Application {
    pub(super) tenant: String,
    pub(super) client: String,
}

/// Reads the current secret.
pub(super) type Secret = Box<dyn Fn() -> Result<SecretString, String> + Send + Sync>;

impl Surroundings<'_> {
    pub(super) fn token(&self, variable: &str) -> Result<StaticToken, Failure> {
        let token = self.variable(variable).ok_or_else(|| {
            lost(
                &format!("{variable} holds no token"),
                "set it, or give the profile another credential, such as device-code or azure-cli",
            )
        })?;
        StaticToken::of_variable(variable, &token)
    }

    pub(super) fn application(
        &self,
        tenant: Option<&str>,
        client: Option<&str>,
    ) -> Result<Application, Failure> {
        Ok(Application {
            tenant: self.needed(tenant, "AZURE_TENANT_ID", "tenant")?,
            client: self.needed(client, "AZURE_CLIENT_ID", "client")?,
        })
    }

    /// Returns the client secret at `place`; a file is read on each use.
    pub(super) fn secret(&self, place: Option<&SecretPlace>) -> Result<Secret, Failure> {
        let variable = match place {
            Some(SecretPlace::File(path)) => {
                let path = path.clone();
                return Ok(Box::new(move || secret_file::read(&path)));
            }
            Some(SecretPlace::Variable(variable)) => variable,
            None => "AZURE_CLIENT_SECRET",
        };
        let secret = self.variable(variable).ok_or_else(|| {
            lost(
                &format!("{variable} holds no client secret"),
                "set it, or name another variable in `secret_env` or a file in `secret_file`",
            )
        })?;
        Ok(Box::new(move || Ok(secret.clone())))
    }

    /// Returns the address of Entra in the configured cloud.
    pub(super) fn authority(&self, settings: &CredentialSettings) -> Result<Origin, Failure> {
        if let Some(authority) = &settings.authority {
            return Ok(authority.clone());
        }
        let named = self.known(None, "AZURE_AUTHORITY_HOST");
        let named = named.as_deref().unwrap_or(AUTHORITY);
        // Azure's tools accept a bare host as well.
        let url = if named.contains("://") {
            named.to_owned()
        } else {
            format!("https://{named}")
        };
        Origin::parse(&url).map_err(|error| {
            lost(
                &format!("AZURE_AUTHORITY_HOST is `{named}`, which is no authority: {error}"),
                "give the host of Entra alone, such as login.microsoftonline.us, or unset it; or set `authority` in the settings",
            )
        })
    }

    pub(super) fn exchange(&self, authority: &Origin) -> Result<Arc<Http>, Failure> {
        let route = if is_loopback(authority) {
            Route::Direct
        } else {
            Route::Usual
        };
        Http::new(self.ca_file, route).map(Arc::new)
    }

    pub(super) fn needed(&self, given: Option<&str>, variable: &str, key: &str) -> Result<String, Failure> {
        self.known(given, variable).ok_or_else(|| {
            lost(
                &format!("the credential has no `{key}`"),
                &format!("set `{key}` in the settings, or {variable}"),
            )
        })
    }

    /// Returns the given value, or that of a variable without a secret.
    pub(super) fn known(&self, given: Option<&str>, variable: &str) -> Option<String> {
        given.map(|given| bare(given).to_owned()).or_else(|| {
            self.variable(variable)
                .map(|value| bare(value.expose_secret()).to_owned())
        })
    }

    fn variable(&self, name: &str) -> Option<SecretString> {
        (self.environment)(name).filter(|value| !value.expose_secret().trim().is_empty())
    }
}
