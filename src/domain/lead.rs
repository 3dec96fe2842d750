//! Where the service said that a cancellation can be followed, as the service has read it against what was canceled.
//!
//! The raw text is never called: it is shown. What may be called is data of the service, which reads it again and builds
//! a request anew from its parts. Must not know the form of any address.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{ids::OperationId, text::SafeText};

/// A lead as it came, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// The text as it came, safe to show.
    pub shown: SafeText,
    /// What it leads to.
    #[serde(rename = "way")]
    pub to: LeadsTo,
}

/// What a lead leads to. Journals hold it under the names that the first version gave them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadsTo {
    /// An operation of the target's offer.
    Operation(OperationId),
    /// Something else of the target's offer, by parts that the service alone understands.
    #[serde(rename = "legacy")]
    Parts(BTreeMap<Box<str>, Box<str>>),
    /// Nowhere that is called.
    #[serde(rename = "inert")]
    Untrusted(UntrustedReason),
}

/// Why a lead is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UntrustedReason {
    /// It leads to another origin, where our token has no business.
    OtherOrigin,
    /// It leads to another publisher.
    OtherPublisher,
    /// It leads to another offer.
    OtherOffer,
    /// It has no shape that this program knows.
    UnknownShape,
}

impl UntrustedReason {
    /// Why, in words that end the sentence "not called: …".
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
    /// The operation it names, where it names one that may be called.
    #[must_use]
    pub fn operation(&self) -> Option<&OperationId> {
        match &self.to {
            LeadsTo::Operation(id) => Some(id),
            LeadsTo::Parts(_) | LeadsTo::Untrusted(_) => None,
        }
    }

    /// Whether it can be called.
    #[must_use]
    pub fn is_callable(&self) -> bool {
        !matches!(self.to, LeadsTo::Untrusted(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_versions_recorded_is_read_and_written_as_it_was() {
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
