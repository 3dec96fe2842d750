//! Error statuses.

use reqwest::{StatusCode, header::HeaderMap};

use super::message;
use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
    service::{
        cpp::authenticity,
        http::{headers, session::Bearer},
    },
};

/// Remedy where an intermediary may have answered.
pub(super) const FOREIGN: &str =
    "a proxy or a sign-in page may have answered instead; check the base URL and HTTPS_PROXY, then refresh";

/// Describes the answer `status` to `request`, with its head and its body.
pub(in super::super) fn refused(
    request: &SafeText,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    bearer: &Bearer,
) -> Failure {
    let retry_after = headers::retry_after(headers);
    let what = match message::read(body, bearer) {
        Some(message) => format!("{status}: {message}"),
        None => status.to_string(),
    };
    // A missing or forbidden resource is believed only of the service itself.
    let (class, advice) = match class(status, retry_after.is_some()) {
        Class::NotFound | Class::Forbidden if !authenticity::is_refusal(headers, body) => {
            (Class::Foreign, FOREIGN)
        }
        class => (class, advice(status)),
    };
    Failure {
        class,
        request: request.clone(),
        what: what.into(),
        advice: advice.into(),
        status: Some(status.as_u16()),
        correlation_id: headers::correlation_id(headers, bearer),
        retry_after,
    }
}

fn class(status: StatusCode, has_retry_after: bool) -> Class {
    match status.as_u16() {
        401 => Class::SignIn,
        403 => Class::Forbidden,
        404 | 405 | 410 => Class::NotFound,
        429 => Class::Throttled,
        503 if has_retry_after => Class::Throttled,
        408 | 500..=599 => Class::Transient,
        _ => Class::Bug,
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        300..=399 => {
            "redirects are not followed, so that the token stays where it belongs; check the base URL"
        }
        400 | 422 => "check the publisher and the offer; the text above is what the service has against them",
        401 => "sign in again; the token must be one for https://cloudpartner.azure.com",
        403 => {
            "check the publisher id; in Partner Center, add the service principal (the enterprise application, \
             not the app registration) to that publisher as Owner or Contributor"
        }
        404 | 405 | 410 => "check the publisher, the offer and the base URL",
        407 => "the proxy wants a name and a password; set them in HTTPS_PROXY",
        408 | 500..=599 => {
            "it is asked again by itself; if it stays, give Microsoft's support the correlation id"
        }
        409 | 412 => "something else changed the offer meanwhile; refresh and look again",
        429 => "it is asked again when the service allows it",
        _ => "refresh; if it stays, give Microsoft's support the correlation id",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_class_and_advice() {
        for (statuses, class_of_them) in [
            (&[401][..], Class::SignIn),
            (&[403], Class::Forbidden),
            (&[404, 405, 410], Class::NotFound),
            (&[429], Class::Throttled),
            (&[408, 500, 502, 503, 504], Class::Transient),
            (&[302, 307, 400, 407, 409, 412, 422, 418], Class::Bug),
        ] {
            for &status in statuses {
                let status = StatusCode::from_u16(status).unwrap();
                assert_eq!(class(status, false), class_of_them, "{status}");
                assert!(!advice(status).is_empty());
            }
        }
        assert_eq!(class(StatusCode::SERVICE_UNAVAILABLE, true), Class::Throttled);
    }
}
