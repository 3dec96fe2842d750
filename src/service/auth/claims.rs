//! Claims inside a token. Unverified: they inform a person, and decide nothing but the time of renewal.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::text::SafeText;

/// Claims that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClaims {
    /// Audience: the service that the token is for.
    pub audience: Option<SafeText>,
    /// Tenant that issued it.
    pub tenant: Option<SafeText>,
    /// Application that requested it.
    pub client: Option<SafeText>,
    /// Time of expiry.
    pub expires_at: Option<Timestamp>,
}

/// Maximum size in bytes of a token to parse.
const LIMIT: usize = 64 << 10;

#[derive(Deserialize)]
struct Payload {
    aud: Option<serde_json::Value>,
    tid: Option<SafeText>,
    appid: Option<SafeText>,
    azp: Option<SafeText>,
    exp: Option<f64>,
}

/// Reads the claims of `token`; none if it is not a JSON web token.
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

/// Reads one audience, or the first of several.
fn audience(value: &serde_json::Value) -> Option<SafeText> {
    let one = value.as_array().map_or(value, |all| all.first().unwrap_or(value));
    one.as_str().map(SafeText::new)
}

/// Reads seconds since 1970, with a fraction in some tokens.
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
    fn claims_are_read_and_made_safe() {
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
    fn non_tokens_have_no_claims() {
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
