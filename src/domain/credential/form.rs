//! Flat form of a credential: one table with `kind` and the keys of that kind.
//!
//! A tagged enum would hide the line of a wrong key from a reader of settings files.

use std::{path::PathBuf, time::Duration};

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{CredentialSettings, CredentialSource as Source, Identity, SecretPlace};
use crate::domain::ids::Origin;

macro_rules! form {
    ($($field:ident: $form:ty $(, $with:literal)?;)*) => {
        /// Names of all keys.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Form {
            kind: Kind,
            $(
                #[serde(default, skip_serializing_if = "Option::is_none" $(, with = $with)?)]
                $field: Option<$form>,
            )*
        }

        pub(super) const KEYS: &[&str] = &["kind", $(stringify!($field)),*];

        impl Form {
            const fn of(kind: Kind) -> Self {
                Self { kind, $($field: None,)* }
            }

            /// Returns the first key that is left.
            fn left(&self) -> Option<&'static str> {
                $(if self.$field.is_some() {
                    return Some(stringify!($field));
                })*
                None
            }
        }
    };
}

form! {
    authority: String;
    certificate: PathBuf;
    client: String;
    command: Vec<String>;
    object: String;
    path: PathBuf;
    resource: String;
    scope: String;
    secret_env: String;
    secret_file: PathBuf;
    subscription: String;
    tenant: String;
    timeout: Duration, "duration";
    token_file: PathBuf;
    variable: String;
}

macro_rules! kinds {
    ($($kind:ident = $word:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        enum Kind {
            $(#[serde(rename = $word)] $kind,)*
        }

        pub(super) const KINDS: &[&str] = &[$($word),*];

        impl Kind {
            const fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)*
                }
            }
        }
    };
}

kinds! {
    Environment = "environment",
    File = "file",
    Command = "command",
    ClientSecret = "client-secret",
    ClientCertificate = "client-certificate",
    ManagedIdentity = "managed-identity",
    WorkloadIdentity = "workload-identity",
    AzureCli = "azure-cli",
    DeviceCode = "device-code",
}

impl TryFrom<Form> for CredentialSettings {
    type Error = String;

    fn try_from(mut form: Form) -> Result<Self, String> {
        let source = form.source()?;
        let (authority, scope) = match &source {
            Source::Environment { .. } | Source::File { .. } | Source::Command { .. } => (None, None),
            Source::ManagedIdentity { .. } | Source::AzureCli { .. } => (None, form.scope.take()),
            _ => (form.authority.take(), form.scope.take()),
        };
        if let Some(key) = form.left() {
            return Err(format!(
                "a credential of kind `{}` has no `{key}`",
                form.kind.word()
            ));
        }
        let authority = authority
            .map(|raw| Origin::parse(&raw))
            .transpose()
            .map_err(|error| format!("`authority`: {error}"))?;
        Ok(Self {
            source,
            authority,
            scope,
        })
    }
}

impl Form {
    /// Takes out the keys of its kind.
    fn source(&mut self) -> Result<Source, String> {
        Ok(match self.kind {
            Kind::Environment => Source::Environment {
                variable: self.variable.take(),
            },
            Kind::File => Source::File {
                path: self.need("path", |form| form.path.take())?,
            },
            Kind::Command => Source::Command {
                command: self.need("command", |form| {
                    form.command.take().filter(|words| !words.is_empty())
                })?,
                timeout: self.timeout.take(),
            },
            Kind::ClientSecret => Source::ClientSecret {
                tenant: self.tenant.take(),
                client: self.client.take(),
                secret: self.secret()?,
            },
            Kind::ClientCertificate => Source::ClientCertificate {
                tenant: self.tenant.take(),
                client: self.client.take(),
                certificate: self.need("certificate", |form| form.certificate.take())?,
            },
            Kind::ManagedIdentity => Source::ManagedIdentity {
                identity: self.identity()?,
            },
            Kind::WorkloadIdentity => Source::WorkloadIdentity {
                tenant: self.tenant.take(),
                client: self.client.take(),
                token_file: self.token_file.take(),
            },
            Kind::AzureCli => Source::AzureCli {
                tenant: self.tenant.take(),
                subscription: self.subscription.take(),
            },
            Kind::DeviceCode => Source::DeviceCode {
                tenant: self.tenant.take(),
                client: self.client.take(),
            },
        })
    }

