//! Where the service says that a cancellation can be followed, read against what was cancelled.
//!
//! The raw text is never called. Only an address of a known shape, at the target's own origin, publisher and offer, is
//! understood; a request is then built anew from its parts. Everything else is shown and inert.

use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::{OperationId, Origin},
    target::Target,
    text::SafeText,
};

/// A location as it came, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The text as it came, safe to show.
    pub shown: SafeText,
    /// What it leads to.
    pub way: Lead,
}

/// What a location leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lead {
    /// `/api/publishers/{publisher}/offers/{offer}/operations/{id}` of the target's offer.
    Operation(OperationId),
    /// `/api/operations/{publisher}${offer}${number}${slot}` of the target's offer, as older offers have it.
    Legacy {
        /// The number after the offer, `2` in all that is documented.
        number: Box<str>,
        /// The slot at the end, `preview` in all that is documented.
        slot: Box<str>,
    },
    /// Nowhere that is called.
    Untrusted(UntrustedReason),
}

/// Why a location is not called.
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

impl Location {
    /// Reads `raw`, absolute or relative, with or without a query, against `target`.
    #[must_use]
    pub fn read(raw: &str, target: &Target) -> Self {
        Self {
            shown: SafeText::new(raw),
            way: way(raw, target).unwrap_or_else(Lead::Untrusted),
        }
    }

    /// The operation it names, where it names one that may be called.
    #[must_use]
    pub fn operation(&self) -> Option<&OperationId> {
        match &self.way {
            Lead::Operation(id) => Some(id),
            Lead::Legacy { .. } | Lead::Untrusted(_) => None,
        }
    }

    /// Whether it can be called.
    #[must_use]
    pub fn is_callable(&self) -> bool {
        !matches!(self.way, Lead::Untrusted(_))
    }
}

fn way(raw: &str, target: &Target) -> Result<Lead, UntrustedReason> {
    let path = path_at(raw, &target.origin)?;
    // The query says nothing that the request built anew would not say itself.
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_prefix('/').ok_or(UntrustedReason::UnknownShape)?;
    let segments: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
    let is = |segment: &str, word: &str| segment.eq_ignore_ascii_case(word);
    match segments[..] {
        [api, publishers, publisher, offers, offer, operations, id]
            if is(api, "api")
                && is(publishers, "publishers")
                && is(offers, "offers")
                && is(operations, "operations") =>
        {
            of_target(publisher, offer, target)?;
            let id = OperationId::new(id);
            if id.is_unsafe_segment() {
                Err(UntrustedReason::UnknownShape)
            } else {
                Ok(Lead::Operation(id))
            }
        }
        [api, operations, key] if is(api, "api") && is(operations, "operations") => legacy(key, target),
        _ => Err(UntrustedReason::UnknownShape),
    }
}

/// The path (and query) of `raw` if it leads to `origin`.
fn path_at<'a>(raw: &'a str, origin: &Origin) -> Result<&'a str, UntrustedReason> {
    if raw.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(UntrustedReason::UnknownShape);
    }
    if raw.starts_with("//") {
        return Err(UntrustedReason::OtherOrigin);
    }
    if raw.starts_with('/') {
        return Ok(raw);
    }
    let Some((scheme, rest)) = raw.split_once("://") else {
        return Err(UntrustedReason::UnknownShape);
    };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    match Origin::parse(&format!("{scheme}://{authority}")) {
        Ok(found) if found == *origin => Ok(path),
        _ => Err(UntrustedReason::OtherOrigin),
    }
}

fn of_target(publisher: &str, offer: &str, target: &Target) -> Result<(), UntrustedReason> {
    if !publisher.eq_ignore_ascii_case(target.publisher.raw()) {
        return Err(UntrustedReason::OtherPublisher);
    }
    if !offer.eq_ignore_ascii_case(target.offer.raw()) {
        return Err(UntrustedReason::OtherOffer);
    }
    Ok(())
}

