//! Flag over environment over file: the fold, and where each part came from.

use std::{path::PathBuf, time::Duration};

use crate::{
    domain::{
        confirmation::Address,
        credential::{CredentialSettings, CredentialSource},
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    settings::{
        environment::Environment,
        error::SettingsError,
        file::{File, Profile},
        flags::Flags,
        nearest::nearest,
        places::Places,
    },
};

/// The service, unless something else is said.
const ORIGIN: &str = "https://cloudpartner.azure.com";
/// The longest that a cancellation may be followed.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);
/// How long a cancellation is followed, unless something else is said.
const TIMEOUT: Duration = Duration::from_mins(30);

/// Everything that was said, by whichever way.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile's name; `default` where the file has none.
    pub profile: Sourced<SafeText>,
    /// The service.
    pub origin: Sourced<Origin>,
    /// The publisher, where one is named; see [`Settings::publisher`].
    pub publisher: Option<Sourced<PublisherId>>,
    /// Where the token comes from, where anything says so; see [`Settings::credential`].
    pub credential: Result<Sourced<CredentialSettings>, SettingsError>,
    /// Why nothing may be cancelled; none when it may.
    pub read_only: Option<ReadOnlyBy>,
    /// Who is mailed by default.
    pub notify: Vec<Address>,
    /// How long a cancellation is followed.
    pub timeout: Duration,
    /// Lines of text instead of a screen, in ASCII alone.
    pub plain: bool,
    /// Draw rarely.
    pub low_bandwidth: bool,
    /// More certificates to trust, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Where to write the log; a file a day in the state folder where nothing is said.
    pub log_file: Option<PathBuf>,
    /// Where this person's files lie.
    pub places: Option<Places>,
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub source: Source,
}

/// Where a value came from, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// The settings file.
    File,
    /// Nothing was said.
    Default,
}

/// Who wants that nothing is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnlyBy {
    /// A flag or the environment: covers every profile.
    Everywhere,
    /// The profile.
    Profile,
}

