//! A session at a service: its sign-in, and the dependencies of an engine there. Nothing is opened or requested yet.
//!
//! Must not know its face, nor whether the service is the marketplace or the simulator.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    app::{clock::SystemClock, log, owner::owner, sign_in, startup_error::StartupError},
    domain::{
        confirmation::Address,
        ids::{Origin, PublisherId},
        text::SafeText,
        verdict::Exit,
    },
    engine::{
        EngineDeps, PollIntervals,
        ports::{Canceller, Catalogue, Journal, JournalFailure},
    },
    files::custody::{self, Refused},
    journal::SqliteJournal,
    service::{
        auth::{Attendance, Prompts, TokenSource},
        cpp::{Client, MEANING, Sender},
        diagnose::Proxies,
        http::ClientOptions,
    },
    settings::{Environment, ReadOnly, Settings, SettingsError},
};

/// A service, with its sign-in and options.
pub(super) struct Session<'a> {
    pub(super) profile: SafeText,
    pub(super) origin: Origin,
    /// Publisher; none if the service has to be queried for it.
    pub(super) publisher: Option<PublisherId>,
    pub(super) token: Arc<dyn TokenSource>,
    /// Slot for the sign-in prompts of that source.
    pub(super) prompts: Prompts,
    pub(super) ca_file: Option<PathBuf>,
    /// Reason why cancels are disabled; none if they are enabled.
    pub(super) read_only: Option<ReadOnly>,
    /// Default recipients of notifications.
    pub(super) notify: Vec<Address>,
    /// Time for which a cancellation is followed.
    pub(super) timeout: Duration,
    pub(super) poll_intervals: PollIntervals,
    pub(super) environment: &'a Environment,
}

impl<'a> Session<'a> {
    /// Opens the session that `settings` describe, for a face that waits for a person's sign-in, or does not.
    pub(super) fn open(
        settings: &Settings,
        environment: &'a Environment,
        attendance: Attendance,
    ) -> Result<Self, StartupError> {
        Proxies::read(|name| environment.secret(name))
            .map_err(|misread| StartupError::new(misread.to_string(), Exit::Usage))?;
        if let Some(misread) = log::misread(environment) {
            return Err(StartupError::new(misread, Exit::Usage));
        }
        settings.trusts_only_its_own()?;
        let prompts = Prompts::new();
        let token = sign_in::source(settings, environment, &prompts, attendance)?;
        Ok(Self {
            profile: settings.profile.value.clone(),
            origin: settings.origin.value.clone(),
            publisher: settings.publisher.as_ref().map(|named| named.value.clone()),
            token,
            prompts,
            ca_file: settings.ca_file.clone(),
            read_only: settings.read_only,
            notify: settings.notify.clone(),
            timeout: settings.timeout,
            poll_intervals: settings.poll_intervals.clone(),
            environment,
        })
    }

    /// Returns the dependencies of an engine for `publisher`.
    pub(super) fn engine_deps(&self, publisher: &PublisherId, journal: Arc<dyn Journal>) -> EngineDeps {
        EngineDeps {
            origin: self.origin.clone(),
            publisher: publisher.clone(),
            profile: self.profile.clone(),
            owner: owner(self.environment),
            catalogue: self.catalogue(),
            canceller: self.read_only.is_none().then(|| self.canceller()),
            journal,
            clock: Arc::new(SystemClock),
            poll_intervals: self.poll_intervals.clone(),
        }
    }

    /// Returns the reading half alone.
    pub(super) fn catalogue(&self) -> Arc<dyn Catalogue> {
        Arc::new(Client::deferred(&self.client_options()))
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::new(Sender::deferred(&self.client_options()))
    }

    fn client_options(&self) -> ClientOptions {
        ClientOptions {
            ca_file: self.ca_file.clone(),
            clock: Some(Arc::new(SystemClock)),
            ..ClientOptions::new(self.origin.clone(), Arc::clone(&self.token))
        }
    }
}

/// Returns the journal of this machine; without a folder for it every call fails, and nothing is sent.
///
/// # Errors
///
/// When others can write to that folder: its content decides which processes to wait for, and which cancels exist.
pub(super) fn journal(environment: &Environment) -> Result<Arc<dyn Journal>, StartupError> {
    if let Some(places) = &environment.places
        && let Err(refused @ Refused::Exposed(_)) = custody::folder(&places.state)
    {
        return Err(SettingsError::refused(&refused, &places.state).into());
    }
    let nowhere = "there is no folder for it, because this user has no home; set HOME";
    Ok(Arc::new(match &environment.places {
        Some(places) => SqliteJournal::deferred(&places.journal(), MEANING),
        None => SqliteJournal::nowhere(JournalFailure(nowhere.into()), MEANING),
    }))
}
