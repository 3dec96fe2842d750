//! What was said by each way, read once; the settings of each profile follow from it.

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

/// Flags, environment and file, each as it was when the program started.
#[derive(Clone, Debug)]
pub struct Sources {
    pub(super) flags: Flags,
    pub(super) environment: Environment,
    pub(super) file: File,
    pub(super) written: Written,
}

/// The settings file as text, for who wants to know in which line something stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Where it is, or would be; none where the platform names no home.
    pub(super) path: Option<PathBuf>,
    /// None where there is no file.
    pub(super) text: Option<String>,
}

/// A profile, as far as who chooses among them wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name.
    pub name: SafeText,
    /// Its publisher; none where the service is to say which there are.
    pub publisher: Option<PublisherId>,
    /// Its service.
    pub origin: Origin,
    /// Why nothing may be cancelled there; none when it may.
    pub read_only: Option<ReadOnly>,
}

impl Sources {
    /// Reads the file that flags or environment name, or the usual one.
    ///
    /// # Errors
    /// When it cannot be read or says something that cannot be.
    pub fn read(flags: &Flags, environment: &Environment) -> Result<Self, SettingsError> {
        let home = environment.home();
        let asked = Self::asked(flags, environment);
        let usual = || environment.places.as_ref().map(Places::settings);
        let must_exist = asked.is_some();
        let written = Written {
            path: asked.or_else(usual),
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

    /// The file that flags or environment name.
    #[must_use]
    pub fn asked(flags: &Flags, environment: &Environment) -> Option<PathBuf> {
        let by_variable = || environment.get("COUNTERMAND_CONFIG").map(PathBuf::from);
        let asked = flags.config.clone().or_else(by_variable)?;
        Some(paths::homed(&asked, environment.home().as_deref()))
    }

    /// Every profile there is, with `started` as it is in effect: in the order of their names.
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

    /// What the file says of a profile; nothing of one that it does not have.
    pub(super) fn profile(&self, name: &SafeText) -> Profile {
        let mut all = self.file.profiles.iter();
        all.find(|(own, _)| SafeText::new(own) == *name)
            .map(|(_, profile)| profile.clone())
            .unwrap_or_default()
    }
}

impl Written {
    /// The line, from 1, in which the key at the end of `keys` stands.
    pub(super) fn line_of(&self, keys: &[&str]) -> Option<usize> {
        file::line_of(self.text.as_deref()?, keys)
    }
}

/// The file at `path`; one that is not there says nothing, unless it `must_exist`.
fn read(path: &Path, must_exist: bool) -> Result<(File, Option<String>), SettingsError> {
    match custody::read_to_string(path) {
        Ok(text) => Ok((File::parse(&text, path)?, Some(text))),
        Err(Refused::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound && !must_exist => {
            Ok((File::default(), None))
        }
        Err(refused) => Err(SettingsError::refused(&refused, path)),
    }
}

/// The stronger of what a flag and a variable say.
pub(super) fn said<'a>(flag: Option<&'a str>, variable: Option<&'a str>) -> Option<WithSource<&'a str>> {
    let flag = flag.map(|value| (value, Source::Flag));
    let variable = variable.map(|value| (value, Source::Environment));
    flag.or(variable)
        .map(|(value, source)| WithSource { value, source })
}
