//! Location for following a cancellation: the places of an answer that can hold it, and its meaning.
//!
//! The raw text is never called. Only a URL of a known shape, at the target's own origin, publisher, and offer, is
//! understood; a request is then built from its parts. Everything else is shown and never called.
//!
//! The places are `Location`, `Operation-Location`, then a field of the body. The shapes are two:
//! `/api/publishers/{publisher}/offers/{offer}/operations/{id}`, and
//! `/api/operations/{publisher}${offer}${number}${slot}` as older offers have it.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    domain::{
        ids::{OperationId, Origin},
        lead::{Lead, LeadsTo, UntrustedReason},
        target::Target,
        text::SafeText,
    },
    service::http::{headers, session::Bearer},
};

/// Headers that may hold a location, the most reliable first.
const NAMES: [&str; 2] = ["location", "operation-location"];

/// Fields of a body that may hold a location, without case and hyphens.
const FIELDS: [&str; 4] = ["location", "operationlocation", "operationuri", "statusuri"];

/// Part of an older location after the offer, `2` in all documentation.
const NUMBER: &str = "number";
/// Part at its end, `preview` in all documentation.
const SLOT: &str = "slot";

/// Returns the location of an answer, read against `target`.
///
/// The first callable one counts, or else the first one, for display; an echoed token in it is hidden.
pub(super) fn choose(headers: &HeaderMap, body: &[u8], target: &Target, bearer: &Bearer) -> Option<Lead> {
    let in_head = NAMES.into_iter().flat_map(|name| headers::texts(headers, name));
    let mut found = in_head
        .chain(in_body(body))
        .map(|raw| raw.trim_matches([' ', '\t']).to_owned())
        .filter(|raw| !raw.is_empty())
        .map(|raw| read(&bearer.hide(&raw), target))
        .collect::<Vec<_>>();
    if found.is_empty() {
        return None;
    }
    let best = found.iter().position(Lead::is_callable).unwrap_or(0);
    Some(found.swap_remove(best))
}

/// Returns the location in the head, as received.
pub(super) fn in_head(headers: &HeaderMap, target: &Target) -> Option<Lead> {
    let raw = NAMES
        .into_iter()
        .find_map(|name| headers::texts(headers, name).next())?;
    Some(read(raw.trim_matches([' ', '\t']), target))
}

/// Returns the locations in a body: the documentation's prose places it there, and no sample shows how.
fn in_body(body: &[u8]) -> Vec<String> {
    match serde_json::from_slice(body) {
        Ok(Value::String(raw)) => vec![raw],
        Ok(Value::Object(fields)) => in_fields(&fields),
        _ => Vec::new(),
    }
}

/// Returns the locations in the fields of an object, the most reliable first.
pub(super) fn in_fields(fields: &Map<String, Value>) -> Vec<String> {
    let named = |name: &'static str| fields.iter().filter(move |(key, _)| plain(key) == name);
    FIELDS
        .into_iter()
        .flat_map(named)
        .filter_map(|(_, value)| value.as_str().map(str::to_owned))
        .filter(|raw| !raw.trim().is_empty())
        .collect()
}

fn plain(key: &str) -> String {
    key.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Reads `raw`, absolute or relative, with or without a query, against `target`.
#[must_use]
pub fn read(raw: &str, target: &Target) -> Lead {
    Lead {
        shown: SafeText::new(raw),
        to: parse(raw, target).unwrap_or_else(LeadsTo::Untrusted),
    }
}

/// Returns the number and the slot of an older location.
pub(super) fn older(parts: &BTreeMap<Box<str>, Box<str>>) -> Option<(&str, &str)> {
    Some((parts.get(NUMBER)?, parts.get(SLOT)?))
}

fn parse(raw: &str, target: &Target) -> Result<LeadsTo, UntrustedReason> {
    let path = path_at(raw, &target.origin)?;
    // The rebuilt request has its own query.
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
                Ok(LeadsTo::Operation(id))
            }
        }
        [api, operations, key] if is(api, "api") && is(operations, "operations") => legacy(key, target),
        _ => Err(UntrustedReason::UnknownShape),
    }
}

/// Returns the path (and query) of `raw` if it leads to `origin`.
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

