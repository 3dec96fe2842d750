//! Variables and folders of a process, as a plain value.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::{domain::variable::bare, settings::paths::Places};

/// Variables and folders, passed as a value so that a test needs no process of its own.
///
/// Any variable may hold a secret, because a profile may name any for its own; so all of them are stored as secrets,
/// and `Debug` shows names alone.
/// `Debug` shows names alone.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, SecretString>,
    /// Folders of this user; none if the platform knows no home.
    pub places: Option<Places>,
}

impl Environment {
    /// Reads the variables of this process, each without [surrounding quotes](bare). Invalid UTF-8 is kept with marks,
    /// so that it is rejected rather than ignored.
    #[must_use]
    pub fn of_process() -> Self {
        let variables = std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into(),
                    bare(&value.to_string_lossy()).into(),
                )
            })
            .collect();
        Self {
            variables,
            places: Places::of_platform(),
        }
    }

    /// Returns a variable that by its meaning holds no secret; an empty one counts as unset.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.held(name).map(ExposeSecret::expose_secret)
    }

    /// Returns a variable that may hold a secret; an empty one counts as unset.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        self.held(name).cloned()
    }

    /// Returns the user's home, by `HOME` or by the platform.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.get("HOME").map(PathBuf::from).or_else(Places::home)
    }

    /// Returns true if a variable is set and not empty.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.held(name).is_some()
    }

    fn held(&self, name: &str) -> Option<&SecretString> {
        self.variables
            .get(name)
            .filter(|value| !value.expose_secret().is_empty())
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Environment {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(variables: I) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), bare(value).into()))
                .collect(),
            places: None,
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("places", &self.places)
            .finish()
    }
}