    fn need<T>(&mut self, key: &str, take: impl FnOnce(&mut Self) -> Option<T>) -> Result<T, String> {
        take(self).ok_or_else(|| format!("a credential of kind `{}` needs `{key}`", self.kind.word()))
    }

    fn secret(&mut self) -> Result<Option<SecretPlace>, String> {
        match (self.secret_env.take(), self.secret_file.take()) {
            (Some(_), Some(_)) => {
                Err("the secret is in `secret_env` or in `secret_file`, not in both".into())
            }
            (Some(variable), None) => Ok(Some(SecretPlace::Variable(variable))),
            (None, file) => Ok(file.map(SecretPlace::File)),
        }
    }

    fn identity(&mut self) -> Result<Option<Identity>, String> {
        match (self.client.take(), self.object.take(), self.resource.take()) {
            (None, None, None) => Ok(None),
            (Some(id), None, None) => Ok(Some(Identity::Client(id))),
            (None, Some(id), None) => Ok(Some(Identity::Object(id))),
            (None, None, Some(id)) => Ok(Some(Identity::Resource(id))),
            _ => Err("a managed identity is named by one of `client`, `object` and `resource`".into()),
        }
    }
}

impl From<CredentialSettings> for Form {
    fn from(settings: CredentialSettings) -> Self {
        let mut form = Self::from_source(settings.source);
        form.authority = settings.authority.map(|origin| origin.to_string());
        form.scope = settings.scope;
        form
    }
}

impl Form {
    fn from_source(source: Source) -> Self {
        match source {
            Source::Environment { variable } => Self {
                variable,
                ..Self::of(Kind::Environment)
            },
            Source::File { path } => Self {
                path: Some(path),
                ..Self::of(Kind::File)
            },
            Source::Command { command, timeout } => Self {
                command: Some(command),
                timeout,
                ..Self::of(Kind::Command)
            },
            Source::ClientSecret {
                tenant,
                client,
                secret,
            } => Self {
                client,
                tenant,
                ..Self::with_secret(secret)
            },
            Source::ClientCertificate {
                tenant,
                client,
                certificate,
            } => Self {
                tenant,
                client,
                certificate: Some(certificate),
                ..Self::of(Kind::ClientCertificate)
            },
            Source::ManagedIdentity { identity } => Self::with_identity(identity),
            Source::WorkloadIdentity {
                tenant,
                client,
                token_file,
            } => Self {
                client,
                tenant,
                token_file,
                ..Self::of(Kind::WorkloadIdentity)
            },
            Source::AzureCli { tenant, subscription } => Self {
                subscription,
                tenant,
                ..Self::of(Kind::AzureCli)
            },
            Source::DeviceCode { tenant, client } => Self {
                client,
                tenant,
                ..Self::of(Kind::DeviceCode)
            },
        }
    }

    fn with_secret(secret: Option<SecretPlace>) -> Self {
        let mut form = Self::of(Kind::ClientSecret);
        match secret {
            Some(SecretPlace::Variable(variable)) => form.secret_env = Some(variable),
            Some(SecretPlace::File(path)) => form.secret_file = Some(path),
            None => {}
        }
        form
    }

    fn with_identity(identity: Option<Identity>) -> Self {
        let mut form = Self::of(Kind::ManagedIdentity);
        match identity {
            Some(Identity::Client(id)) => form.client = Some(id),
            Some(Identity::Object(id)) => form.object = Some(id),
            Some(Identity::Resource(id)) => form.resource = Some(id),
            None => {}
        }
        form
    }
}

/// Duration in readable form: `30 s`, `2 minutes`.
mod duration {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer, SignedDuration, de};

    #[expect(clippy::ref_option, reason = "serde asks for it")]
    pub(super) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration
            .and_then(|duration| SignedDuration::try_from(duration).ok())
            .map(|duration| format!("{duration:#}"))
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let raw = String::deserialize(deserializer)?;
        let duration: SignedDuration = raw.parse().map_err(de::Error::custom)?;
        if duration.is_positive() {
            Duration::try_from(duration).map(Some).map_err(de::Error::custom)
        } else {
            Err(de::Error::custom("a time limit is longer than nothing"))
        }
    }
}