/// Reads `publisher$offer$number$slot`; the `$` may be percent-encoded.
fn legacy(key: &str, target: &Target) -> Result<LeadsTo, UntrustedReason> {
    let key = key.replace("%24", "$");
    let parts: Vec<&str> = key.split('$').collect();
    let [publisher, offer, number, slot] = parts[..] else {
        return Err(UntrustedReason::UnknownShape);
    };
    of_target(publisher, offer, target)?;
    let plain =
        |part: &str| !part.is_empty() && part.len() <= 32 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain(number) && plain(slot) {
        Ok(LeadsTo::Parts(BTreeMap::from([
            (NUMBER.into(), number.into()),
            (SLOT.into(), slot.into()),
        ])))
    } else {
        Err(UntrustedReason::UnknownShape)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::{
        domain::{fuzz_support::mutant, ids::PublisherId, target::Binding},
        service::cpp::fuzz_support,
    };

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
    fn every_documented_location_is_understood() {
        let operation = LeadsTo::Operation(ID.into());
        let legacy = LeadsTo::Parts(BTreeMap::from([
            (NUMBER.into(), "2".into()),
            (SLOT.into(), "preview".into()),
        ]));
        for (raw, to) in [
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
            assert_eq!(read(&raw, &target()).to, *to, "{raw}");
        }
    }

    #[test]
    fn foreign_locations_are_untrusted() {
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
            assert_eq!(read(raw, &target()).to, LeadsTo::Untrusted(why), "{raw}");
        }
    }

    #[test]
    fn dots_climb_only_as_a_whole_segment() {
        let leads_to = |id: &str| {
            let raw = format!("/api/publishers/contoso/offers/contoso-vm/operations/{id}");
            fuzz_support::location(&raw);
            read(&raw, &target()).to
        };
        for id in ["a..b", "..a", "a.", "a?../.."] {
            assert!(matches!(leads_to(id), LeadsTo::Operation(_)), "{id}");
        }
        for id in [".", "..", "%2e%2E", "../..", "a/.."] {
            assert!(matches!(leads_to(id), LeadsTo::Untrusted(_)), "{id}");
        }
    }

    proptest! {
        #[test]
        fn any_location_is_the_targets_own_or_untrusted(raw in "(https?://|/|//|@|:|\\\\|\\$|%|\\?|#|api|publishers|operations|offers|contoso|contoso-vm|cloudpartner.azure.com|evil|\\.\\.|1|2|preview|\\PC){0,24}") {
            fuzz_support::location(&raw);
        }

        #[test]
        fn damaged_location_is_the_targets_own_or_untrusted(raw in mutant("location")) {
            fuzz_support::location(&String::from_utf8_lossy(&raw));
        }
    }

    fn shown(headers: &[(&'static str, &'static str)], body: &str) -> Option<String> {
        let target = Target {
            offer: "vm".into(),
            ..target()
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let bearer = Bearer::new("the-token".to_owned().into()).unwrap();
        choose(&map, body.as_bytes(), &target, &bearer).map(|location| location.shown.to_string())
    }

    #[test]
    fn head_precedes_body_and_callable_precedes_untrusted() {
        const A: &str = "/api/publishers/contoso/offers/vm/operations/a";
        const B: &str = "/api/publishers/contoso/offers/vm/operations/b";
        const C: &str = r#"{"x":1,"Operation-Location":"/api/publishers/contoso/offers/vm/operations/c"}"#;
        for (headers, body, found) in [
            (&[("location", A), ("operation-location", B)][..], C, Some("a")),
            (&[("operation-location", B)], C, Some("b")),
            (
                &[("location", "https://evil.example/"), ("operation-location", B)],
                C,
                Some("b"),
            ),
            (&[("location", " ")], C, Some("c")),
            (
                &[],
                r#""/api/publishers/contoso/offers/vm/operations/d""#,
                Some("d"),
            ),
            (&[("location", "https://evil.example/e")], "", Some("e")),
            (&[], r#"{"location":7,"else":"/api"}"#, None),
            (&[], "<html>", None),
        ] {
            let shown = shown(headers, body);
            assert_eq!(
                shown.as_deref().and_then(|raw| raw.rsplit('/').next()),
                found,
                "{headers:?} {body}"
            );
        }
    }

    #[test]
    fn echoed_token_in_a_location_is_hidden() {
        let echoed = [("location", "https://elsewhere.example/?t=the-token")];
        assert_eq!(
            shown(&echoed, "").as_deref(),
            Some("https://elsewhere.example/?t=[hidden]")
        );
    }
}
