//! Where the token comes from: the settings' credential with this process's environment and clock around it.

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

/// The source of tokens that the settings name. It tells a person what to do by `prompts`.
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
        // It never changes, so what is wrong with it is told before anything is shown or asked.
        return Ok(make()?);
    }
    Ok(Arc::new(Deferred::new(make)))
}
