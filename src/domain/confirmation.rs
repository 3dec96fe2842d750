//! A confirmed cancel: the target, the data shown, and the recipients of notifications.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::CancellationId,
    operation::{Destination, Operation},
    status::Status,
    target::Target,
    text::SafeText,
};

/// A confirmed cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Operation to cancel.
    pub target: Target,
    /// Profile of the confirmation.
    pub profile: SafeText,
    /// Data about the operation that was shown when it was confirmed.
    pub shown: Shown,
    /// Recipients of the service's email.
    pub notify: Vec<Address>,
    /// Earlier cancellation of the same operation that this one repeats.
    pub again_of: Option<CancellationId>,
}

/// Data about an operation at its confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Kind of operation, such as `publish`.
    pub kind: SafeText,
    /// Destination.
    pub destination: Destination,
    /// State.
    pub state: Status,
    /// Current step, if known.
    pub step: Option<SafeText>,
    /// Time of the last change, if known.
    pub changed_at: Option<Timestamp>,
}

impl Shown {
    /// Takes the data of `operation`, at `step`.
    #[must_use]
    pub fn of(operation: &Operation, step: Option<SafeText>) -> Self {
        Self {
            kind: operation.kind.clone(),
            destination: operation.destination.clone(),
            state: operation.state.clone(),
            step,
            changed_at: operation.changed_at,
        }
    }
}

/// An email address for a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Address(Box<str>);

/// Reasons why a text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mail address; write it as name@host, several separated by commas")]
pub struct AddressError(SafeText);

impl Address {
    /// Returns the address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let raw = raw.trim();
        let plain =
            |c: char| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '"' | '<' | '>' | '(' | ')' | '\\');
        match raw.split_once('@') {
            Some((name, host))
                if !name.is_empty()
                    && !host.is_empty()
                    && !host.contains('@')
                    && raw.len() <= 254
                    && raw.chars().all(plain) =>
            {
                Ok(Self(raw.into()))
            }
            _ => Err(AddressError(SafeText::new(raw))),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_validated() {
        for good in ["a@x", " release.team+x@contoso.com "] {
            assert_eq!(good.parse::<Address>().unwrap().as_str(), good.trim());
        }
        for bad in [
            "",
            "a",
            "@x",
            "a@",
            "a@b@c",
            "a b@x",
            "a@x,b@y",
            "a@x\u{202e}",
            "<a@x>",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad:?}");
        }
    }
}
