//! How the dashboard looks, sounds and is worked: the theme, the mouse, what is told when something ended, the keys.
//!
//! Knows words alone. Which commands there are and which keys, which themes and what a theme file may say, is for the
//! dashboard to judge; so every such word keeps the place where it was written.

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

/// What the settings say of looks and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The name of a theme, or the path of a file that holds one; none for the usual colours.
    pub theme: Option<SpannedText>,
    /// Whether the mouse selects and scrolls.
    pub mouse: bool,
    /// How a person is told of a verdict.
    pub tell: Tell,
    /// Whether the terminal's title says how much is pending.
    pub title: bool,
    /// The keys that are wished otherwise, in the order of the commands' names.
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

/// How a person is told of a verdict while looking elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tell {
    /// The bell, which every terminal has and every multiplexer passes on.
    #[default]
    Bell,
    /// OSC 9, a notification of iTerm2, Windows Terminal, Ghostty and others.
    Osc9,
    /// OSC 777, a notification of urxvt, foot, Ghostty and others.
    Osc777,
    /// Not at all.
    Off,
}

impl Tell {
    /// The word that the settings file has for it.
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

/// The keys that a command is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOverride {
    /// The command's name.
    pub command: SpannedText,
    /// Its keys; none to take them away.
    pub keys: Vec<SpannedText>,
}

/// A word, and where the settings file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpannedText {
    /// The word.
    pub text: String,
    /// The file.
    pub file: Arc<Path>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl SpannedText {
    /// What is wrong with it, as an error that says where it is.
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

/// The table `[keys]` as it is written.
pub(super) type Keys = BTreeMap<Spanned<String>, Spanned<OneOrSeveral>>;

/// One key, or a list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OneOrSeveral {
    One(String),
    Several(Vec<Spanned<String>>),
}

/// Gives words their place in `text`, which `file` holds.
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

    /// The wishes that `keys` holds.
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