/// Reads `publisher$offer$number$slot`; the `$` may come encoded.
fn legacy(key: &str, target: &Target) -> Result<Lead, UntrustedReason> {
    let key = key.replace("%24", "$");
    let parts: Vec<&str> = key.split('$').collect();
    let [publisher, offer, number, slot] = parts[..] else {
        return Err(UntrustedReason::UnknownShape);
    };
    of_target(publisher, offer, target)?;
    let plain =
        |part: &str| !part.is_empty() && part.len() <= 32 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain(number) && plain(slot) {
        Ok(Lead::Legacy {
            number: number.into(),
            slot: slot.into(),
        })
    } else {
        Err(UntrustedReason::UnknownShape)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{fuzz_support, ids::PublisherId, target::Binding};

    const ID: &str = "408a4835-0000-1000-0000-000000000000";

    fn target() -> Target {
        Target {
            origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
            publisher: PublisherId::new("contoso"),
            offer: "contoso-vm".into(),
            binding: Binding::Operation(ID.into()),
        }
    }

    #[test]
    fn every_documented_form_is_understood() {
        let operation = Lead::Operation(ID.into());
        let legacy = Lead::Legacy {
            number: "2".into(),
            slot: "preview".into(),
        };
        for (raw, way) in [
            (
                format!("/api/publishers/contoso/offers/contoso-vm/operations/{ID}?api-version=2017-10-31"),
                &operation,
            ),
            (
                format!("/api/publishers/contoso/offers/contoso-vm/operations/{ID}"),
                &operation,
            ),
            (
                format!("/api/publishers/contoso/offers/contoso-vm/operations/{ID}/?api-version=2017-10-31"),
                &operation,
            ),
            (
                format!(
                    "https://cloudpartner.azure.com/api/publishers/contoso/offers/contoso-vm/operations/{ID}"
                ),
                &operation,
            ),
            (
                format!(
                    "https://CloudPartner.azure.com:443/api/publishers/Contoso/offers/contoso-vm/operations/{ID}"
                ),
                &operation,
            ),
            (
                "/api/operations/contoso$contoso-vm$2$preview?api-version=2017-10-31".to_owned(),
                &legacy,
            ),
            (
                "/api/operations/contoso%24contoso-vm%242%24preview".to_owned(),
                &legacy,
            ),
            (
                "https://cloudpartner.azure.com/api/operations/contoso$contoso-vm$2$preview".to_owned(),
                &legacy,
            ),
        ] {
            assert_eq!(Location::read(&raw, &target()).way, *way, "{raw}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_inert() {
        for (raw, why) in [
            (
                "https://evil.example/api/publishers/contoso/offers/contoso-vm/operations/1",
                UntrustedReason::OtherOrigin,
            ),
            (
                "//evil.example/api/publishers/contoso/offers/contoso-vm/operations/1",
                UntrustedReason::OtherOrigin,
            ),
            (
                "http://cloudpartner.azure.com/api/publishers/contoso/offers/contoso-vm/operations/1",
                UntrustedReason::OtherOrigin,
            ),
            (
                "https://cloudpartner.azure.com:8443/api/publishers/contoso/offers/contoso-vm/operations/1",
                UntrustedReason::OtherOrigin,
            ),
            (
                "https://cloudpartner.azure.com@evil.example/api/x",
                UntrustedReason::OtherOrigin,
            ),
            (
                "https://cloudpartner.azure.com.evil.example/api/x",
                UntrustedReason::OtherOrigin,
            ),
            ("https:\\\\evil.example/api/x", UntrustedReason::UnknownShape),
            ("/\\evil.example/api/x", UntrustedReason::UnknownShape),
            (
                "/api/publishers/fabrikam/offers/contoso-vm/operations/1",
                UntrustedReason::OtherPublisher,
            ),
            (
                "/api/publishers/contoso/offers/contoso-db/operations/1",
                UntrustedReason::OtherOffer,
            ),
            (
                "/api/publishers/contoso/offers/contoso-vm/operations/..",
                UntrustedReason::UnknownShape,
            ),
            (
                "/api/publishers/contoso/offers/contoso-vm/operations/%2e%2e",
                UntrustedReason::UnknownShape,
            ),
            (
                "/api/publishers/contoso/offers/contoso-vm%2f../operations/1",
                UntrustedReason::OtherOffer,
            ),
            (
                "/api/publishers/contoso/offers/contoso-vm/cancel",
                UntrustedReason::UnknownShape,
            ),
            (
                "/api/operations/contoso$contoso-db$2$preview",
                UntrustedReason::OtherOffer,
            ),
            (
                "/api/operations/contoso$contoso-vm$2$../x",
                UntrustedReason::UnknownShape,
            ),
            (
                "/api/operations/contoso$contoso-vm",
                UntrustedReason::UnknownShape,
            ),
            ("operations/1", UntrustedReason::UnknownShape),
            ("", UntrustedReason::UnknownShape),
            ("javascript:alert(1)", UntrustedReason::UnknownShape),
        ] {
            assert_eq!(Location::read(raw, &target()).way, Lead::Untrusted(why), "{raw}");
        }
    }

    #[test]
    fn dots_lead_up_only_as_a_part_of_their_own() {
        let read = |id: &str| {
            let raw = format!("/api/publishers/contoso/offers/contoso-vm/operations/{id}");
            fuzz_support::location(&raw);
            Location::read(&raw, &target()).way
        };
        for id in ["a..b", "..a", "a.", "a?../.."] {
            assert!(matches!(read(id), Lead::Operation(_)), "{id}");
        }
        for id in [".", "..", "%2e%2E", "../..", "a/.."] {
            assert!(matches!(read(id), Lead::Untrusted(_)), "{id}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_the_targets_own_or_inert(raw in "(https?://|/|//|@|:|\\\\|\\$|%|\\?|#|api|publishers|operations|offers|contoso|contoso-vm|cloudpartner.azure.com|evil|\\.\\.|1|2|preview|\\PC){0,24}") {
            fuzz_support::location(&raw);
        }

        #[test]
        fn neither_does_a_good_one_with_something_wrong_in_it(raw in fuzz_support::mutant("location")) {
            fuzz_support::location(&String::from_utf8_lossy(&raw));
        }
    }
}
