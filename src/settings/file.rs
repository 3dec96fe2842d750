//! The settings file: TOML, optional, and strict, because a misspelled key would silently be ignored.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    domain::{
        confirmation::Address,
        credential::CredentialSettings,
        ids::{Origin, PublisherId},
        nearest::nearest,
        text::SafeText,
        variable::bare,
    },
    settings::{
        appearance::{KeyOverride, Keys, Reading, SpannedText, Tell},
        error::SettingsError,
        poll::{self, Poll},
        position::position,
    },
};

/// Longest time that a cancellation may be followed.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);

/// Content of a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) default_profile: Option<String>,
    pub(super) plain: bool,
    pub(super) low_bandwidth: bool,
    theme: Option<Spanned<String>>,
    pub(super) mouse: bool,
    pub(super) tell: Option<Tell>,
    pub(super) title: Option<bool>,
    keys: Keys,
    /// Values of `theme` and `keys`, with their places in the file.
    #[serde(skip)]
    pub(super) written: (Option<SpannedText>, Vec<KeyOverride>),
    pub(super) profiles: BTreeMap<String, Profile>,
}

/// One profile: a publisher at a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) publisher: Option<PublisherId>,
    pub(super) base_url: Option<Origin>,
    pub(super) read_only: bool,
    pub(super) notify: Vec<Address>,
    #[serde(deserialize_with = "duration")]
    pub(super) timeout: Option<Duration>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) tell: Option<Tell>,
    pub(super) credential: Option<CredentialSettings>,
    pub(super) poll: Poll,
}

const TOP: [&str; 9] = [
    "default_profile",
    "keys",
    "low_bandwidth",
    "mouse",
    "plain",
    "profiles",
    "tell",
    "theme",
    "title",
];
const PROFILE: [&str; 9] = [
    "base_url",
    "ca_file",
    "credential",
    "notify",
    "poll",
    "publisher",
    "read_only",
    "tell",
    "timeout",
];

impl File {
    /// Parses `text`; `path` is for error messages only.
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, SettingsError> {
        let fault = |(span, what): (Option<Range<usize>>, String)| {
            let (line, column) = position(text, span.map_or(0, |span| span.start));
            SettingsError::File {
                path: path.into(),
                line,
                column,
                what: SafeText::new(&what),
            }
        };
        let located = |error: &toml::de::Error| (error.span(), error.message().to_owned());
        let table = DeTable::parse(text).map_err(|error| fault(located(&error)))?;
        if let Some((span, what)) = unknown_entry(table.get_ref()) {
            return Err(fault((Some(span), what)));
        }
        let mut file: Self = toml::from_str(text).map_err(|error| fault(located(&error)))?;
        let reading = Reading {
            text,
            file: path.into(),
        };
        file.default_profile = file.default_profile.map(|name| bare(&name).to_owned());
        for profile in file.profiles.values_mut() {
            let publisher = profile.publisher.take();
            profile.publisher = publisher.map(|publisher| PublisherId::new(bare(publisher.raw())));
        }
        let theme = file.theme.as_ref();
        file.written = (
            theme.map(|theme| reading.written(theme.get_ref(), theme.span())),
            reading.wishes(&file.keys),
        );
        Ok(file)
    }
}

impl File {
    /// Resolves every path in it by `place`.
    pub(super) fn locate(&mut self, place: impl Fn(&Path) -> PathBuf) {
        for profile in self.profiles.values_mut() {
            if let Some(file) = &mut profile.ca_file {
                *file = place(file);
            }
            if let Some(credential) = &mut profile.credential {
                credential.locate(&place);
            }
        }
    }
}

/// Returns the place of the first unknown key or word, and a message.
fn unknown_entry(top: &DeTable<'_>) -> Option<(Range<usize>, String)> {
    unknown_key(top, &TOP, "").or_else(|| {
        table(top.get("profiles")?)?
            .values()
            .filter_map(table)
            .filter_map(unknown_in_profile)
            .min_by_key(|(span, _)| span.start)
    })
}

/// Returns the first unknown key of a profile.
fn unknown_in_profile(profile: &DeTable<'_>) -> Option<(Range<usize>, String)> {
    unknown_key(profile, &PROFILE, " of a profile")
        .or_else(|| unknown_in_credential(table(profile.get("credential")?)?))
        .or_else(|| {
            let poll = table(profile.get("poll")?)?;
            unknown_key(poll, Poll::KEYS, " of `poll`").or_else(|| poll::beyond(poll))
        })
}

