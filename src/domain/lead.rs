//! Leads of the service for following a cancellation, as its module has read them against the target.
//!
//! The raw text is shown and never called. The callable part is data of the service's module, which validates it again
//! and builds a request from its parts. Must not know the form of any URL.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{ids::OperationId, text::SafeText};

/// A lead as received, and its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// The text as received, safe to show.
    pub shown: SafeText,
    /// Its meaning.
    #[serde(rename = "way")]
    pub to: LeadsTo,
}

/// Meaning of a lead. Journals store it under the names of the first version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadsTo {
    /// An operation of the target's offer.
    Operation(OperationId),
    /// Another resource of the target's offer, by parts that only the service's module understands.
    #[serde(rename = "legacy")]
    Parts(BTreeMap<Box<str>, Box<str>>),
    /// Never called.
    #[serde(rename = "inert")]
    Untrusted(UntrustedReason),
}

/// Reasons not to call a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UntrustedReason {
    /// Leads to another origin, which must not receive the token.
    OtherOrigin,
    /// Leads to another publisher.
    OtherPublisher,
    /// Leads to another offer.
    OtherOffer,
    /// Has an unknown form.
    UnknownShape,
}

impl UntrustedReason {
    /// Returns the reason, to end the sentence "not called: …".
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::OtherOrigin => "it leads to another server",
            Self::OtherPublisher => "it leads to another publisher",
            Self::OtherOffer => "it leads to another offer",
            Self::UnknownShape => "its form is unknown",
        }
    }
}

impl Lead {
    /// Returns the operation it names, if that may be called.
    #[must_use]
    pub fn operation(&self) -> Option<&OperationId> {
        match &self.to {
            LeadsTo::Operation(id) => Some(id),
            LeadsTo::Parts(_) | LeadsTo::Untrusted(_) => None,
        }
    }

    /// Returns true if it can be called.
    #[must_use]
    pub fn is_callable(&self) -> bool {
        !matches!(self.to, LeadsTo::Untrusted(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_of_earlier_versions_are_read_and_written_unchanged() {
        for (recorded, is_callable) in [
            (r#"{"shown":"/x","way":{"operation":"408a4835"}}"#, true),
            (
                r#"{"shown":"/x","way":{"legacy":{"number":"2","slot":"preview"}}}"#,
                true,
            ),
            (r#"{"shown":"/x","way":{"inert":"other_origin"}}"#, false),
        ] {
            let lead: Lead = serde_json::from_str(recorded).unwrap();
            assert_eq!(lead.is_callable(), is_callable, "{recorded}");
            assert_eq!(serde_json::to_string(&lead).unwrap(), recorded);
        }
    }
}
