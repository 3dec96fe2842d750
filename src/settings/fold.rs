//! Precedence of flag over environment over file, with the source of each value.

use std::time::Duration;

use crate::{
    domain::{
        credential::{CredentialSettings, CredentialSource},
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    settings::{
        appearance::Appearance,
        choose::{self, Wanted, choose},
        environment::Environment,
        error::SettingsError,
        file::Profile,
        flags::Flags,
        paths,
        read_only::ReadOnly,
        source::{Source, WithSource},
        sources::{Sources, stronger},
        values::Settings,
    },
};

/// Default time for which a cancellation is followed.
const TIMEOUT: Duration = Duration::from_mins(30);

/// Variable of a ready-made token.
const TOKEN: &str = "COUNTERMAND_TOKEN";

impl Sources {
    /// Returns the settings to start with.
    ///
    /// # Errors
    ///
    /// When a part of them is invalid. A missing publisher or token is an error only on use.
    pub fn started(&self) -> Result<Settings, SettingsError> {
        let wanted = self.wanted()?;
        let name = choose(&self.file, &wanted)?;
        let profile = self.profile(&name.value);
        let credential = credential(&self.environment, profile.credential.clone());
        self.fold(name, profile, wanted, credential)
    }

    /// Returns the settings of another profile than the one that the program `started` with.
    ///
    /// Publisher and service from flags or environment belong to the profile at the start, and do not carry over; nor
    /// does a token of the environment, unless the service is the same.
    ///
    /// # Errors
    ///
    /// Like [`Sources::started`], and when the profile does not exist.
    pub fn switched(&self, name: &SafeText, started: &Settings) -> Result<Settings, SettingsError> {
        if *name == started.profile.value {
            return Ok(started.clone());
        }
        let profile = self.profile(name);
        if !self.file.profiles.keys().any(|own| SafeText::new(own) == *name) {
            choose::find(&self.file, name.as_str())?;
        }
        let home = &started.origin.value;
        let is_elsewhere = profile.base_url.as_ref().unwrap_or(&Origin::marketplace()) != home;
        let credential = match profile.credential.clone() {
            own if is_elsewhere => credential_of_its_own(own, home),
            Some(own) => Ok(WithSource::by_file(own)),
            None => credential(&self.environment, None),
        };
        let name = WithSource::by_file(name.clone());
        self.fold(name, profile, Wanted::default(), credential)
    }

    fn wanted(&self) -> Result<Wanted<'_>, SettingsError> {
        let (flags, environment) = (&self.flags, &self.environment);
        let publisher = stronger(
            flags.publisher.as_deref(),
            environment.get("COUNTERMAND_PUBLISHER"),
        );
        Ok(Wanted {
            profile: stronger(flags.profile.as_deref(), environment.get("COUNTERMAND_PROFILE")),
            publisher: publisher.map(|stronger| stronger.map(PublisherId::new)),
            origin: origin(flags, environment)?,
        })
    }

    fn fold(
        &self,
        name: WithSource<SafeText>,
        profile: Profile,
        wanted: Wanted<'_>,
        credential: Result<WithSource<CredentialSettings>, SettingsError>,
    ) -> Result<Settings, SettingsError> {
        let (flags, file) = (&self.flags, &self.file);
        let everywhere = flags.read_only || read_only_by(&self.environment)?;
        let origin = wanted.origin.or(profile.base_url.map(WithSource::by_file));
        Ok(Settings {
            profile: name,
            origin: origin.unwrap_or_else(|| WithSource {
                value: Origin::marketplace(),
                source: Source::Default,
            }),
            publisher: wanted.publisher.or(profile.publisher.map(WithSource::by_file)),
            credential,
            read_only: ReadOnly::of(everywhere, profile.read_only),
            notify: profile.notify,
            timeout: profile.timeout.unwrap_or(TIMEOUT),
            poll_intervals: profile.poll.poll_intervals(),
            plain: flags.plain || file.plain,
            low_bandwidth: flags.low_bandwidth || file.low_bandwidth,
            appearance: Appearance {
                theme: file.written.0.clone(),
                mouse: file.mouse,
                tell: profile.tell.or(file.tell).unwrap_or_default(),
                title: file.title.unwrap_or(true),
                keys: file.written.1.clone(),
            },
            ca_file: flags
                .ca_file
                .as_ref()
                .map(|path| paths::homed(path, self.environment.home().as_deref()))
                .or(profile.ca_file),
            log_file: flags.log_file.clone(),
            places: self.environment.places.clone(),
        })
    }
}

impl Settings {
    /// Folds all sources, for the profile to start with.
    ///
    /// # Errors
    ///
    /// Like [`Sources::read`] and [`Sources::started`].
    pub fn load(flags: &Flags, environment: &Environment) -> Result<Self, SettingsError> {
        Sources::read(flags, environment)?.started()
    }
}

/// Returns the origin that a flag or a variable names.
fn origin(flags: &Flags, environment: &Environment) -> Result<Option<WithSource<Origin>>, SettingsError> {
    let stronger_origin = stronger(flags.base_url.as_deref(), environment.get("COUNTERMAND_BASE_URL"));
    let Some(WithSource { value, source }) = stronger_origin else {
        return Ok(None);
    };
    let from = match source {
        Source::Flag => "--base-url",
        _ => "COUNTERMAND_BASE_URL",
    };
    let value = Origin::parse(value).map_err(|error| SettingsError::Value {
        from,
        what: SafeText::new(&error.to_string()),
    })?;
    Ok(Some(WithSource { value, source }))
}

/// Returns a token of the environment, else the profile's credential, else the application that Azure's own variables
/// describe.
fn credential(
    environment: &Environment,
    by_file: Option<CredentialSettings>,
) -> Result<WithSource<CredentialSettings>, SettingsError> {
    const APPLICATION: [&str; 3] = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"];
    let by_environment = |source: CredentialSource| WithSource {
        value: source.into(),
        source: Source::Environment,
    };
    if environment.is_set(TOKEN) {
        return Ok(by_environment(CredentialSource::Environment { variable: None }));
    }
    if let Some(credential) = by_file {
        return Ok(WithSource::by_file(credential));
    }
    let unset = APPLICATION.map(|name| (!environment.is_set(name)).then_some(name));
    let unset: Vec<_> = unset.into_iter().flatten().collect();
    if unset.is_empty() {
        return Ok(by_environment(CredentialSource::ClientSecret {
            tenant: None,
            client: None,
            secret: None,
        }));
    }
    Err(SettingsError::NoCredential { unset })
}

/// Returns the credential of a profile switched to at another service than `home`: its own, and never the token meant
/// for `home`.
fn credential_of_its_own(
    by_file: Option<CredentialSettings>,
    home: &Origin,
) -> Result<WithSource<CredentialSettings>, SettingsError> {
    let stays = |credential: &CredentialSettings| match &credential.source {
        CredentialSource::Environment { variable } => {
            variable.as_deref().is_none_or(|variable| variable == TOKEN)
        }
        _ => false,
    };
    by_file
        .filter(|own| !stays(own))
        .map(WithSource::by_file)
        .ok_or_else(|| SettingsError::CredentialStays { home: home.clone() })
}

fn read_only_by(environment: &Environment) -> Result<bool, SettingsError> {
    let Some(raw) = environment.get("COUNTERMAND_READ_ONLY") else {
        return Ok(false);
    };
    match raw.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(SettingsError::Value {
            from: "COUNTERMAND_READ_ONLY",
            what: SafeText::new(&format!("`{raw}` is neither 1 nor 0")),
        }),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
