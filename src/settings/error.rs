//! Errors of settings. Each names its place and its remedy.

use std::path::{Path, PathBuf};

use crate::{
    domain::{ids::Origin, text::SafeText, verdict::Exit},
    files::custody::Refused,
};

/// Reasons for unusable settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Invalid content of the file.
    #[error("{}:{line}:{column}: {what}", path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1, in characters.
        column: usize,
        /// Problem and remedy.
        what: SafeText,
    },
    /// The file exists or was requested, and cannot be read.
    #[error("{}: {what}; name another with --config", path.display())]
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Error in the system's words.
        what: SafeText,
    },
    /// Others can write a file that would be obeyed.
    #[error("{what}. Nothing of it is obeyed before that")]
    Exposed {
        /// Path, cause, and remedy.
        what: SafeText,
    },
    /// Invalid value of a flag or variable.
    #[error("{from}: {what}")]
    Value {
        /// The flag or variable.
        from: &'static str,
        /// Problem and remedy.
        what: SafeText,
    },
    /// The chosen profile is not in the file.
    #[error("there is no profile `{name}`; {known}")]
    NoProfile {
        /// Requested name.
        name: SafeText,
        /// Known names.
        known: SafeText,
    },
    /// Several profiles, and none is chosen.
    #[error(
        "which profile? {known}; choose with --profile NAME, COUNTERMAND_PROFILE or `default_profile` in the file"
    )]
    WhichProfile {
        /// Known names.
        known: SafeText,
    },
    /// No publisher is named.
    #[error(
        "no publisher: say whose offers are meant with --publisher ID, COUNTERMAND_PUBLISHER or `publisher` in a \
         profile; `countermand demo` needs none"
    )]
    NoPublisher,
    /// No publisher is named, and the service lists none either.
    #[error(
        "no publisher: none is set, and this sign-in may see none; name one with --publisher ID, or sign in as somebody \
         who belongs to one"
    )]
    NoPublisherSeen,
    /// No publisher is named, and the service lists several.
    #[error(
        "which publisher? this sign-in may see {known}; name one with --publisher ID, COUNTERMAND_PUBLISHER or \
         `publisher` in a profile"
    )]
    WhichPublisher {
        /// Known publishers.
        known: SafeText,
    },
    /// No source of a token is named.
    #[error(
        "not signed in: set COUNTERMAND_TOKEN, or give the profile a `credential`; `countermand demo` needs neither"
    )]
    NoCredential {
        /// Unset variables of an application with a client secret.
        unset: Vec<&'static str>,
    },
    /// The profile switched to has only a sign-in that belongs elsewhere.
    #[error(
        "the profile has no `credential` of its own, and what the environment signs in with is for {home} alone, where \
         this was started; give the profile one in the settings file, or start anew with --profile"
    )]
    CredentialStays {
        /// Service that the program was started with.
        home: Origin,
    },
}

impl SettingsError {
    /// Creates the error of a file at `path` that is not obeyed.
    #[must_use]
    pub(crate) fn refused(refused: &Refused, path: &Path) -> Self {
        let what = SafeText::new(&refused.to_string());
        match refused {
            Refused::Exposed(_) => Self::Exposed { what },
            Refused::Unreadable(_) => Self::Unreadable {
                path: path.into(),
                what,
            },
        }
    }

    /// Returns remedies, one per line, the easiest first; none if the error itself is complete.
    #[must_use]
    pub fn remedies(&self) -> Vec<String> {
        let Self::NoCredential { unset } = self else {
            return Vec::new();
        };
        vec![
            "to look around first:         countermand demo".to_owned(),
            "with a token:                 export COUNTERMAND_TOKEN=$(az account get-access-token \
             --resource https://cloudpartner.azure.com --query accessToken -o tsv)"
                .to_owned(),
            "by a profile's settings:      credential = { kind = \"device-code\" }".to_owned(),
            format!("as an application, by secret: set {}", unset.join(", ")),
        ]
    }

    /// Returns the exit code of a program that ends with this error.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::NoCredential { .. } | Self::CredentialStays { .. } => Exit::SignIn,
            Self::File { .. }
            | Self::Unreadable { .. }
            | Self::Exposed { .. }
            | Self::Value { .. }
            | Self::NoProfile { .. }
            | Self::WhichProfile { .. }
            | Self::NoPublisher
            | Self::NoPublisherSeen
            | Self::WhichPublisher { .. } => Exit::Usage,
        }
    }
}
