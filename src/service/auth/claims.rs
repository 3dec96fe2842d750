//! What a token says of itself. Nothing is verified here: it tells a person, and decides nothing but when to renew.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::text::SafeText;

/// The part of a token that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClaims {
    /// The service it is for.
    pub audience: Option<SafeText>,
    /// The tenant that it was given in.
    pub tenant: Option<SafeText>,
    /// The application that asked for it.
    pub client: Option<SafeText>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// The largest token that is looked into, in bytes.
const LIMIT: usize = 64 << 10;

#[derive(Deserialize)]
struct Payload {
    aud: Option<serde_json::Value>,
    tid: Option<SafeText>,
    appid: Option<SafeText>,
    azp: Option<SafeText>,
    exp: Option<f64>,
}

/// Reads what `token` says of itself; nothing where it is no JSON web token.
#[must_use]
pub fn read(token: &SecretString) -> Option<TokenClaims> {
    let token = token.expose_secret();
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    if payload.len() > LIMIT {
        return None;
    }
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let payload: Payload = serde_json::from_slice(&payload).ok()?;
    Some(TokenClaims {
        audience: payload.aud.as_ref().and_then(audience),
        tenant: payload.tid,
        client: payload.appid.or(payload.azp),
        expires_at: payload.exp.and_then(moment),
    })
}

/// One audience, or the first of several.
fn audience(value: &serde_json::Value) -> Option<SafeText> {
    let one = value.as_array().map_or(value, |all| all.first().unwrap_or(value));
    one.as_str().map(SafeText::new)
}

/// Seconds since 1970, which some write with a fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast saturates, and a time that far out is none"
)]
fn moment(seconds: f64) -> Option<Timestamp> {
    seconds
        .is_finite()
        .then(|| Timestamp::from_second(seconds as i64).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> SecretString {
        format!("eyJ0.{}.sig", URL_SAFE_NO_PAD.encode(payload)).into()
    }

    #[test]
    fn what_a_token_says_is_read_and_made_safe() {
        let claims = read(&token(
            r#"{"aud":"https://cloudpartner.azure.com","tid":"t\u001b[31m","appid":"a","exp":1700000000}"#,
        ))
        .unwrap();
        assert_eq!(
            claims.audience.unwrap().as_str(),
            "https://cloudpartner.azure.com"
        );
        assert_eq!(claims.tenant.unwrap().as_str(), "t^[[31m");
        assert_eq!(claims.client.unwrap().as_str(), "a");
        assert_eq!(claims.expires_at.unwrap().as_second(), 1_700_000_000);
        let several = read(&token(r#"{"aud":["one","two"],"azp":"b","exp":1.5}"#)).unwrap();
        assert_eq!(several.audience.unwrap().as_str(), "one");
        assert_eq!(several.client.unwrap().as_str(), "b");
        assert_eq!(several.expires_at.unwrap().as_second(), 1);
    }

    #[test]
    fn what_is_no_token_says_nothing() {
        for raw in ["", "opaque", "a.b", "a.%%.c", "a.b.c.d", "..", "a.bm90IGpzb24.c"] {
            assert_eq!(read(&raw.into()), None, "{raw}");
        }
        for payload in [r#"{"exp":1e300}"#, r#"{"exp":-1e300}"#, "{}"] {
            assert_eq!(read(&token(payload)).unwrap().expires_at, None, "{payload}");
        }
        assert_eq!(
            read(&token(&format!("{{\"x\":\"{}\"}}", "x".repeat(LIMIT)))),
            None
        );
    }
}
