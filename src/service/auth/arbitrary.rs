//! Property tests on output of programs and token issuers: none of it may stop the program or reveal a secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use proptest::prelude::*;
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret as _, SecretString};

use super::{claims, command, http::Answer, oauth_error, output};
use crate::{domain::text, service::redact};

/// Generates JSON with the relevant names and any values.
fn json() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "accessToken",
        "access_token",
        "expires_on",
        "expires_in",
        "expiresOn",
        "error",
        "error_description",
        "correlation_id",
        "interval",
    ]);
    let value = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:e}")),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        Just("null".to_owned()),
        Just("[{}]".to_owned()),
    ];
    prop::collection::vec((name, value), 0..6).prop_map(|fields| {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name:?}:{value}"))
            .collect();
        format!("{{{}}}", fields.join(","))
    })
}

fn answer(status: u16, body: String) -> Answer {
    Answer {
        status: status.try_into().unwrap(),
        headers: HeaderMap::new(),
        body: body.into_bytes(),
    }
}

proptest! {
    #[test]
    fn accepted_token_can_be_sent(text in prop_oneof![json(), any::<String>()], now in -10_i64..10_000_000_000) {
        if let Ok(issued) = output::read(&text, Timestamp::from_second(now).unwrap()) {
            let token = issued.token.expose_secret();
            prop_assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }

    #[test]
    fn token_claims_may_hold_anything(payload in prop_oneof![json(), any::<String>()], rest in any::<String>()) {
        let _ = claims::read(&rest.as_str().into());
        let parsed = claims::read(&format!("a.{}.{rest}", URL_SAFE_NO_PAD.encode(payload)).into());
        for text in parsed.iter().flat_map(|parsed| [&parsed.audience, &parsed.tenant, &parsed.client]).flatten() {
            prop_assert!(!text.as_str().chars().any(text::is_unsafe));
        }
    }

    #[test]
    fn refusals_are_safe_to_show(
        body in prop_oneof![json(), any::<String>()],
        status in 100_u16..600,
        place in any::<prop::sample::Index>(),
    ) {
        let secret = SecretString::from("QZ-hush-hush-ZQ");
        let mut body = body;
        let places: Vec<_> = body.char_indices().map(|(at, _)| at).chain([body.len()]).collect();
        body.insert_str(*place.get(&places), secret.expose_secret());
        let failure = oauth_error::refused("host", &answer(status, body.clone()).with_numbers(), &[secret]);
        let shown = failure.to_string();
        prop_assert!(!shown.contains("hush"), "{}", shown);
        prop_assert!(!shown.chars().any(text::is_unsafe) && shown.chars().count() < 4000, "{}", shown);
        prop_assert!(!failure.advice.is_empty());
    }

    #[test]
    fn tokens_are_hidden_in_program_errors(
        before in any::<String>(), token in "eyJ[A-Za-z0-9_.-]{30,200}", after in any::<String>(),
    ) {
        let line = format!("{before} {token} {after}");
        prop_assert!(!redact::tokens(&line).contains(&token));
        prop_assert!(!command::error_tail(line.as_bytes()).as_str().contains(&token));
    }
}
