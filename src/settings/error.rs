//! What can be wrong with settings. Each error says where it lies and what to do.

use std::path::{Path, PathBuf};

use crate::{
    domain::{ids::Origin, text::SafeText, verdict::Exit},
    files::custody::Refused,
};

/// Why there are no settings to work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file says something that cannot be.
    #[error("{}:{line}:{column}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong and what would be right.
        what: SafeText,
    },
    /// The file is there, or was asked for, and cannot be read.
    #[error("{}: {what}; name another with --config", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        what: SafeText,
    },
    /// Somebody else can write what would be obeyed.
    #[error("{what}. Nothing of it is obeyed before that")]
    Exposed {
        /// What can be written, by whom, and how to close it.
        what: SafeText,
    },
    /// A flag or a variable has a value that cannot be.
    #[error("{from}: {what}")]
    Value {
        /// The flag or variable.
        from: &'static str,
        /// What is wrong and what would be right.
        what: SafeText,
    },
    /// A profile was chosen that the file does not have.
    #[error("there is no profile `{name}`; {known}")]
    NoProfile {
        /// What was asked for.
        name: SafeText,
        /// What there is.
        known: SafeText,
    },
    /// The file has several profiles and nothing says which.
    #[error(
        "which profile? {known}; choose with --profile NAME, COUNTERMAND_PROFILE or `default_profile` in the file"
    )]
    WhichProfile {
        /// What there is.
        known: SafeText,
    },
    /// Nothing names the publisher.
    #[error(
        "no publisher: say whose offers are meant with --publisher ID, COUNTERMAND_PUBLISHER or `publisher` in a \
         profile; `countermand demo` needs none"
    )]
    NoPublisher,
    /// Nothing names the publisher, and the service knows of none either.
    #[error(
        "no publisher: none is set, and this sign-in may see none; name one with --publisher ID, or sign in as somebody \
         who belongs to one"
    )]
    NoPublisherSeen,
    /// Nothing names the publisher, and the service knows of several.
    #[error(
        "which publisher? this sign-in may see {known}; name one with --publisher ID, COUNTERMAND_PUBLISHER or \
         `publisher` in a profile"
    )]
    WhichPublisher {
        /// What there is.
        known: SafeText,
    },
    /// Nothing says where a token comes from.
    #[error(
        "not signed in: set COUNTERMAND_TOKEN, or give the profile a `credential`; `countermand demo` needs neither"
    )]
    NoCredential {
        /// The variables of an application with a client secret that are not set.
        unset: Vec<&'static str>,
    },
    /// A profile was switched to that has no way to sign in but one that belongs elsewhere.
    #[error(
        "the profile has no `credential` of its own, and what the environment signs in with is for {home} alone, where \
         this was started; give the profile one in the settings file, or start anew with --profile"
    )]
    CredentialStays {
        /// The service that the program was started with.
        home: Origin,
    },
}

impl SettingsError {
    /// Why the file at `path` is not obeyed.
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

    /// What helps, a way a line, the easiest first; nothing where the error itself says all there is to say.
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

    /// How a program ends that cannot go on for this.
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
