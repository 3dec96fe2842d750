//! Which profile is meant.

use crate::{
    domain::{
        ids::{Origin, PublisherId},
        nearest::nearest,
        text::SafeText,
    },
    settings::{
        error::SettingsError,
        file::{File, Profile},
        source::{Source, WithSource},
    },
};

/// What a command line and an environment say about where to go.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The profile by its name.
    pub(super) profile: Option<WithSource<&'a str>>,
    pub(super) publisher: Option<WithSource<PublisherId>>,
    pub(super) origin: Option<WithSource<Origin>>,
}

/// The profile that is meant. Where the file has none and none is asked for, it is an empty one.
///
/// Who names a publisher and no profile means the profile of that publisher: what it says of read-only must not be got
/// around by leaving out its name.
pub(super) fn choose(file: &File, wanted: &Wanted<'_>) -> Result<WithSource<SafeText>, SettingsError> {
    let default = file.default_profile.as_deref();
    if let Some(asked) = &wanted.profile {
        find(file, asked.value)?;
        return Ok(asked.clone().map(SafeText::new));
    }
    if let Some(publisher) = &wanted.publisher {
        let origin = wanted.origin.as_ref().map(|origin| &origin.value);
        match of_publisher(file, &publisher.value, origin)[..] {
            [] => {}
            [only] => return Ok(by_file(only)),
            ref several => {
                let usual = default.filter(|usual| several.contains(usual));
                return usual.map(by_file).ok_or_else(|| which(several));
            }
        }
    }
    if let Some(usual) = default {
        find(file, usual)?;
        return Ok(by_file(usual));
    }
    match &names(file)[..] {
        [only] => Ok(by_file(only)),
        [_, _, ..] if wanted.publisher.is_none() => Err(which(&names(file))),
        _ => Ok(WithSource {
            value: SafeText::new("default"),
            source: Source::Default,
        }),
    }
}

/// The profile of that name.
pub(super) fn find<'a>(file: &'a File, name: &str) -> Result<&'a Profile, SettingsError> {
    file.profiles.get(name).ok_or_else(|| SettingsError::NoProfile {
        name: SafeText::new(name),
        known: known(&names(file), nearest(name, names(file))),
    })
}

/// The profiles of a publisher at an origin, or anywhere; where there are none, those there that name no publisher.
fn of_publisher<'a>(file: &'a File, publisher: &PublisherId, origin: Option<&Origin>) -> Vec<&'a str> {
    let there = |profile: &Profile| {
        origin.is_none_or(|origin| match &profile.base_url {
            Some(own) => own == origin,
            None => *origin == Origin::marketplace(),
        })
    };
    let those = |is_so: &dyn Fn(Option<&PublisherId>) -> bool| -> Vec<&'a str> {
        let profiles = file.profiles.iter();
        profiles
            .filter(|(_, profile)| there(profile) && is_so(profile.publisher.as_ref()))
            .map(|(name, _)| name.as_str())
            .collect()
    };
    let exact = those(&|own| own.is_some_and(|own| own.is(publisher)));
    if exact.is_empty() {
        those(&|own| own.is_none())
    } else {
        exact
    }
}

fn names(file: &File) -> Vec<&str> {
    file.profiles.keys().map(String::as_str).collect()
}

fn by_file(name: &str) -> WithSource<SafeText> {
    WithSource {
        value: SafeText::new(name),
        source: Source::File,
    }
}

fn which(names: &[&str]) -> SettingsError {
    SettingsError::WhichProfile {
        known: known(names, None),
    }
}

fn known(names: &[&str], meant: Option<&str>) -> SafeText {
    SafeText::new(&match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => "the settings file has none".into(),
        None => format!("the settings file has {}", names.join(", ")),
    })
}
