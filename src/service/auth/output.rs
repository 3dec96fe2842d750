//! Parsing of printed tokens: plain, or in the JSON forms of Azure's tools and Entra.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::issuer::Issued;

/// Relevant fields of a JSON object; others are ignored, and a field of the wrong type counts as absent.
#[derive(Deserialize)]
struct Form {
    #[serde(
        alias = "access_token",
        alias = "accessToken",
        alias = "token",
        deserialize_with = "secret"
    )]
    access: SecretString,
    /// Seconds since 1970, as a number (Azure CLI) or as text (Entra v1, managed identities).
    #[serde(default)]
    expires_on: Value,
    /// Seconds from now, as a number (Entra v2) or as text (Entra v1).
    #[serde(default, alias = "expiresIn")]
    expires_in: Value,
    /// Time with a zone, or in the zone of this machine (Azure CLI).
    #[serde(default, rename = "expiresOn", alias = "expires_at")]
    expires_at: Value,
}

/// Reads the token in `text`, which was printed at `now`.
///
/// # Errors
/// Describes the defect, without any of the text.
pub(super) fn read(text: &str, now: Timestamp) -> Result<Issued, &'static str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '"', '[']) {
        return Issued::new(text, None);
    }
    // JSON errors can quote their input, which may be the token.
    match serde_json::from_str::<Quoted>(text) {
        Ok(alone) => alone.0,
        Err(_) => object(text, now),
    }
}

/// Reads the token of a JSON object like [`read()`], and no other form.
///
/// # Errors
/// Like [`read()`].
pub(super) fn object(text: &str, now: Timestamp) -> Result<Issued, &'static str> {
    let form: Form = serde_json::from_str(text).map_err(|_| "it is JSON without an access token")?;
    let expires_at = form.expires_at(now);
    Issued::of(&form.access, expires_at)
}

/// A token as a JSON string, as `--query accessToken` prints it without `-o tsv`.
struct Quoted(Result<Issued, &'static str>);

impl<'de> Deserialize<'de> for Quoted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        secret(deserializer).map(|token| Self(Issued::of(&token, None)))
    }
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

impl Form {
    fn expires_at(&self, now: Timestamp) -> Option<Timestamp> {
        let absolute = seconds(&self.expires_on).and_then(|seconds| Timestamp::from_second(seconds).ok());
        absolute
            .or_else(|| {
                let life = Duration::from_secs(seconds(&self.expires_in)?.try_into().ok()?);
                now.checked_add(SignedDuration::try_from(life).ok()?).ok()
            })
            .or_else(|| moment(&self.expires_at))
    }
}

fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    let raw = value.as_str()?.trim();
    raw.parse().ok().or_else(|| {
        let here = raw.parse::<DateTime>().ok()?.to_zoned(TimeZone::system()).ok()?;
        Some(here.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn read(text: &str) -> Result<Issued, &'static str> {
        super::read(text, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn each_form_yields_token_and_expiry() {
        for (text, end) in [
            ("canary", None),
            ("\u{feff}  canary\r\n", None),
            ("\"canary\"\n", None),
            (r#"{"accessToken":"canary"}"#, None),
            // The Azure CLI.
            (
                r#"{"accessToken":"canary","expiresOn":"2026-11-22 14:05:11.000000","expires_on":1800000100,
                    "subscription":"s","tenant":"t","tokenType":"Bearer"}"#,
                Some(100),
            ),
            // Entra v1, where every number is text.
            (
                r#"{"token_type":"Bearer","expires_in":"3599","ext_expires_in":"3599","expires_on":"1800003599",
                    "not_before":"1","resource":"https://cloudpartner.azure.com","access_token":"canary"}"#,
                Some(3599),
            ),
            // Entra v2.
            (
                r#"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"canary"}"#,
                Some(3599),
            ),
            (r#"{"access_token":"canary","expires_in":"60"}"#, Some(60)),
            (
                r#"{"token":"canary","expiresOn":"2027-01-15T08:00:10Z"}"#,
                Some(10),
            ),
            (
                r#"{"token":"canary","expires_at":"2027-01-15T09:00:10+01:00"}"#,
                Some(10),
            ),
            (
                r#"{"token":"canary","expires_on":null,"expires_in":[],"expiresOn":"soon"}"#,
                None,
            ),
            (r#"{"token":"canary","expires_in":-5}"#, None),
            (r#"{"token":"canary","expires_in":9223372036854775807}"#, None),
        ] {
            let issued = read(text).unwrap_or_else(|what| panic!("{text}: {what}"));
            assert_eq!(issued.token.expose_secret(), "canary", "{text}");
            let found = issued.expires_at.map(|end| end.as_second() - NOW);
            assert_eq!(found, end, "{text}");
        }
    }

    #[test]
    fn time_without_a_zone_is_local() {
        let issued = read(r#"{"accessToken":"canary","expiresOn":"2027-01-15 08:00:10.5"}"#).unwrap();
        let here = "2027-01-15T08:00:10.5".parse::<DateTime>().unwrap();
        let here = here.to_zoned(TimeZone::system()).unwrap().timestamp();
        assert_eq!(issued.expires_at, Some(here));
    }

    #[test]
    fn output_without_a_token_is_refused_and_not_shown() {
        for text in [
            "",
            " \n",
            "{}",
            "[]",
            "\"\"",
            "{\"accessToken\":7}",
            "{\"accessToken\":\"\"}",
            "{\"accessToken\":\"ca nary\"}",
            "{\"accessToken\":\"canary\"",
            "WARNING: canary is not a token",
            "canary\ncanary",
        ] {
            let what = read(text).unwrap_err();
            assert!(!what.contains("canary"), "{text}: {what}");
        }
    }
}
