//! The engine's parts for a service: the client, the sender, the journal.

use std::{path::PathBuf, sync::Arc};

use crate::{
    app::{StartupError, clock::SystemClock, deferred::Deferred, owner::owner},
    domain::{
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    engine::{
        Parts, PollIntervals,
        ports::{Canceller, Catalogue, Journal, JournalFailure},
    },
    files::custody::{self, Refused},
    journal::SqliteJournal,
    service::{
        auth::{Prompts, TokenSource},
        cpp::{Client, Sender},
        http::ClientOptions,
    },
    settings::{Environment, SettingsError},
};

/// A service, and how it is reached.
pub(super) struct Service {
    pub(super) profile: SafeText,
    pub(super) origin: Origin,
    pub(super) token: Arc<dyn TokenSource>,
    /// Where that source tells a person what to do.
    pub(super) prompts: Prompts,
    pub(super) ca_file: Option<PathBuf>,
    /// Without a way to send.
    pub(super) read_only: bool,
    /// How often it is asked.
    pub(super) poll_intervals: PollIntervals,
}

impl Service {
    /// The parts of an engine for a publisher at this service. Nothing is opened or asked yet.
    pub(super) fn parts(
        &self,
        publisher: &PublisherId,
        journal: Arc<dyn Journal>,
        environment: &Environment,
    ) -> Parts {
        Parts {
            origin: self.origin.clone(),
            publisher: publisher.clone(),
            profile: self.profile.clone(),
            owner: owner(environment),
            catalogue: self.catalogue(),
            canceller: (!self.read_only).then(|| self.canceller()),
            journal,
            clock: Arc::new(SystemClock),
            poll_intervals: self.poll_intervals.clone(),
        }
    }

    /// The reading half alone.
    pub(super) fn catalogue(&self) -> Arc<dyn Catalogue> {
        let options = self.options();
        Arc::new(Deferred::new(move || Client::new(&options)))
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        let options = self.options();
        Arc::new(Deferred::new(move || Sender::new(&options)))
    }

    fn options(&self) -> ClientOptions {
        ClientOptions {
            ca_file: self.ca_file.clone(),
            clock: Some(Arc::new(SystemClock)),
            ..ClientOptions::new(self.origin.clone(), Arc::clone(&self.token))
        }
    }
}

/// The journal of this machine; without a folder for it every call says so, and nothing is sent.
///
/// # Errors
/// When somebody else can write to that folder: what lies in it tells whom to wait for, and what was asked for.
pub(super) fn journal(environment: &Environment) -> Result<Arc<dyn Journal>, StartupError> {
    if let Some(places) = &environment.places
        && let Err(refused @ Refused::Exposed(_)) = custody::folder(&places.state)
    {
        return Err(SettingsError::refused(&refused, &places.state).into());
    }
    let path = environment.places.as_ref().map(crate::settings::Places::journal);
    Ok(Arc::new(Deferred::new(move || match &path {
        Some(path) => SqliteJournal::open(path),
        None => Err(JournalFailure(
            "there is no folder for it, because this user has no home; set HOME".into(),
        )),
    })))
}