/// Returns the first unknown key of a credential.
fn unknown_in_credential(credential: &DeTable<'_>) -> Option<(Range<usize>, String)> {
    unknown_key(credential, CredentialSettings::KEYS, " of a credential")
        .or_else(|| unknown_kind(credential.get("kind")?))
}

fn unknown_kind(kind: &Spanned<DeValue<'_>>) -> Option<(Range<usize>, String)> {
    let DeValue::String(word) = kind.get_ref() else {
        return None;
    };
    let known = CredentialSettings::KINDS;
    if known.contains(&word.as_ref()) {
        return None;
    }
    let advice = match nearest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the kinds are {}", known.join(", ")),
    };
    Some((
        kind.span(),
        format!("`{word}` is no kind of credential; {advice}"),
    ))
}

fn table<'a, 'text>(value: &'a Spanned<DeValue<'text>>) -> Option<&'a DeTable<'text>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn unknown_key(table: &DeTable<'_>, known: &[&'static str], of: &str) -> Option<(Range<usize>, String)> {
    let (span, name) = table
        .keys()
        .filter(|key| !known.contains(&key.get_ref().as_ref()))
        .map(|key| (key.span(), key.get_ref()))
        .min_by_key(|(span, _)| span.start)?;
    let advice = match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the keys{of} are {}", known.join(", ")),
    };
    Some((span, format!("unknown key `{name}`; {advice}")))
}

