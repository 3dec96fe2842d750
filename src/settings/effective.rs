//! Effective settings with their sources, one row each, without secrets.

use std::{path::PathBuf, time::Duration};

use serde_json::Value;

use crate::{
    domain::{
        credential::{CredentialSettings, CredentialSource, SecretPlace},
        text::SafeText,
    },
    settings::{poll, read_only::ReadOnly, source::Source, sources::Sources, values::Settings},
};

/// A setting in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// Its name, which is its key in the settings file if it has one.
    pub setting: SafeText,
    /// Its value, with secrets masked; none if it has none.
    pub value: Option<SafeText>,
    /// Source of the value.
    pub source: SettingSource,
    /// Remedy for a missing value.
    pub advice: Option<SafeText>,
}

/// Source of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingSource {
    /// A flag of the command line.
    Flag(&'static str),
    /// An environment variable.
    Variable(SafeText),
    /// The settings file.
    File {
        /// Path of the file.
        path: PathBuf,
        /// Line, from 1, if known.
        line: Option<usize>,
    },
    /// The default.
    Default,
}

/// Variables that apply and may be secret: only whether they are set is shown.
const SECRET: [&str; 5] = [
    "COUNTERMAND_TOKEN",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
];

/// Variables that apply and are shown, with their password masked.
const OPEN: [&str; 10] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "AZURE_AUTHORITY_HOST",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NO_COLOR",
];

impl Sources {
    /// Returns every setting in effect with `settings`, which came from these sources.
    #[must_use]
    pub fn effective(&self, settings: &Settings) -> Vec<EffectiveSetting> {
        let table = Table {
            sources: self,
            settings,
        };
        let rows = [
            table.places(),
            table.credential(),
            table.profile(),
            table.program(),
            table.dashboard(),
            table.variables(),
        ];
        rows.concat()
    }
}

/// Name of a setting, its value, a source stronger than the file if there is one, and the key in the file.
type Row<'a> = (&'a str, Option<String>, Option<SettingSource>, &'a [&'a str]);

struct Table<'a> {
    sources: &'a Sources,
    settings: &'a Settings,
}

