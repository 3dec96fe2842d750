//! Appearance of the dashboard: theme, mouse, notifications, keys.
//!
//! Knows words only. The dashboard validates commands, keys, themes, and theme files; so every such word keeps its
//! place in the file.

use std::{collections::BTreeMap, ops::Range, path::Path, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use toml::Spanned;

use crate::{
    domain::text::SafeText,
    settings::{error::SettingsError, position::position},
};

/// Appearance settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Name of a theme, or path of a theme file; none for the default colors.
    pub theme: Option<SpannedText>,
    /// Whether the mouse selects and scrolls.
    pub mouse: bool,
    /// Notification of a verdict.
    pub tell: Tell,
    /// Whether the terminal's title shows the number pending.
    pub title: bool,
    /// Key overrides, in the order of the commands' names.
    pub keys: Vec<KeyOverride>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: None,
            mouse: false,
            tell: Tell::default(),
            title: true,
            keys: Vec::new(),
        }
    }
}

/// Notification of a verdict to a person who looks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tell {
    /// The bell, which every terminal has and every multiplexer passes on.
    #[default]
    Bell,
    /// OSC 9, a notification of iTerm2, Windows Terminal, Ghostty, and others.
    Osc9,
    /// OSC 777, a notification of urxvt, foot, Ghostty, and others.
    Osc777,
    /// None.
    Off,
}

impl Tell {
    /// Returns the word in the settings file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bell => "bell",
            Self::Osc9 => "osc9",
            Self::Osc777 => "osc777",
            Self::Off => "off",
        }
    }
}

/// Override of a command's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOverride {
    /// Name of the command.
    pub command: SpannedText,
    /// Its keys; none to remove them.
    pub keys: Vec<SpannedText>,
}

/// A word with its place in the settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpannedText {
    /// The word.
    pub text: String,
    /// The file.
    pub file: Arc<Path>,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl SpannedText {
    /// Returns an error about the word, with its place.
    #[must_use]
    pub fn fault(&self, what: &str) -> SettingsError {
        SettingsError::File {
            path: self.file.to_path_buf(),
            line: self.line,
            column: self.column,
            what: SafeText::new(what),
        }
    }
}

/// Table `[keys]` as written.
pub(super) type Keys = BTreeMap<Spanned<String>, Spanned<OneOrSeveral>>;

/// One key, or a list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OneOrSeveral {
    One(String),
    Several(Vec<Spanned<String>>),
}

/// Adds places to words of `text`, the content of `file`.
pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) file: Arc<Path>,
}

impl Reading<'_> {
    pub(super) fn written(&self, text: &str, span: Range<usize>) -> SpannedText {
        let (line, column) = position(self.text, span.start);
        SpannedText {
            text: text.to_owned(),
            file: Arc::clone(&self.file),
            line,
            column,
        }
    }

    /// Returns the key overrides in `keys`.
    pub(super) fn wishes(&self, keys: &Keys) -> Vec<KeyOverride> {
        let wish = |(command, keys): (&Spanned<String>, &Spanned<OneOrSeveral>)| KeyOverride {
            command: self.written(command.get_ref(), command.span()),
            keys: match keys.get_ref() {
                OneOrSeveral::One(key) => vec![self.written(key, keys.span())],
                OneOrSeveral::Several(several) => several
                    .iter()
                    .map(|key| self.written(key.get_ref(), key.span()))
                    .collect(),
            },
        };
        keys.iter().map(wish).collect()
    }
}

impl<'de> Deserialize<'de> for OneOrSeveral {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = OneOrSeveral;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a key such as \"x\", or a list of keys")
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
                Ok(OneOrSeveral::One(key.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut keys = Vec::new();
                while let Some(key) = list.next_element()? {
                    keys.push(key);
                }
                Ok(OneOrSeveral::Several(keys))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