impl Settings {
    /// Folds what was said.
    ///
    /// # Errors
    /// When a part of it cannot be. A publisher or a token that is missing is an error only for who asks for it.
    pub fn load(flags: &Flags, environment: &Environment) -> Result<Self, SettingsError> {
        let file = read_file(flags, environment)?;
        let publisher = said(
            flags.publisher.as_deref(),
            environment.get("COUNTERMAND_PUBLISHER"),
        );
        let (name, profile) = choose(&file, flags, environment, publisher.is_some())?;
        let everywhere = flags.read_only || read_only_by(environment)?;
        Ok(Self {
            origin: origin(flags, environment, profile.base_url)?,
            publisher: publisher
                .map(|said| said.map(PublisherId::new))
                .or(profile.publisher.map(Sourced::by_file)),
            credential: credential(environment, profile.credential),
            read_only: match (everywhere, profile.read_only) {
                (true, _) => Some(ReadOnlyBy::Everywhere),
                (false, true) => Some(ReadOnlyBy::Profile),
                (false, false) => None,
            },
            profile: name,
            notify: profile.notify,
            timeout: profile.timeout.unwrap_or(TIMEOUT),
            plain: flags.plain || file.plain,
            low_bandwidth: flags.low_bandwidth || file.low_bandwidth,
            ca_file: flags.ca_file.clone().or(profile.ca_file),
            log_file: flags.log_file.clone(),
            places: environment.places.clone(),
        })
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

impl<T> Sourced<T> {
    fn by_file(value: T) -> Self {
        Self {
            value,
            source: Source::File,
        }
    }

    fn map<U>(self, f: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: f(self.value),
            source: self.source,
        }
    }
}

/// The stronger of what a flag and a variable say.
fn said<'a>(flag: Option<&'a str>, variable: Option<&'a str>) -> Option<Sourced<&'a str>> {
    let flag = flag.map(|value| (value, Source::Flag));
    let variable = variable.map(|value| (value, Source::Environment));
    flag.or(variable).map(|(value, source)| Sourced { value, source })
}

fn read_file(flags: &Flags, environment: &Environment) -> Result<File, SettingsError> {
    let asked = flags
        .config
        .clone()
        .or_else(|| environment.get("COUNTERMAND_CONFIG").map(PathBuf::from));
    match (asked, &environment.places) {
        (Some(path), _) => File::read(&path, true),
        (None, Some(places)) => File::read(&places.settings(), false),
        (None, None) => Ok(File::default()),
    }
}

fn origin(
    flags: &Flags,
    environment: &Environment,
    by_file: Option<Origin>,
) -> Result<Sourced<Origin>, SettingsError> {
    let from_said = said(flags.base_url.as_deref(), environment.get("COUNTERMAND_BASE_URL"));
    if let Some(Sourced { value, source }) = from_said {
        let from = match source {
            Source::Flag => "--base-url",
            _ => "COUNTERMAND_BASE_URL",
        };
        let value = Origin::parse(value).map_err(|error| SettingsError::Value {
            from,
            what: SafeText::new(&error.to_string()),
        })?;
        return Ok(Sourced { value, source });
    }
    if let Some(origin) = by_file {
        return Ok(Sourced::by_file(origin));
    }
    let value = Origin::parse(ORIGIN).map_err(|error| SettingsError::Value {
        from: "the default origin",
        what: SafeText::new(&error.to_string()),
    })?;
    Ok(Sourced {
        value,
        source: Source::Default,
    })
}

/// A token of the environment, else what the profile says, else the application that Azure's own variables describe.
fn credential(
    environment: &Environment,
    by_file: Option<CredentialSettings>,
) -> Result<Sourced<CredentialSettings>, SettingsError> {
    const APPLICATION: [&str; 3] = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"];
    let by_environment = |source: CredentialSource| Sourced {
        value: source.into(),
        source: Source::Environment,
    };
    if environment.get("COUNTERMAND_TOKEN").is_some() {
        return Ok(by_environment(CredentialSource::Environment { variable: None }));
    }
    if let Some(credential) = by_file {
        return Ok(Sourced::by_file(credential));
    }
    let unset = APPLICATION.map(|name| environment.get(name).is_none().then_some(name));
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

/// The profile that is meant. Where the file has none and none is asked for, it is an empty one.
fn choose(
    file: &File,
    flags: &Flags,
    environment: &Environment,
    has_publisher: bool,
) -> Result<(Sourced<SafeText>, Profile), SettingsError> {
    let asked = said(flags.profile.as_deref(), environment.get("COUNTERMAND_PROFILE"))
        .or(file.default_profile.as_deref().map(Sourced::by_file));
    let names = || file.profiles.keys().map(String::as_str);
    if let Some(asked) = asked {
        let found = file.profiles.get(asked.value).cloned();
        let profile = found.ok_or_else(|| SettingsError::NoProfile {
            name: SafeText::new(asked.value),
            known: known(&names().collect::<Vec<_>>(), nearest(asked.value, names())),
        })?;
        return Ok((asked.map(SafeText::new), profile));
    }
    match file.profiles.iter().next() {
        Some((name, only)) if file.profiles.len() == 1 => {
            Ok((Sourced::by_file(SafeText::new(name)), only.clone()))
        }
        Some(_) if !has_publisher => Err(SettingsError::WhichProfile {
            known: known(&names().collect::<Vec<_>>(), None),
        }),
        _ => Ok((
            Sourced {
                value: SafeText::new("default"),
                source: Source::Default,
            },
            Profile::default(),
        )),
    }
}

fn known(names: &[&str], meant: Option<&str>) -> SafeText {
    SafeText::new(&match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => "the settings file has none".into(),
        None => format!("the settings file has {}", names.join(", ")),
    })
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
