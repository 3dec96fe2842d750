//! Target of a cancellation, bound so that it cannot change its meaning.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::{OfferId, OperationId, Origin, PublisherId},
    operation::{Destination, Operation},
};

/// One operation of one offer of one publisher at one service.
///
/// The cancel names only the offer; the binding detects whether the offer's active operation is still the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Origin of the service.
    pub origin: Origin,
    /// Publisher.
    pub publisher: PublisherId,
    /// Offer.
    pub offer: OfferId,
    /// Binding of the operation.
    pub binding: Binding,
}

/// What the cancel of a service names, and so what it may hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelNames {
    /// The offer: whatever runs on it is hit.
    Offer,
    /// The operation: nothing else can be hit.
    Operation,
}

/// The offer of some operations. Their names depend on it if the service gives no ids.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Origin of the service.
    pub origin: &'a Origin,
    /// Publisher.
    pub publisher: &'a PublisherId,
    /// Offer.
    pub offer: &'a OfferId,
}

impl Target {
    /// Returns the offer of the operation.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        Scope {
            origin: &self.origin,
            publisher: &self.publisher,
            offer: &self.offer,
        }
    }

    /// Returns true if both are the same operation; the service ignores case in ids.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.is_on_same_offer(other) && self.binding.key() == other.binding.key()
    }

    /// Returns true if both are on the same offer of the same publisher at the same service.
    #[must_use]
    pub fn is_on_same_offer(&self, other: &Self) -> bool {
        self.origin == other.origin && self.publisher.is(&other.publisher) && self.offer.is(&other.offer)
    }
}

/// Identification of an operation among those of the same offer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// By its id.
    Operation(OperationId),
    /// By its other data, if the service gives no id.
    Fingerprint(Fingerprint),
}

/// Identifying data of an operation without an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Slot.
    pub destination: Destination,
    /// Version of the offer.
    pub offer_version: Option<i64>,
    /// Version of the operation.
    pub version: Option<i64>,
    /// Time of the start or the last change.
    pub changed_at: Option<Timestamp>,
}

impl Binding {
    /// Returns the binding of `operation`: its id, if it has one.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        match &operation.id {
            Some(id) => Self::Operation(id.clone()),
            None => Self::Fingerprint(Fingerprint {
                destination: operation.destination.clone(),
                offer_version: operation.offer_version,
                version: operation.version,
                changed_at: operation.changed_at,
            }),
        }
    }

    /// Returns true if `operation` is the bound one.
    #[must_use]
    pub fn names(&self, operation: &Operation) -> bool {
        match (self, &operation.id) {
            (Self::Operation(bound), Some(id)) => bound.is(id),
            (Self::Fingerprint(_), None) => *self == Self::of(operation),
            _ => false,
        }
    }

    /// Returns true if `operation`, read later than the bound one, may be the same. Without an id, an older one is
    /// another: versions and the time of change only grow.
    #[must_use]
    pub fn may_have_become(&self, operation: &Operation) -> bool {
        match (self, &operation.id) {
            (Self::Operation(bound), Some(id)) => bound.is(id),
            (Self::Fingerprint(bound), None) => {
                let is_older = is_less(operation.offer_version, bound.offer_version)
                    || is_less(operation.version, bound.version)
                    || is_less(operation.changed_at, bound.changed_at);
                !is_older
            }
            _ => false,
        }
    }

    /// Returns the operation's id, if it has one.
    #[must_use]
    pub fn operation(&self) -> Option<&OperationId> {
        match self {
            Self::Operation(id) => Some(id),
            Self::Fingerprint(_) => None,
        }
    }

    /// Returns a text that is equal for equal bindings, by which claims are unique.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Operation(id) => format!("operation {}", id.raw().to_ascii_lowercase()),
            Self::Fingerprint(print) => format!(
                "fingerprint {} {} {} {}",
                print.destination.word(),
                print.offer_version.unwrap_or_default(),
                print.version.unwrap_or_default(),
                print.changed_at.map(|at| at.to_string()).unwrap_or_default(),
            ),
        }
    }
}

fn is_less<T: PartialOrd>(read: Option<T>, bound: Option<T>) -> bool {
    matches!((read, bound), (Some(read), Some(bound)) if read < bound)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} ({})", self.publisher, self.offer, self.name().short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::cpp::status;

    fn entry(id: Option<&str>, offer_version: Option<i64>, version: Option<i64>, second: i64) -> Operation {
        Operation {
            id: id.map(OperationId::new),
            kind: "publish".into(),
            destination: Destination::Preview,
            state: status("running"),
            offer_version,
            version,
            changed_at: Timestamp::from_second(second).ok(),
        }
    }

    #[test]
    fn without_an_id_an_older_operation_is_another() {
        let bound = Binding::of(&entry(None, Some(2), Some(20), 200));
        for (later, may_be) in [
            (entry(None, Some(2), Some(20), 200), true),
            (entry(None, Some(2), Some(21), 201), true),
            (entry(None, None, None, 200), true),
            (entry(None, Some(1), Some(21), 201), false),
            (entry(None, Some(2), Some(19), 201), false),
            (entry(None, Some(2), Some(21), 199), false),
            (entry(Some("a"), Some(2), Some(20), 200), false),
        ] {
            assert_eq!(bound.may_have_become(&later), may_be, "{later:?}");
        }
        let named = Binding::Operation("a".into());
        assert!(named.may_have_become(&entry(Some("A"), Some(1), Some(1), 1)));
        assert!(!named.may_have_become(&entry(Some("b"), Some(1), Some(1), 1)));
        assert!(!named.may_have_become(&entry(None, Some(1), Some(1), 1)));
    }
}
