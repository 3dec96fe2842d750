//! Construction of a token source from settings. Sends no request and reads no file.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use azure_identity::{
    ClientAssertionCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use secrecy::ExposeSecret as _;

use super::{
    StaticToken, TokenSource,
    azure::{Azure, Make},
    cached::Cached,
    certificate::Assertion,
    command::TokenCommand,
    device_code::DeviceCode,
    http::{Http, Route},
    issuer::Issuer,
    surroundings::{Application, Secret, Surroundings},
    token_file::TokenFile,
};
use crate::{
    domain::{
        credential::{CredentialSettings, CredentialSource as Source, Identity},
        ids::Origin,
    },
    engine::{failure::Failure, ports::Clock},
};

/// Scope of the marketplace's API.
const SCOPE: &str = "https://cloudpartner.azure.com/.default";
/// Client id of the Azure CLI, which every tenant knows.
const CLIENT: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
/// Tenant of any organization that the person belongs to.
const TENANT: &str = "organizations";

const SECRET: &str =
    "check the tenant, the client and its secret, and that the application is a user in Partner Center";
const CERTIFICATE: &str = "check the tenant, the client and its certificate, which is given in a PEM file (mode 600) with its \
     unencrypted RSA key (from a PFX: `openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem`), and that the application is a user \
     in Partner Center";
const POD: &str = "check the pod's service account and its federated credential in Entra";
/// Fallback for managed identities other than virtual machines and App Service, the only kinds that `azure_identity`
/// supports.
const MACHINE: &str = "assign an identity to the virtual machine or the App Service, and add it in Partner Center; anywhere \
     else, as with Azure Arc, let a command get the token, for example after `az login --identity`: credential = { kind = \
     \"command\", command = [\"az\", \"account\", \"get-access-token\", \"--resource\", \"https://cloudpartner.azure.com\"] }";

/// Builds the token source for `settings`.
///
/// # Errors
/// Names the missing setting and where to give it; [`Class::SignIn`](crate::engine::failure::Class::SignIn), or the
/// class of unusable certificates.
pub fn build(
    settings: &CredentialSettings,
    surroundings: &Surroundings<'_>,
) -> Result<Arc<dyn TokenSource>, Failure> {
    let clock = surroundings.clock.clone();
    let issuer: Box<dyn Issuer> = match &settings.source {
        Source::Environment { variable } => {
            let variable = variable.as_deref().unwrap_or(StaticToken::VARIABLE);
            return Ok(Arc::new(surroundings.token(variable)?));
        }
        Source::File { path } => Box::new(TokenFile::new(path)),
        Source::Command { command, timeout } => Box::new(TokenCommand::new(command, *timeout, clock)?),
        Source::AzureCli { tenant, subscription } => {
            let (tenant, subscription) = (tenant.as_deref(), subscription.as_deref());
            Box::new(TokenCommand::azure_cli(
                &scope(settings),
                tenant,
                subscription,
                clock,
            ))
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
                clock,
                surroundings.prompts.clone(),
            )?)
        }
        Source::ClientSecret {
            tenant,
            client,
            secret,
        } => {
            let application = surroundings.application(tenant.as_deref(), client.as_deref())?;
            let secret = surroundings.secret(secret.as_ref())?;
            entra(settings, surroundings, client_secret(application, secret), SECRET)?
        }
        Source::ClientCertificate {
            tenant,
            client,
            certificate,
        } => {
            let application = surroundings.application(tenant.as_deref(), client.as_deref())?;
            let authority = surroundings.authority(settings)?;
            let make = client_certificate(application, certificate.clone(), authority, clock);
            entra(settings, surroundings, make, CERTIFICATE)?
        }
        Source::WorkloadIdentity {
            tenant,
            client,
            token_file,
        } => {
            let application = surroundings.application(tenant.as_deref(), client.as_deref())?;
            let file = token_file.as_deref().and_then(Path::to_str);
            let file = surroundings.needed(file, "AZURE_FEDERATED_TOKEN_FILE", "token_file")?;
            entra(
                settings,
                surroundings,
                workload_identity(application, file.into()),
                POD,
            )?
        }
        Source::ManagedIdentity { identity } => Box::new(Azure {
            make: managed_identity(identity.clone()),
            authority: None,
            scope: scope(settings),
            // A proxy would resolve the machine's own service address to something else.
            exchange: Arc::new(Http::new(None, Route::Direct)?),
            advice: MACHINE,
        }),
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

/// Builds the issuer for an application that proves itself to Entra.
fn entra(
    settings: &CredentialSettings,
    surroundings: &Surroundings<'_>,
    make: Make,
    advice: &'static str,
) -> Result<Box<dyn Issuer>, Failure> {
    let authority = surroundings.authority(settings)?;
    Ok(Box::new(Azure {
        make,
        scope: scope(settings),
        exchange: surroundings.exchange(&authority)?,
        authority: Some(authority),
        advice,
    }))
}

fn client_secret(Application { tenant, client }: Application, secret: Secret) -> Make {
    Box::new(move |client_options| {
        // A file may end in a line break.
        let secret = secret()?.expose_secret().trim().to_owned();
        let options = ClientSecretCredentialOptions { client_options };
        Ok(ClientSecretCredential::new(
            &tenant,
            client.clone(),
            secret.into(),
            Some(options),
        )?)
    })
}

fn client_certificate(
    Application { tenant, client }: Application,
    file: PathBuf,
    authority: Origin,
    clock: Arc<dyn Clock>,
) -> Make {
    Box::new(move |client_options| {
        let assertion = Assertion::new(&file, &authority, &tenant, &client, clock.now())?;
        let options = ClientAssertionCredentialOptions { client_options };
        Ok(ClientAssertionCredential::new(
            tenant.clone(),
            client.clone(),
            assertion,
            Some(options),
        )?)
    })
}

fn workload_identity(Application { tenant, client }: Application, token_file: PathBuf) -> Make {
    Box::new(move |client_options| {
        Ok(WorkloadIdentityCredential::new(Some(
            WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options },
                client_id: Some(client.clone()),
                tenant_id: Some(tenant.clone()),
                token_file_path: Some(token_file.clone()),
            },
        ))?)
    })
}

fn managed_identity(identity: Option<Identity>) -> Make {
    let user_assigned = |identity| match identity {
        Identity::Client(id) => UserAssignedId::ClientId(id),
        Identity::Object(id) => UserAssignedId::ObjectId(id),
        Identity::Resource(id) => UserAssignedId::ResourceId(id),
    };
    Box::new(move |client_options| {
        Ok(ManagedIdentityCredential::new(Some(
            ManagedIdentityCredentialOptions {
                user_assigned_id: identity.clone().map(user_assigned),
                client_options,
            },
        ))?)
    })
}
