//! Choice of the profile.

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

/// Options of the command line and the environment that choose a profile.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// Profile by its name.
    pub(super) profile: Option<WithSource<&'a str>>,
    pub(super) publisher: Option<WithSource<PublisherId>>,
    pub(super) origin: Option<WithSource<Origin>>,
}

/// Returns the chosen profile. If the file has none and none is requested, it is an empty one.
///
/// A publisher without a profile chooses the profile of that publisher: its read-only setting must not be bypassed by
/// leaving out its name.
pub(super) fn choose(file: &File, wanted: &Wanted<'_>) -> Result<WithSource<SafeText>, SettingsError> {
    let default = file.default_profile.as_deref();
    if let Some(requested) = &wanted.profile {
        find(file, requested.value)?;
        return Ok(requested.clone().map(SafeText::new));
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

/// Returns the profile of that name.
pub(super) fn find<'a>(file: &'a File, name: &str) -> Result<&'a Profile, SettingsError> {
    file.profiles.get(name).ok_or_else(|| SettingsError::NoProfile {
        name: SafeText::new(name),
        known: known(&names(file), nearest(name, names(file))),
    })
}

/// Returns the profiles of a publisher at an origin, or at any; if there are none, those at the origin without a
/// publisher.
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
