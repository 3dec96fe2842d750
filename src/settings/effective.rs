//! What is in effect and who said so, a line a setting, with nothing in it that is secret.

mod appearance;

use std::path::PathBuf;

use serde_json::Value;

use crate::{
    domain::{
        credential::{CredentialSettings, CredentialSource, SecretPlace},
        text::SafeText,
    },
    settings::{
        fold::{ReadOnly, Settings, Source},
        poll,
        sources::Sources,
    },
};

/// A setting as it is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// Its name, which is its key in the settings file where it has one.
    pub setting: SafeText,
    /// Its value, without what is secret; none where it has none.
    pub value: Option<SafeText>,
    /// Who said so.
    pub whence: SettingSource,
    /// What to do about a value that is missing.
    pub advice: Option<SafeText>,
}

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingSource {
    /// A flag of the command line.
    Flag(&'static str),
    /// A variable of the environment.
    Variable(SafeText),
    /// The settings file.
    File {
        /// Where it is.
        path: PathBuf,
        /// The line, from 1, where it can be told.
        line: Option<usize>,
    },
    /// Nobody.
    Default,
}

impl Sources {
    /// Every setting as it is in effect with `settings`, which came of these.
    #[must_use]
    pub fn told(&self, settings: &Settings) -> Vec<EffectiveSetting> {
        let teller = Teller {
            sources: self,
            settings,
        };
        let mut all = vec![
            teller.file(),
            teller.profile(),
            teller.publisher(),
            teller.origin(),
        ];
        all.extend(teller.credential());
        all.extend(teller.of_the_profile());
        all.extend(teller.of_the_program());
        all.extend(teller.of_the_dashboard());
        all.extend(teller.variables());
        all
    }
}

struct Teller<'a> {
    sources: &'a Sources,
    settings: &'a Settings,
}

