//! Detection of foreign answers: from an intermediary, such as the sign-in page of a network, instead of the service.
//!
//! The service marks its answers with a correlation id. An answer without one is judged by its body.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use super::{location, meaning};
use crate::{
    domain::{
        lead::{LeadsTo, UntrustedReason},
        status::Phase,
        target::Target,
    },
    service::http::headers,
};

/// Returns true if an answer to a cancel of `target` is the service's own. `body` is decompressed; none if unreadable.
pub(super) fn is_answer_to_cancel(
    status: StatusCode,
    head: &HeaderMap,
    body: Option<&[u8]>,
    target: &Target,
) -> bool {
    if headers::is_marked(head) {
        return true;
    }
    let Some(body) = body else {
        // A location of the very offer proves that the service answered; no intermediary could make it up.
        return status.is_success()
            && location::in_head(head, target).is_some_and(|found| found.is_callable());
    };
    match status.as_u16() {
        200..=299 => is_blank(body) || json(body).is_some_and(|value| has_success_form(&value, target)),
        400..=499 => is_blank(body) || json(body).is_some(),
        // Such a status is uncertain, whatever its origin.
        _ => true,
    }
}

/// Returns true if a refusal of a read is the service's own, and so is information about the resource.
pub(super) fn is_refusal(head: &HeaderMap, body: &[u8]) -> bool {
    headers::is_marked(head) || json(body).is_some()
}

fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

fn json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}

/// Returns true if a 2xx to a cancel has a form of the service: empty, a location, or the state of an operation.
fn has_success_form(value: &Value, target: &Target) -> bool {
    match value {
        Value::Null => true,
        Value::String(raw) => {
            raw.trim().is_empty()
                || location::read(raw.trim(), target).to != LeadsTo::Untrusted(UntrustedReason::UnknownShape)
        }
        Value::Array(list) => match &list[..] {
            [] => true,
            // Documentation shows an operation as the single element of a list.
            [Value::Object(_)] => has_success_form(&list[0], target),
            _ => false,
        },
        Value::Object(fields) => {
            let named = |wanted: &str| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            let status = named("status").and_then(|(_, value)| value.as_str());
            // Gateways often return `"status": "error"`: beside an error message, the state has to be a known one.
            let tells_of_failure = ["error", "message"]
                .into_iter()
                .any(|wanted| named(wanted).is_some());
            let has_state = status
                .is_some_and(|word| !tells_of_failure || meaning::status(word).phase() != Phase::Unknown);
            fields.is_empty() || has_state || !location::in_fields(fields).is_empty()
        }
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::domain::fuzz_support::target;

    const LOCATED: &str = r#"{"Operation-Location":"/api/publishers/contoso/offers/vm/operations/1"}"#;

    #[test]
    fn success_counts_only_in_forms_of_the_service() {
        for (body, is_own) in [
            ("", true),
            (" \r\n", true),
            ("null", true),
            ("{}", true),
            ("[]", true),
            (
                r#""/api/publishers/contoso/offers/contoso-vm/operations/1""#,
                true,
            ),
            (r#""https://elsewhere.example/x""#, true),
            (LOCATED, true),
            (r#"{"status":"running"}"#, true),
            (r#"[{"Status":"canceled","message":"x"}]"#, true),
            (r#"{"status":"quantum"}"#, true),
            (r#"{"status":"error","message":"session expired"}"#, false),
            (r#"{"status":"denied","error":"session expired"}"#, false),
            (r#"{"status":200}"#, false),
            (r#"{"error":"session expired"}"#, false),
            (r#"{"message":"please sign in"}"#, false),
            (r#"{"ok":true}"#, false),
            (r#""welcome""#, false),
            ("true", false),
            ("7", false),
            ("[1]", false),
            ("OK", false),
            ("<html>sign in</html>", false),
        ] {
            let judge = |head: &HeaderMap| {
                [StatusCode::OK, StatusCode::ACCEPTED]
                    .map(|status| is_answer_to_cancel(status, head, Some(body.as_bytes()), &target()))
            };
            assert_eq!(judge(&HeaderMap::new()), [is_own; 2], "{body}");
            assert_eq!(judge(&marked()), [true; 2], "{body}");
        }
    }

    #[test]
    fn refusal_counts_if_empty_or_json() {
        for (body, is_own) in [
            (Some(""), true),
            (Some(r#"{"error":{"code":"Forbidden"}}"#), true),
            (Some(r#""no""#), true),
            (Some("<html>"), false),
            (Some("Forbidden"), false),
            (None, false),
        ] {
            for status in [401, 403, 404, 409, 429] {
                let status = StatusCode::from_u16(status).unwrap();
                let judge =
                    |head: &HeaderMap| is_answer_to_cancel(status, head, body.map(str::as_bytes), &target());
                assert_eq!(judge(&HeaderMap::new()), is_own, "{status} {body:?}");
                assert!(judge(&marked()));
            }
        }
    }

    #[test]
    fn read_refusal_needs_the_correlation_id_or_json() {
        for (body, is_own) in [
            ("", false),
            ("<html>", false),
            ("{}", true),
            (r#"{"Message":"x"}"#, true),
        ] {
            assert_eq!(is_refusal(&HeaderMap::new(), body.as_bytes()), is_own, "{body}");
            assert!(is_refusal(&marked(), body.as_bytes()));
        }
    }

    fn marked() -> HeaderMap {
        let mut head = HeaderMap::new();
        head.insert("x-ms-correlation-request-id", HeaderValue::from_static("1"));
        head
    }
}