impl Table<'_> {
    fn row(&self, (setting, value, stronger, keys): Row<'_>) -> EffectiveSetting {
        EffectiveSetting {
            setting: SafeText::new(setting),
            value: value.map(|value| SafeText::new(&value)),
            source: stronger
                .or_else(|| self.file(keys))
                .unwrap_or(SettingSource::Default),
            advice: None,
        }
    }

    /// Returns the path of the file, and the chosen part of it.
    fn places(&self) -> Vec<EffectiveSetting> {
        let (flags, settings, written) = (&self.sources.flags, self.settings, &self.sources.written);
        let path = written.path.as_ref().map(|path| path.display().to_string());
        let name = settings.profile.value.as_str();
        let default = self.sources.file.default_profile.as_deref();
        let chosen: &[&str] = if default == Some(name) {
            &["default_profile"]
        } else {
            &["profiles", name]
        };
        let publisher = settings
            .publisher
            .as_ref()
            .map(|publisher| publisher.value.to_string());
        let either = |is_flag: bool, flag, name| by_flag(is_flag, flag).or_else(|| self.variable(name));
        let mut rows = [
            (
                "settings file",
                path,
                either(flags.config.is_some(), "--config", "COUNTERMAND_CONFIG"),
                &[][..],
            ),
            (
                "profile",
                Some(name.to_owned()),
                either(flags.profile.is_some(), "--profile", "COUNTERMAND_PROFILE"),
                chosen,
            ),
            (
                "publisher",
                publisher,
                either(flags.publisher.is_some(), "--publisher", "COUNTERMAND_PUBLISHER"),
                &["profiles", name, "publisher"],
            ),
            (
                "base_url",
                Some(settings.origin.value.to_string()),
                either(flags.base_url.is_some(), "--base-url", "COUNTERMAND_BASE_URL"),
                &["profiles", name, "base_url"],
            ),
        ]
        .map(|row| self.row(row));
        rows[0].advice = match (&written.path, &written.text) {
            (None, _) => Some("there is no folder for it, because this user has no home; set HOME".into()),
            (Some(_), None) => Some("there is no such file, and there need not be".into()),
            (Some(_), Some(_)) => None,
        };
        rows[2].advice = settings.publisher.is_none().then(|| {
            "the service is asked which there are; --publisher, COUNTERMAND_PUBLISHER or the profile names one".into()
        });
        rows.into()
    }

    fn credential(&self) -> Vec<EffectiveSetting> {
        let credential = match &self.settings.credential {
            Ok(credential) => credential,
            Err(error) => {
                return vec![EffectiveSetting {
                    advice: Some(SafeText::new(&error.to_string())),
                    ..self.row(("credential", None, None, &[]))
                }];
            }
        };
        let by = match (&credential.source, &credential.value.source) {
            (Source::Environment, CredentialSource::Environment { .. }) => self.variable("COUNTERMAND_TOKEN"),
            (Source::Environment, _) => self.variable("AZURE_CLIENT_SECRET"),
            _ => None,
        };
        let keys = ["profiles", self.settings.profile.value.as_str(), "credential"];
        let fields = fields(&credential.value).into_iter();
        fields
            .map(|(key, value)| self.row((&format!("credential.{key}"), Some(value), by.clone(), &keys)))
            .collect()
    }

    fn profile(&self) -> Vec<EffectiveSetting> {
        let (flags, settings) = (&self.sources.flags, self.settings);
        let name = settings.profile.value.as_str();
        let (read_only, by) = match settings.read_only {
            None => ("no", None),
            Some(ReadOnly::Profile) => ("yes, at this profile", None),
            Some(ReadOnly::Everywhere) => (
                "yes, at every profile",
                by_flag(flags.read_only, "--read-only").or_else(|| self.variable("COUNTERMAND_READ_ONLY")),
            ),
        };
        let notify: Vec<String> = settings.notify.iter().map(ToString::to_string).collect();
        let notify = (!notify.is_empty()).then(|| notify.join(", "));
        let ca_file = settings.ca_file.as_ref().map(|path| path.display().to_string());
        let by_ca_flag = by_flag(flags.ca_file.is_some(), "--ca-file");
        let rows = [
            ("read_only", Some(read_only.to_owned()), by),
            ("notify", notify, None),
            ("timeout", Some(length(settings.timeout)), None),
            ("ca_file", ca_file, by_ca_flag),
        ]
        .map(|(key, value, by)| self.row((key, value, by, &["profiles", name, key])));
        let intervals = poll::intervals(&settings.poll_intervals).into_iter();
        let intervals = intervals.map(|(key, interval)| {
            let keys = ["profiles", name, "poll", key];
            self.row((&format!("poll.{key}"), Some(length(interval)), None, &keys))
        });
        rows.into_iter().chain(intervals).collect()
    }

    fn program(&self) -> Vec<EffectiveSetting> {
        let (flags, settings) = (&self.sources.flags, self.settings);
        let places = settings.places.as_ref();
        let journal = places.map(|places| places.journal().display().to_string());
        let log = settings.log_file.clone().or_else(|| Some(places?.logs()));
        let log = log.map(|path| path.display().to_string());
        let by_log_flag = by_flag(settings.log_file.is_some(), "--log-file");
        let by_plain = by_flag(flags.plain, "--plain");
        let by_low_bandwidth = by_flag(flags.low_bandwidth, "--low-bandwidth");
        [
            ("plain", Some(yes(settings.plain)), by_plain, &["plain"][..]),
            (
                "low_bandwidth",
                Some(yes(settings.low_bandwidth)),
                by_low_bandwidth,
                &["low_bandwidth"],
            ),
            ("journal", journal, None, &[]),
            ("log", log, by_log_flag, &[]),
        ]
        .map(|row| self.row(row))
        .into()
    }

    fn dashboard(&self) -> Vec<EffectiveSetting> {
        let appearance = &self.settings.appearance;
        let theme = appearance.theme.as_ref().map_or("default", |theme| &theme.text);
        let by_profile = self.file(&["profiles", self.settings.profile.value.as_str(), "tell"]);
        let rows = [
            ("theme", Some(theme.to_owned()), None),
            ("mouse", Some(yes(appearance.mouse)), None),
            ("tell", Some(appearance.tell.word().to_owned()), by_profile),
            ("title", Some(yes(appearance.title)), None),
        ]
        .map(|(key, value, by)| self.row((key, value, by, &[key])));
        let keys = appearance.keys.iter().map(|one| {
            let command = one.command.text.as_str();
            let keys: Vec<&str> = one.keys.iter().map(|key| key.text.as_str()).collect();
            let keys = if keys.is_empty() {
                "no key".to_owned()
            } else {
                keys.join(", ")
            };
            self.row((&format!("keys.{command}"), Some(keys), None, &["keys", command]))
        });
        rows.into_iter().chain(keys).collect()
    }

    /// Returns the other variables that apply. Unset ones are shown only if setting them would have an effect.
    fn variables(&self) -> Vec<EffectiveSetting> {
        let environment = &self.sources.environment;
        let credential = self.settings.credential.as_ref().ok();
        let named = credential.and_then(|credential| named_variable(&credential.value));
        let secret = SECRET.into_iter().chain(named).map(|name| {
            let value = environment.is_set(name).then(|| "set".to_owned());
            (name, value)
        });
        let open = OPEN
            .into_iter()
            .filter_map(|name| Some((name, Some(masked(environment.get(name)?)))));
        secret
            .chain(open)
            .map(|(name, value)| {
                self.row((
                    name,
                    value,
                    Some(SettingSource::Variable(SafeText::new(name))),
                    &[],
                ))
            })
            .collect()
    }

    /// Returns the variable, if set.
    fn variable(&self, name: &str) -> Option<SettingSource> {
        let is_set = self.sources.environment.is_set(name);
        is_set.then(|| SettingSource::Variable(SafeText::new(name)))
    }

    /// Returns the line of the key at the end of `keys`, if the file has it.
    fn file(&self, keys: &[&str]) -> Option<SettingSource> {
        let written = &self.sources.written;
        Some(SettingSource::File {
            line: Some(written.line_of(keys)?),
            path: written.path.clone().unwrap_or_default(),
        })
    }
}

fn by_flag(is_given: bool, flag: &'static str) -> Option<SettingSource> {
    is_given.then_some(SettingSource::Flag(flag))
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn length(span: Duration) -> String {
    jiff::SignedDuration::try_from(span).map_or_else(|_| format!("{span:?}"), |span| format!("{span:#}"))
}

/// Returns the variable in which a credential looks for its secret, if the profile names one.
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

/// Returns the keys of a credential and their values. Of a command only the program is shown, because arguments often
/// contain secrets.
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

/// Masks the password in a URL; in doubt, too much is masked rather than too little.
fn masked(raw: &str) -> String {
    let (scheme, rest) = raw
        .split_once("://")
        .map_or(("", raw), |(scheme, rest)| (scheme, rest));
    let Some((user_info, place)) = rest.rsplit_once('@') else {
        return raw.to_owned();
    };
    let user = user_info.split_once(':').map_or("", |(user, _)| user);
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