impl Teller<'_> {
    fn file(&self) -> EffectiveSetting {
        let written = &self.sources.written;
        let whence = if self.sources.flags.config.is_some() {
            SettingSource::Flag("--config")
        } else if self.sources.environment.is_set("COUNTERMAND_CONFIG") {
            variable("COUNTERMAND_CONFIG")
        } else {
            SettingSource::Default
        };
        let path = written.path.as_ref().map(|path| path.display().to_string());
        EffectiveSetting {
            advice: match (&path, &written.text) {
                (None, _) => {
                    Some("there is no folder for it, because this user has no home; set HOME".into())
                }
                (Some(_), None) => Some("there is no such file, and there need not be".into()),
                (Some(_), Some(_)) => None,
            },
            ..told("settings file", path, whence)
        }
    }

    fn profile(&self) -> EffectiveSetting {
        let name = &self.settings.profile;
        let whence = match name.source {
            Source::Flag => SettingSource::Flag("--profile"),
            Source::Environment => variable("COUNTERMAND_PROFILE"),
            Source::File if self.sources.file.default_profile.as_deref() == Some(name.value.as_str()) => {
                self.at(&["default_profile"])
            }
            Source::File => self.at(&["profiles", name.value.as_str()]),
            Source::Default => SettingSource::Default,
        };
        told("profile", Some(name.value.to_string()), whence)
    }

    fn publisher(&self) -> EffectiveSetting {
        let publisher = self.settings.publisher.as_ref();
        let whence = match publisher.map(|publisher| publisher.source) {
            Some(Source::Flag) => SettingSource::Flag("--publisher"),
            Some(Source::Environment) => variable("COUNTERMAND_PUBLISHER"),
            _ => self.by_profile("publisher"),
        };
        EffectiveSetting {
            advice: publisher.is_none().then(|| {
                "the service is asked which there are; --publisher, COUNTERMAND_PUBLISHER or the profile names one".into()
            }),
            ..told("publisher", publisher.map(|publisher| publisher.value.to_string()), whence)
        }
    }

    fn origin(&self) -> EffectiveSetting {
        let origin = &self.settings.origin;
        let whence = match origin.source {
            Source::Flag => SettingSource::Flag("--base-url"),
            Source::Environment => variable("COUNTERMAND_BASE_URL"),
            Source::File | Source::Default => self.by_profile("base_url"),
        };
        told("base_url", Some(origin.value.to_string()), whence)
    }

    fn credential(&self) -> Vec<EffectiveSetting> {
        let credential = match &self.settings.credential {
            Ok(credential) => credential,
            Err(error) => {
                return vec![EffectiveSetting {
                    advice: Some(SafeText::new(&error.to_string())),
                    ..told("credential", None, SettingSource::Default)
                }];
            }
        };
        let whence = match (&credential.source, &credential.value.source) {
            (Source::Environment, CredentialSource::Environment { .. }) => variable("COUNTERMAND_TOKEN"),
            (Source::Environment, _) => variable("AZURE_CLIENT_SECRET"),
            _ => self.by_profile("credential"),
        };
        fields(&credential.value)
            .into_iter()
            .map(|(key, value)| EffectiveSetting {
                setting: SafeText::new(&format!("credential.{key}")),
                ..told("", Some(value), whence.clone())
            })
            .collect()
    }

    fn of_the_profile(&self) -> Vec<EffectiveSetting> {
        let settings = self.settings;
        let (read_only, by) = match settings.read_only {
            None => ("no", self.by_profile("read_only")),
            Some(ReadOnly::Profile) => ("yes, at this profile", self.by_profile("read_only")),
            Some(ReadOnly::Everywhere) if self.sources.flags.read_only => {
                ("yes, at every profile", SettingSource::Flag("--read-only"))
            }
            Some(ReadOnly::Everywhere) => ("yes, at every profile", variable("COUNTERMAND_READ_ONLY")),
        };
        let notify: Vec<String> = settings.notify.iter().map(ToString::to_string).collect();
        let notify = (!notify.is_empty()).then(|| notify.join(", "));
        let ca_file = settings.ca_file.as_ref().map(|path| path.display().to_string());
        let ca_by = match &self.sources.flags.ca_file {
            Some(_) => SettingSource::Flag("--ca-file"),
            None => self.by_profile("ca_file"),
        };
        let mut all = vec![
            told("read_only", Some(read_only.to_owned()), by),
            told("notify", notify, self.by_profile("notify")),
            told(
                "timeout",
                Some(length(settings.timeout)),
                self.by_profile("timeout"),
            ),
            told("ca_file", ca_file, ca_by),
        ];
        let profile = settings.profile.value.as_str();
        all.extend(
            poll::told(&settings.poll_intervals)
                .into_iter()
                .map(|(key, interval)| EffectiveSetting {
                    setting: SafeText::new(&format!("poll.{key}")),
                    ..told(
                        "",
                        Some(length(interval)),
                        self.at_or_default(&["profiles", profile, "poll", key]),
                    )
                }),
        );
        all
    }

    fn of_the_program(&self) -> Vec<EffectiveSetting> {
        let (flags, settings) = (&self.sources.flags, self.settings);
        let by = |is_flag: bool, flag, key| {
            if is_flag {
                SettingSource::Flag(flag)
            } else {
                self.at_or_default(&[key])
            }
        };
        let places = settings.places.as_ref();
        let (log, log_by) = match (&settings.log_file, places) {
            (Some(file), _) => (
                Some(file.display().to_string()),
                SettingSource::Flag("--log-file"),
            ),
            (None, places) => {
                let folder = places.map(|places| places.logs().display().to_string());
                (folder, SettingSource::Default)
            }
        };
        let journal = places.map(|places| places.journal().display().to_string());
        vec![
            told(
                "plain",
                Some(yes(settings.plain)),
                by(flags.plain, "--plain", "plain"),
            ),
            told(
                "low_bandwidth",
                Some(yes(settings.low_bandwidth)),
                by(flags.low_bandwidth, "--low-bandwidth", "low_bandwidth"),
            ),
            told("journal", journal, SettingSource::Default),
            told("log", log, log_by),
        ]
    }

    /// What else is obeyed: of what may be secret only whether it is set.
    fn variables(&self) -> Vec<EffectiveSetting> {
        const SECRET: [&str; 5] = [
            "COUNTERMAND_TOKEN",
            "AZURE_TENANT_ID",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_FEDERATED_TOKEN_FILE",
        ];
        const PROXIES: [&str; 6] = [
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
            "no_proxy",
        ];
        const OPEN: [&str; 4] = [
            "AZURE_AUTHORITY_HOST",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "NO_COLOR",
        ];
        let environment = &self.sources.environment;
        let named = self.settings.credential.as_ref().ok();
        let named = named.and_then(|credential| named_variable(&credential.value));
        let secret = SECRET.into_iter().chain(named).map(|name| {
            let is_set = environment.is_set(name);
            (name, is_set.then(|| "set".to_owned()))
        });
        let masked = |name| (name, environment.get(name).map(masked));
        let mut all: Vec<EffectiveSetting> = secret
            .chain(PROXIES.map(masked))
            .chain(OPEN.map(masked))
            .map(|(name, value)| EffectiveSetting {
                setting: SafeText::new(name),
                ..told("", value, variable(name))
            })
            .collect();
        // Those that are not set are told of only where they are what one would set.
        all.retain(|one| {
            one.value.is_some()
                || SECRET.contains(&one.setting.as_str())
                || named.is_some_and(|name| one.setting.as_str() == name)
        });
        all
    }

    fn by_profile(&self, key: &str) -> SettingSource {
        self.at_or_default(&["profiles", self.settings.profile.value.as_str(), key])
    }

    fn at_or_default(&self, keys: &[&str]) -> SettingSource {
        match self.line(keys) {
            Some(_) => self.at(keys),
            None => SettingSource::Default,
        }
    }

    fn at(&self, keys: &[&str]) -> SettingSource {
        SettingSource::File {
            path: self.sources.written.path.clone().unwrap_or_default(),
            line: self.line(keys),
        }
    }

    fn line(&self, keys: &[&str]) -> Option<usize> {
        self.sources.written.line_of(keys)
    }
}

