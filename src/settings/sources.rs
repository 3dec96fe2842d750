//! All sources of settings, read once; the settings of each profile follow from them.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    domain::{
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    files::custody::{self, Refused},
    settings::{
        environment::Environment,
        error::SettingsError,
        file::{self, File, Profile},
        flags::Flags,
        paths::{self, Places},
        read_only::ReadOnly,
        source::{Source, WithSource},
        values::Settings,
    },
};

/// Flags, environment, and file, each as at the start of the program.
#[derive(Clone, Debug)]
pub struct Sources {
    pub(super) flags: Flags,
    pub(super) environment: Environment,
    pub(super) file: File,
    pub(super) written: Written,
}

/// The settings file as text, to find the line of a setting.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Its actual or default path; none if the platform knows no home.
    pub(super) path: Option<PathBuf>,
    /// None if the file does not exist.
    pub(super) text: Option<String>,
}

/// Summary of a profile, for choosing among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name.
    pub name: SafeText,
    /// Its publisher; none if the service has to be queried for it.
    pub publisher: Option<PublisherId>,
    /// Its service.
    pub origin: Origin,
    /// Reason for being read-only; none if cancels are enabled.
    pub read_only: Option<ReadOnly>,
}

impl Sources {
    /// Reads the file that flags or environment name, or the default one.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is invalid.
    pub fn read(flags: &Flags, environment: &Environment) -> Result<Self, SettingsError> {
        let home = environment.home();
        let requested = Self::requested_file(flags, environment);
        let usual = || environment.places.as_ref().map(Places::settings);
        let must_exist = requested.is_some();
        let written = Written {
            path: requested.or_else(usual),
            text: None,
        };
        let (mut file, text) = match &written.path {
            Some(path) => read(path, must_exist)?,
            None => (File::default(), None),
        };
        if let Some(beside) = &written.path {
            file.locate(|path| paths::located(path, beside, home.as_deref()));
        }
        Ok(Self {
            flags: flags.clone(),
            environment: environment.clone(),
            file,
            written: Written { text, ..written },
        })
    }

    /// Returns the path of the file that flags or environment name.
    #[must_use]
    pub fn requested_file(flags: &Flags, environment: &Environment) -> Option<PathBuf> {
        let by_variable = || environment.get("COUNTERMAND_CONFIG").map(PathBuf::from);
        let requested = flags.config.clone().or_else(by_variable)?;
        Some(paths::homed(&requested, environment.home().as_deref()))
    }

    /// Returns every profile, with `started` as in effect, in the order of their names.
    #[must_use]
    pub fn profiles(&self, started: &Settings) -> Vec<ProfileSummary> {
        let own = ProfileSummary {
            name: started.profile.value.clone(),
            publisher: started
                .publisher
                .as_ref()
                .map(|publisher| publisher.value.clone()),
            origin: started.origin.value.clone(),
            read_only: started.read_only,
        };
        let others = self.file.profiles.iter().map(|(name, profile)| {
            let name = SafeText::new(name);
            if name == own.name {
                return own.clone();
            }
            ProfileSummary {
                name,
                publisher: profile.publisher.clone(),
                origin: profile.base_url.clone().unwrap_or_else(Origin::marketplace),
                read_only: ReadOnly::of(started.is_read_only_everywhere(), profile.read_only),
            }
        });
        let mut all: Vec<ProfileSummary> = others.collect();
        if !all.contains(&own) {
            all.insert(0, own);
        }
        all
    }

    /// Returns the file's profile of that name; an empty one if it has none.
    pub(super) fn profile(&self, name: &SafeText) -> Profile {
        let mut all = self.file.profiles.iter();
        all.find(|(own, _)| SafeText::new(own) == *name)
            .map(|(_, profile)| profile.clone())
            .unwrap_or_default()
    }
}

impl Written {
    /// Returns the line, from 1, of the key at the end of `keys`.
    pub(super) fn line_of(&self, keys: &[&str]) -> Option<usize> {
        file::line_of(self.text.as_deref()?, keys)
    }
}

/// Reads the file at `path`; a missing one is empty, unless it `must_exist`.
fn read(path: &Path, must_exist: bool) -> Result<(File, Option<String>), SettingsError> {
    match custody::read_to_string(path) {
        Ok(text) => Ok((File::parse(&text, path)?, Some(text))),
        Err(Refused::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound && !must_exist => {
            Ok((File::default(), None))
        }
        Err(refused) => Err(SettingsError::refused(&refused, path)),
    }
}

/// Returns the stronger of a flag and a variable.
pub(super) fn stronger<'a>(flag: Option<&'a str>, variable: Option<&'a str>) -> Option<WithSource<&'a str>> {
    let flag = flag.map(|value| (value, Source::Flag));
    let variable = variable.map(|value| (value, Source::Environment));
    flag.or(variable)
        .map(|(value, source)| WithSource { value, source })
}
