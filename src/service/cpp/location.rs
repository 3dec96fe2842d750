//! Which of the places that can hold a location counts: `Location`, `Operation-Location`, then a field of the body.

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    domain::{location::Location, target::Target},
    service::http::{headers, session::Bearer},
};

/// Headers that may hold a location, the surest first.
const NAMES: [&str; 2] = ["location", "operation-location"];

/// Fields of a body that may hold a location, without case and hyphens.
const FIELDS: [&str; 4] = ["location", "operationlocation", "operationuri", "statusuri"];

/// The location of an answer, read against `target`.
///
/// The first that may be called counts; a token that comes back in one is hidden; if none may, the first there is, to be shown.
pub(super) fn choose(headers: &HeaderMap, body: &[u8], target: &Target, bearer: &Bearer) -> Option<Location> {
    let in_head = NAMES.into_iter().flat_map(|name| headers::texts(headers, name));
    let mut found = in_head
        .chain(in_body(body))
        .map(|raw| raw.trim_matches([' ', '\t']).to_owned())
        .filter(|raw| !raw.is_empty())
        .map(|raw| Location::read(&bearer.hide(&raw), target))
        .collect::<Vec<_>>();
    if found.is_empty() {
        return None;
    }
    let best = found.iter().position(Location::is_callable).unwrap_or(0);
    Some(found.swap_remove(best))
}

/// The location that the head names, as it came.
pub(super) fn in_head(headers: &HeaderMap, target: &Target) -> Option<Location> {
    let raw = NAMES
        .into_iter()
        .find_map(|name| headers::texts(headers, name).next())?;
    Some(Location::read(raw.trim_matches([' ', '\t']), target))
}

/// What a body says: the prose of the documentation has the location there, and no sample shows how.
fn in_body(body: &[u8]) -> Vec<String> {
    match serde_json::from_slice(body) {
        Ok(Value::String(raw)) => vec![raw],
        Ok(Value::Object(fields)) => in_fields(&fields),
        _ => Vec::new(),
    }
}

/// What the fields of an object say, the surest first.
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

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::domain::{
        ids::{Origin, PublisherId},
        target::Binding,
    };

    fn shown(headers: &[(&'static str, &'static str)], body: &str) -> Option<String> {
        let target = Target {
            origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
            publisher: PublisherId::new("contoso"),
            offer: "vm".into(),
            binding: Binding::Operation("1".into()),
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let bearer = Bearer::new("the-token".to_owned().into()).unwrap();
        choose(&map, body.as_bytes(), &target, &bearer).map(|location| location.shown.to_string())
    }

    #[test]
    fn the_head_goes_before_the_body_and_what_can_be_called_before_what_cannot() {
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
    fn a_token_that_comes_back_is_hidden() {
        let echoed = [("location", "https://elsewhere.example/?t=the-token")];
        assert_eq!(
            shown(&echoed, "").as_deref(),
            Some("https://elsewhere.example/?t=[hidden]")
        );
    }
}
