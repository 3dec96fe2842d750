//! Settings of one profile, with their sources where needed.

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

/// All settings of a profile.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the profile; `default` if the file has none.
    pub profile: WithSource<SafeText>,
    /// Service.
    pub origin: WithSource<Origin>,
    /// Publisher, if named; see [`Settings::publisher`].
    pub publisher: Option<WithSource<PublisherId>>,
    /// Source of the token, if configured; see [`Settings::credential`].
    pub credential: Result<WithSource<CredentialSettings>, SettingsError>,
    /// Reason for being read-only; none if cancels are enabled.
    pub read_only: Option<ReadOnly>,
    /// Default recipients of notifications.
    pub notify: Vec<Address>,
    /// Time for which a cancellation is followed.
    pub timeout: Duration,
    /// Polling intervals.
    pub poll_intervals: PollIntervals,
    /// Lines of text instead of a screen, in ASCII only.
    pub plain: bool,
    /// Redraw less often.
    pub low_bandwidth: bool,
    /// Appearance of the dashboard.
    pub appearance: Appearance,
    /// Additional certificates to trust, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Path of the log; the state folder by default.
    pub log_file: Option<PathBuf>,
    /// Folders of this user.
    pub places: Option<Places>,
}

impl Settings {
    /// Returns true if a flag or the environment disables cancels at every profile.
    #[must_use]
    pub fn is_read_only_everywhere(&self) -> bool {
        self.read_only == Some(ReadOnly::Everywhere)
    }

    /// Returns the publisher.
    ///
    /// # Errors
    ///
    /// [`SettingsError::NoPublisher`].
    pub fn publisher(&self) -> Result<&PublisherId, SettingsError> {
        self.publisher
            .as_ref()
            .map(|sourced| &sourced.value)
            .ok_or(SettingsError::NoPublisher)
    }

    /// Returns the source of the token, without any secret.
    ///
    /// # Errors
    ///
    /// [`SettingsError::NoCredential`].
    pub fn credential(&self) -> Result<&CredentialSettings, SettingsError> {
        match &self.credential {
            Ok(sourced) => Ok(&sourced.value),
            Err(error) => Err(error.clone()),
        }
    }
}