fn told(setting: &str, value: Option<String>, whence: SettingSource) -> EffectiveSetting {
    EffectiveSetting {
        setting: SafeText::new(setting),
        value: value.map(|value| SafeText::new(&value)),
        whence,
        advice: None,
    }
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn variable(name: &str) -> SettingSource {
    SettingSource::Variable(SafeText::new(name))
}

fn length(span: std::time::Duration) -> String {
    jiff::SignedDuration::try_from(span).map_or_else(|_| format!("{span:?}"), |span| format!("{span:#}"))
}

/// The variable in which a credential looks for its secret, where the profile names one.
fn named_variable(credential: &CredentialSettings) -> Option<&str> {
    match &credential.source {
        CredentialSource::Environment { variable } => variable.as_deref(),
        CredentialSource::ClientSecret {
            secret: Some(SecretPlace::Variable(variable)),
            ..
        } => Some(variable),
        _ => None,
    }
}

/// The keys of a credential and their values. Of a command only the program is told, because people put into its
/// arguments what they should not.
fn fields(credential: &CredentialSettings) -> Vec<(String, String)> {
    let Ok(Value::Object(all)) = serde_json::to_value(credential) else {
        return Vec::new();
    };
    all.into_iter()
        .map(|(key, value)| match value {
            Value::String(text) => (key, text),
            Value::Array(words) => {
                let program = words.first().and_then(Value::as_str).unwrap_or_default();
                let rest = match words.len() {
                    0 | 1 => String::new(),
                    2 => " and 1 argument".to_owned(),
                    count => format!(" and {} arguments", count - 1),
                };
                (key, format!("{program}{rest}"))
            }
            other => (key, other.to_string()),
        })
        .collect()
}

/// An address without the password in it; where it is not clear what is one, too much is left out rather than too little.
fn masked(raw: &str) -> String {
    let (scheme, rest) = raw
        .split_once("://")
        .map_or(("", raw), |(scheme, rest)| (scheme, rest));
    let Some((person, place)) = rest.rsplit_once('@') else {
        return raw.to_owned();
    };
    let user = person.split_once(':').map_or("", |(user, _)| user);
    let before = if scheme.is_empty() {
        String::new()
    } else {
        format!("{scheme}://")
    };
    let colon = if user.is_empty() { "" } else { ":" };
    format!("{before}{user}{colon}***@{place}")
}

#[cfg(test)]
mod tests;
