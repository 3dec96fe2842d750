//! Each sign-in method, from its settings to its token, against a sign-in service and programs of the test's own.
//!
//! Every secret here contains `canary`, everything is logged at the finest level, and no readable result, such as a
//! log, a failure, or a `Debug` text, may show it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod application;
#[cfg(unix)]
mod cores;
mod entra;
mod log;
mod outside;
mod person;
mod places;
#[cfg(unix)]
mod terminal;

use std::{path::Path, sync::Arc};

use countermand::{
    domain::{credential::CredentialSettings, text},
    engine::{
        failure::{Class, Failure},
        ports::Clock,
    },
    service::auth::{Attendance, Prompts, Surroundings, TokenSource, build},
};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

/// The real wall clock, for tests on real sockets.
struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Environment of a token source.
pub(crate) struct Around {
    pub(crate) ca: Option<std::path::PathBuf>,
    pub(crate) prompts: Prompts,
    pub(crate) attendance: Attendance,
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Around {
    pub(crate) fn new() -> Self {
        log::begin();
        Self {
            ca: None,
            prompts: Prompts::new(),
            attendance: Attendance::Elsewhere,
            variables: Vec::new(),
        }
    }

    pub(crate) fn trusting(ca: &Path) -> Self {
        Self {
            ca: Some(ca.to_owned()),
            ..Self::new()
        }
    }

    /// Builds the source for `settings`, in TOML.
    pub(crate) fn build(&self, settings: &str) -> Result<Arc<dyn TokenSource>, Failure> {
        let settings: CredentialSettings = toml::from_str(settings).unwrap();
        let find = |name: &str| {
            let found = self.variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| SecretString::from(value.as_str()))
        };
        build(
            &settings,
            &Surroundings {
                clock: Arc::new(Wall),
                prompts: self.prompts.clone(),
                attendance: self.attendance,
                ca_file: self.ca.as_deref(),
                environment: &find,
            },
        )
    }
}

pub(crate) async fn token(source: &Arc<dyn TokenSource>) -> String {
    source.token().await.unwrap().expose_secret().to_owned()
}

/// Returns the failure to get a token, after checking that it is safe to show.
pub(crate) async fn failure(source: &Arc<dyn TokenSource>) -> Failure {
    let failure = source.token().await.map(drop).unwrap_err();
    checked(&failure);
    assert_eq!(failure.class, Class::SignIn);
    failure
}

pub(crate) fn checked(failure: &Failure) {
    let shown = format!("{failure} {failure:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.chars().any(text::is_unsafe), "{shown}");
    assert!(!failure.advice.is_empty(), "{shown}");
}
