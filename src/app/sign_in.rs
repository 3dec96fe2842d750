//! Token source of the settings' credential, with this process's environment and clock.

use std::sync::Arc;

use crate::{
    app::{clock::SystemClock, startup_error::StartupError},
    domain::credential::CredentialSource,
    service::{
        auth::{Attendance, Prompts, Surroundings, TokenSource, build},
        http::Deferred,
    },
    settings::{Environment, Settings},
};

/// Builds the token source of the settings. It prompts a person by `prompts`.
pub(super) fn source(
    settings: &Settings,
    environment: &Environment,
    prompts: &Prompts,
    attendance: Attendance,
) -> Result<Arc<dyn TokenSource>, StartupError> {
    let credential = settings.credential()?.clone();
    let is_fixed = matches!(credential.source, CredentialSource::Environment { .. });
    let (environment, prompts) = (environment.clone(), prompts.clone());
    let ca_file = settings.ca_file.clone();
    let make = move || {
        build(
            &credential,
            &Surroundings {
                clock: Arc::new(SystemClock),
                prompts: prompts.clone(),
                attendance,
                ca_file: ca_file.as_deref(),
                environment: &|name| environment.secret(name),
            },
        )
    };
    if is_fixed {
        // A static token never changes, so its defect is reported before anything else.
        return Ok(make()?);
    }
    Ok(Arc::new(Deferred::new(make)))
}
