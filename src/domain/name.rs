//! Names of operations for people and scripts: the id, or a short form of the fingerprint.

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

use crate::domain::{
    ids::OperationId,
    operation::{Destination, Operation},
    target::{Binding, Fingerprint, Scope, Target},
    text::SafeText,
};

/// Prefix of a short fingerprint; no id that can be sent has it.
const MARK: &str = "fp:";
/// Number of hex digits: enough to make a collision within one publisher unlikely.
const DIGITS: usize = 12;

/// Name of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationName {
    /// Its id.
    Id(OperationId),
    /// The short form of its fingerprint, if the service gives no id.
    Print(Box<str>),
}

/// Reasons why a text names no operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It must not be sent.
    #[error(
        "the id of an operation has letters, digits and -_.~ alone; copy it from `countermand operations`"
    )]
    Untrusted,
    /// It begins like a fingerprint but is malformed.
    #[error("a fingerprint is fp: and 12 hex digits; copy it from `countermand operations`")]
    Print,
}

impl OperationName {
    /// Returns the name of the operation that `binding` identifies on the offer of `scope`.
    #[must_use]
    pub fn of(scope: Scope<'_>, binding: &Binding) -> Self {
        match binding {
            Binding::Operation(id) => Self::Id(id.clone()),
            Binding::Fingerprint(print) => Self::Print(shortened(scope, print).into()),
        }
    }

    /// Returns true if both are the same name; case is ignored.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Id(one), Self::Id(other)) => one.is(other),
            (Self::Print(one), Self::Print(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        }
    }

    /// Returns the whole name, safe to show.
    #[must_use]
    pub fn shown(&self) -> SafeText {
        match self {
            Self::Id(id) => id.shown(),
            Self::Print(print) => SafeText::new(print),
        }
    }

    /// Returns a few characters that distinguish it from others on a screen.
    #[must_use]
    pub fn short(&self) -> SafeText {
        match self {
            Self::Id(id) => id.short(),
            Self::Print(print) => SafeText::new(print),
        }
    }
}

impl FromStr for OperationName {
    type Err = NameError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        if let Some(digits) = raw.strip_prefix(MARK) {
            let is_print = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            return is_print.then(|| Self::Print(raw.into())).ok_or(NameError::Print);
        }
        let id = OperationId::new(raw);
        if id.is_unsafe_segment() {
            Err(NameError::Untrusted)
        } else {
            Ok(Self::Id(id))
        }
    }
}

impl fmt::Display for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown().fmt(f)
    }
}

/// Computes the prefix and the first digits of a hash over the offer and the whole fingerprint. It is shown and typed
/// again, by this version and later ones: the input and its order never change.
fn shortened(scope: Scope<'_>, print: &Fingerprint) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let slot = match &print.destination {
        Destination::Preview => "preview",
        Destination::Live => "live",
        Destination::Unknown(word) => word.as_str(),
    };
    let parts = [
        Some(scope.origin.as_str().to_owned()),
        Some(scope.publisher.raw().to_ascii_lowercase()),
        Some(scope.offer.raw().to_ascii_lowercase()),
        Some(slot.to_owned()),
        number(print.offer_version),
        number(print.version),
        print.changed_at.map(|at| at.to_string()),
    ];
    let mut hash = Sha256::new();
    for part in parts {
        // The length comes first, and whether the part exists, so that no two lists of parts yield the same bytes.
        hash.update([u8::from(part.is_some())]);
        let part = part.unwrap_or_default();
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let digits = digest.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}"));
    MARK.to_owned() + &digits.collect::<String>()
}

impl Scope<'_> {
    /// Returns the name of `operation` of this offer.
    #[must_use]
    pub fn name(self, operation: &Operation) -> OperationName {
        OperationName::of(self, &Binding::of(operation))
    }
}

impl Target {
    /// Returns the name of the operation: its id, or its fingerprint if the service gives none.
    #[must_use]
    pub fn name(&self) -> OperationName {
        OperationName::of(self.scope(), &self.binding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::Origin, target::Target};

    fn target(change: impl FnOnce(&mut Target, &mut Fingerprint)) -> Target {
        let mut print = Fingerprint {
            destination: Destination::Unknown("".into()),
            offer_version: Some(7),
            version: None,
            changed_at: None,
        };
        let mut target = Target {
            origin: Origin::marketplace(),
            publisher: "contoso".into(),
            offer: "contoso-vm".into(),
            binding: Binding::Fingerprint(print.clone()),
        };
        change(&mut target, &mut print);
        target.binding = Binding::Fingerprint(print);
        target
    }

    #[test]
    fn short_fingerprint_is_stable() {
        let name = target(|_, _| ()).name();
        assert_eq!(name.to_string(), "fp:fd69f0a6450a");
        assert_eq!(name.to_string().parse(), Ok(name.clone()));
        assert!(
            name.to_string()
                .to_ascii_uppercase()
                .replace("FP:", "fp:")
                .parse::<OperationName>()
                .unwrap()
                .is(&name)
        );
        let same = target(|target, _| {
            target.publisher = "Contoso".into();
            target.offer = "CONTOSO-VM".into();
        });
        assert!(same.name().is(&name), "the service tells ids apart without case");
    }

    #[test]
    fn any_difference_changes_the_name() {
        let name = target(|_, _| ()).name();
        for (what, other) in [
            (
                "origin",
                target(|target, _| target.origin = Origin::parse("https://other.example").unwrap()),
            ),
            (
                "publisher",
                target(|target, _| target.publisher = "fabrikam".into()),
            ),
            ("offer", target(|target, _| target.offer = "contoso-v".into())),
            ("slot", target(|_, print| print.destination = Destination::Live)),
            ("offer version", target(|_, print| print.offer_version = None)),
            (
                "no version at all",
                target(|_, print| (print.offer_version, print.version) = (None, Some(7))),
            ),
            ("zero is a version", target(|_, print| print.version = Some(0))),
            (
                "start",
                target(|_, print| print.changed_at = Some(jiff::Timestamp::UNIX_EPOCH)),
            ),
            (
                "run together",
                target(|target, _| {
                    (target.publisher, target.offer) = ("contos".into(), "ocontoso-vm".into());
                }),
            ),
        ] {
            assert!(!other.name().is(&name), "{what}");
        }
    }

    #[test]
    fn invalid_names_are_refused_with_a_remedy() {
        for (raw, error) in [
            ("", NameError::Untrusted),
            ("a/b", NameError::Untrusted),
            ("fp:", NameError::Print),
            ("fp:0123456789a", NameError::Print),
            ("fp:0123456789abc", NameError::Print),
            ("fp:0123456789ag", NameError::Print),
        ] {
            assert_eq!(raw.parse::<OperationName>(), Err(error), "{raw:?}");
        }
        let id = "5a63deb5-0000-1000-0000-000000000000";
        assert_eq!(id.parse(), Ok(OperationName::Id(id.into())));
    }
}