/// Returns the line, from 1, of the key at the end of `keys` in `text`.
pub(super) fn line_of(text: &str, keys: &[&str]) -> Option<usize> {
    let top = DeTable::parse(text).ok()?;
    let (last, path) = keys.split_last()?;
    let inner = path
        .iter()
        .try_fold(top.get_ref(), |inside, key| table(inside.get(*key)?))?;
    let (key, _) = inner.get_key_value(*last)?;
    Some(position(text, key.span().start).0)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let raw = String::deserialize(deserializer)?;
    let span = raw
        .trim()
        .parse::<SignedDuration>()
        .ok()
        .and_then(|span| Duration::try_from(span).ok())
        .filter(|span| !span.is_zero())
        .ok_or_else(|| {
            de::Error::custom(format!(
                "`{raw}` is no duration; write it as 90s, 30min or 1h30min"
            ))
        })?;
    if span > LONGEST {
        return Err(de::Error::custom(format!(
            "`{raw}` is too long; 30 days are the most"
        )));
    }
    Ok(Some(span))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn parse(text: &str) -> Result<File, String> {
        File::parse(text, Path::new("s.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn example_is_valid_with_and_without_comment_marks() {
        let example = include_str!("../../assets/settings.toml");
        assert!(parse(example).is_ok());
        let bared: String = example
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .flat_map(|line| [line, "\n"])
            .collect();
        let file = parse(&bared).unwrap();
        assert_eq!(file.default_profile.as_deref(), Some("prod"));
        let prod = &file.profiles["prod"];
        assert_eq!(prod.timeout, Some(Duration::from_mins(30)));
        assert_eq!(prod.notify.len(), 1);
        assert!(file.profiles["audit"].read_only);
        assert_eq!(
            prod.poll,
            Poll::default().written(),
            "the example shows every interval, as it is by default"
        );
        assert_eq!((prod.tell, file.tell), (Some(Tell::Osc9), Some(Tell::Bell)));
        assert_eq!(file.written.1.len(), 2);
        let shown: BTreeSet<String> = file
            .profiles
            .values()
            .filter_map(|profile| profile.credential.as_ref())
            .map(|credential| toml::Table::try_from(credential).unwrap()["kind"].to_string())
            .collect();
        let kinds = CredentialSettings::KINDS.iter().map(|kind| format!("\"{kind}\""));
        assert_eq!(shown, kinds.collect(), "the example shows every kind");
    }

    #[test]
    fn keys_and_theme_keep_their_place() {
        let file =
            parse("theme = 'dark'\n[keys]\nquit = []\ncancel = 'x'\ndown = ['n',\n 'ctrl-n']").unwrap();
        let (theme, wishes) = file.written;
        let at = |written: &SpannedText| (written.text.clone(), written.line, written.column);
        assert_eq!(theme.as_ref().map(at), Some(("dark".into(), 1, 9)));
        let read: Vec<_> = wishes
            .iter()
            .map(|wish| (at(&wish.command), wish.keys.iter().map(at).collect::<Vec<_>>()))
            .collect();
        assert_eq!(
            read,
            [
                (("cancel".into(), 4, 1), vec![("x".into(), 4, 10)]),
                (
                    ("down".into(), 5, 1),
                    vec![("n".into(), 5, 9), ("ctrl-n".into(), 6, 2)]
                ),
                (("quit".into(), 3, 1), vec![]),
            ]
        );
    }

    #[test]
    fn errors_are_named_with_their_place() {
        for (text, expected) in [
            (
                "defaultprofile = 'a'",
                "s.toml:1:1: unknown key `defaultprofile`; did you mean `default_profile`?",
            ),
            (
                "[profiles.a]\npublisher = 'x'\n  read-only = true",
                "s.toml:3:3: unknown key `read-only`; did you mean `read_only`?",
            ),
            (
                "colour = 1",
                "s.toml:1:1: unknown key `colour`; the keys are default_profile, keys, low_bandwidth, mouse, plain, \
                 profiles, tell, theme, title",
            ),
            (
                "[profiles.a]\nbase_url = 'http://example.com'",
                "s.toml:2:12: plain http is accepted for this machine alone (localhost, 127.0.0.1, [::1]); use https://",
            ),
            (
                "[profiles.a]\ntimeout = 'soon'",
                "s.toml:2:11: `soon` is no duration; write it as 90s, 30min or 1h30min",
            ),
            (
                "[profiles.a]\ntimeout = '721h'",
                "s.toml:2:11: `721h` is too long; 30 days are the most",
            ),
            (
                "[profiles.a.credential]\nkind = 'file'\n pat = '/t'",
                "s.toml:3:2: unknown key `pat`; did you mean `path`?",
            ),
            (
                "[profiles.a.credential]\nkind = 'device_cod'",
                "s.toml:2:8: `device_cod` is no kind of credential; did you mean `device-code`?",
            ),
            (
                "[profiles.a]\ncredential = { kind = 'password' }",
                "s.toml:2:23: `password` is no kind of credential; the kinds are environment, file, command, \
                 client-secret, client-certificate, managed-identity, workload-identity, azure-cli, device-code",
            ),
            (
                "[profiles.a.credential]\nkind = 'command'\ncommand = ['x']\ntimeout = '-1s'",
                "s.toml:4:11: a time limit is longer than nothing",
            ),
            (
                "[profiles.a]\n[profiles.a.credential]\nkind = 'azure-cli'\npath = '/t'",
                "s.toml:2:1: a credential of kind `azure-cli` has no `path`",
            ),
            (
                "tell = 'bel'",
                "s.toml:1:8: unknown variant `bel`, expected one of `bell`, `osc9`, `osc777`, `off`",
            ),
            (
                "[profiles.a]\ntel = 'off'",
                "s.toml:2:1: unknown key `tel`; did you mean `tell`?",
            ),
            (
                "[keys]\ncancel = 7",
                "s.toml:2:10: invalid type: integer `7`, expected a key such as \"x\", or a list of keys",
            ),
            (
                "[profiles.a.credential]\npath = '/t'",
                "s.toml:1:1: missing field `kind`",
            ),
            (
                "[profiles.a.poll]\nlst = '60s'",
                "s.toml:2:1: unknown key `lst`; did you mean `list`?",
            ),
            (
                "[profiles.a]\npoll = { speed = '60s' }",
                "s.toml:2:10: unknown key `speed`; the keys of `poll` are list, visible, hidden, early, later, late, \
                 longest_wait",
            ),
            (
                "[profiles.a.poll]\nlist = 'often'",
                "s.toml:2:8: `often` is no duration; write it as 30s or 2min",
            ),
            (
                "[profiles.a.poll]\nvisible = '15s'\nlist = '1s'",
                "s.toml:3:8: `1s` asks too much of the service; `list` is at least 10s",
            ),
            (
                "[profiles.a.poll]\nlate = '2h'",
                "s.toml:2:8: `2h` is next to never; `late` is at most 1h",
            ),
            (
                "[profiles.a]\nnotify = ['nobody']",
                "s.toml:2:10: `nobody` is no mail address; write it as name@host, several separated by commas",
            ),
        ] {
            assert_eq!(parse(text), Err(expected.into()), "{text}");
        }
        for (text, place) in [("a = ", "s.toml:1:5: "), ("\n\nplain = 'yes'", "s.toml:3:9: ")] {
            let message = parse(text).unwrap_err();
            assert!(message.starts_with(place), "{message}");
        }
    }
}
