//! The settings of one profile, each with where it comes from where somebody asks for that.

use std::{path::PathBuf, time::Duration};

use crate::{
    domain::{
        confirmation::Address,
        credential::CredentialSettings,
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    engine::PollIntervals,
    settings::{
        appearance::Appearance, error::SettingsError, paths::Places, read_only::ReadOnly, source::WithSource,
    },
};

/// Every setting of a profile.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile's name; `default` where the file has none.
    pub profile: WithSource<SafeText>,
    /// The service.
    pub origin: WithSource<Origin>,
    /// The publisher, where one is named; see [`Settings::publisher`].
    pub publisher: Option<WithSource<PublisherId>>,
    /// Where the token comes from, where anything says so; see [`Settings::credential`].
    pub credential: Result<WithSource<CredentialSettings>, SettingsError>,
    /// Why nothing may be cancelled; none when it may.
    pub read_only: Option<ReadOnly>,
    /// Who is mailed by default.
    pub notify: Vec<Address>,
    /// How long a cancellation is followed.
    pub timeout: Duration,
    /// How often the service is asked.
    pub poll_intervals: PollIntervals,
    /// Lines of text instead of a screen, in ASCII alone.
    pub plain: bool,
    /// Draw rarely.
    pub low_bandwidth: bool,
    /// How the dashboard looks, sounds and is worked.
    pub appearance: Appearance,
    /// More certificates to trust, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Where to write the log; a file a day in the state folder where nothing is said.
    pub log_file: Option<PathBuf>,
    /// Where this person's files lie.
    pub places: Option<Places>,
}

impl Settings {
    /// Whether a flag or the environment wants that nothing is cancelled, at any profile.
    #[must_use]
    pub fn is_read_only_everywhere(&self) -> bool {
        self.read_only == Some(ReadOnly::Everywhere)
    }

    /// The publisher.
    ///
    /// # Errors
    /// [`SettingsError::NoPublisher`].
    pub fn publisher(&self) -> Result<&PublisherId, SettingsError> {
        self.publisher
            .as_ref()
            .map(|sourced| &sourced.value)
            .ok_or(SettingsError::NoPublisher)
    }

    /// Where the token comes from. No secret is in it.
    ///
    /// # Errors
    /// [`SettingsError::NoCredential`].
    pub fn credential(&self) -> Result<&CredentialSettings, SettingsError> {
        match &self.credential {
            Ok(sourced) => Ok(&sourced.value),
            Err(error) => Err(error.clone()),
        }
    }
}
