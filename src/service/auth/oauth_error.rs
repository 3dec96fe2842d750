//! Refusals by Entra, or by a server in its place, described with a remedy.

use std::{borrow::Cow, time::Duration};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use secrecy::SecretString;
use serde::Deserialize;

use super::{http::Answer, issuer::lost};
use crate::{
    domain::{html, text::SafeText},
    engine::failure::Failure,
    service::redact,
};

/// Maximum number of characters shown of a description.
const SHOWN: usize = 400;
/// Pause after a person has declined.
const AFTER_NO: Duration = Duration::from_mins(1);

/// Body of an OAuth error, with the fields that Entra adds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form<'a> {
    #[serde(borrow)]
    error: Cow<'a, str>,
    #[serde(borrow)]
    error_description: Cow<'a, str>,
    #[serde(borrow)]
    correlation_id: Option<Cow<'a, str>>,
}

/// Remedies by error name.
const ADVICE: &[(&str, &str)] = &[
    (
        "AADSTS7000215",
        "give the value of the client secret, not its id; a lost value cannot be read again, make a new secret",
    ),
    (
        "AADSTS7000222",
        "the client secret has ended: make a new one in Entra",
    ),
    (
        "AADSTS700016",
        "check the application (client) id, and that it is in this tenant",
    ),
    ("AADSTS90002", "check the tenant: its id or its domain"),
    ("AADSTS900023", "check the tenant: its id or its domain"),
    (
        "AADSTS500011",
        "check the scope; the default is https://cloudpartner.azure.com/.default",
    ),
    (
        "AADSTS53003",
        "your organisation's policy forbids this way of signing in; use another, such as azure-cli on a managed device",
    ),
    (
        "AADSTS53000",
        "your organisation asks for a managed device; use another way of signing in, such as azure-cli there",
    ),
    (
        "AADSTS700027",
        "register this certificate for the application in Entra, and check this machine's time",
    ),
    (
        "AADSTS7000218",
        "allow public client flows for the application in Entra, or leave `client` out",
    ),
    ("authorization_declined", "sign in when you are asked again"),
    ("access_denied", "sign in when you are asked again"),
    ("expired_token", "another code comes by itself; enter it in time"),
    ("code_expired", "another code comes by itself; enter it in time"),
    (
        "invalid_client",
        "check the client id and its secret or certificate, and that none of them has ended",
    ),
    (
        "unauthorized_client",
        "check the client id and the tenant, and what the application may do",
    ),
    ("invalid_grant", "sign in again"),
    ("invalid_scope", "check the scope; it ends in /.default"),
    ("invalid_resource", "check the scope; it ends in /.default"),
    ("interaction_required", "sign in by device-code or `az login`"),
    (
        "temporarily_unavailable",
        "it is asked again by itself; if it stays, look at the health of Entra",
    ),
];

/// Form keys with secret values.
const SECRET: &[&str] = &[
    "client_secret",
    "client_assertion",
    "device_code",
    "refresh_token",
];

/// Returns the secrets in a request's form, to be hidden in answers.
pub(super) fn secrets(form: &[u8]) -> Vec<SecretString> {
    url::form_urlencoded::parse(form)
        .filter(|(key, _)| SECRET.contains(&&**key))
        .map(|(_, value)| SecretString::from(value.into_owned()))
        .collect()
}

/// Describes the refusal in `answer`, with `secrets` hidden.
pub(super) fn refused(host: &str, answer: &Answer, secrets: &[SecretString]) -> Failure {
    let form: Form<'_> = serde_json::from_slice(&answer.body).unwrap_or_default();
    let (what, advice) = if form.error.is_empty() && form.error_description.is_empty() {
        (describe_page(answer), advice_by_status(answer.status.as_u16()))
    } else {
        let advice = advice(&form).unwrap_or_else(|| advice_by_status(answer.status.as_u16()));
        (describe(&form), advice)
    };
    let what = shown(&what, secrets);
    let status = answer.status.as_u16();
    Failure {
        status: Some(status),
        correlation_id: form
            .correlation_id
            .as_deref()
            .map(|id| SafeText::new(&shown(id, secrets))),
        retry_after: pause(&form.error, &answer.headers),
        ..lost(&format!("{host} refused with {status}: {what}"), advice)
    }
}

/// Describes a success status of `host` without a token. Nothing of the answer is shown: it may be one.
pub(super) fn missing_token(host: &str) -> Failure {
    lost(
        &format!("{host} answered with what is no token"),
        "check the authority and the proxy: something else may answer in its place",
    )
}

fn describe(form: &Form<'_>) -> String {
    // The following lines are ids for support; the relevant one is shown separately.
    let description = form
        .error_description
        .split(" Trace ID:")
        .next()
        .unwrap_or_default();
    let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
    match (&*form.error, &*description) {
        (error, "") => error.to_owned(),
        ("", description) => description.to_owned(),
        (error, description) => format!("{error}: {description}"),
    }
}

/// Describes an answer that is not an OAuth error, such as a proxy's page.
fn describe_page(answer: &Answer) -> String {
    let raw = String::from_utf8_lossy(&answer.body);
    let text = if raw.trim_start().starts_with('<') {
        html::to_text(&raw).to_string()
    } else {
        raw.into_owned()
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        "nothing was said".to_owned()
    } else {
        text
    }
}

/// Makes `text` safe to show. Secrets are hidden before cutting, because a truncated one would no longer match.
fn shown(text: &str, secrets: &[SecretString]) -> String {
    let mut text = redact::secrets(text, secrets).into_owned();
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn advice(form: &Form<'_>) -> Option<&'static str> {
    ADVICE
        .iter()
        .find(|(name, _)| form.error == *name || names(&form.error_description, name))
        .map(|(_, advice)| *advice)
}

/// Returns true if `text` has `code` as a whole word; `AADSTS53003` is not `AADSTS530033`.
fn names(text: &str, code: &str) -> bool {
    code.starts_with("AADSTS")
        && text
            .match_indices(code)
            .any(|(at, _)| !text[at + code.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

const fn advice_by_status(status: u16) -> &'static str {
    match status {
        300..400 => "check the authority: a redirect is not followed; a proxy may ask for a login of its own",
        429 | 500.. => {
            "it is asked again by itself; if it stays, look at the network and the health of Entra"
        }
        _ => "check the authority, the tenant, the client and the rest of the credential",
    }
}

fn pause(error: &str, headers: &HeaderMap) -> Option<Duration> {
    if matches!(error, "authorization_declined" | "access_denied") {
        return Some(AFTER_NO);
    }
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: status.try_into().unwrap(),
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    #[test]
    fn each_error_has_a_description_and_a_remedy() {
        for (status, body, what, advice) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: x","error_codes":[7000215],"correlation_id":"c-1"}"#,
                "invalid_client: AADSTS7000215: Invalid client secret provided.",
                "not its id",
            ),
            (
                400,
                r#"{"error":"unauthorized_client","error_description":"AADSTS700016: Application with identifier 'x' was not found. Trace ID: t Correlation ID: c"}"#,
                "was not found.",
                "application (client) id",
            ),
            (
                400,
                r#"{"error":"invalid_grant"}"#,
                "refused with 400: invalid_grant",
                "sign in again",
            ),
            (
                400,
                r#"{"error":"x","error_description":"AADSTS530033: other"}"#,
                "x: AADSTS530033",
                "check the authority",
            ),
            (
                502,
                "<html><body>Bad <b>gateway</b></body></html>",
                "Bad gateway",
                "asked again by itself",
            ),
            (302, "", "nothing was said", "redirect is not followed"),
            (403, "{\"error\":7}", "{\"error\":7}", "check the authority"),
        ] {
            let failure = refused("login.example", &answer(status, body), &[]);
            assert!(failure.what.as_str().contains(what), "{failure}");
            assert!(failure.advice.as_str().contains(advice), "{failure}");
            assert!(!failure.what.as_str().contains("Correlation ID"), "{failure}");
            assert_eq!(failure.status, Some(status));
        }
        let failure = refused(
            "h",
            &answer(401, r#"{"error":"e","correlation_id":"c-1\u001b"}"#),
            &[],
        );
        assert_eq!(failure.correlation_id.unwrap().as_str(), "c-1^[");
    }

    #[test]
    fn answers_are_cut_and_safe_and_repeat_no_secret() {
        let hush = [SecretString::from("hush-hush")];
        let body = format!(
            r#"{{"error":"e","error_description":"got hush-hush \u001b[31m eyJ0eXAiOiJKV1QiLCJh.x.y {}"}}"#,
            "long ".repeat(1000)
        );
        for body in [
            body.as_str(),
            "got hush-hush \u{1b}[31m",
            "<p>got hush-hush \u{1b}[31m</p>",
        ] {
            let failure = refused("h", &answer(400, body), &hush);
            let what = failure.what.as_str();
            assert!(what.contains("got [hidden]") && what.contains("^[[31m"), "{what}");
            assert!(!what.contains("hush") && !what.contains("eyJ0"), "{what}");
            assert!(what.chars().count() < 600, "{what}");
        }
    }

    #[test]
    fn secrets_are_hidden_at_a_cut_and_in_ids() {
        let hush = [SecretString::from("hush-hush")];
        for before in SHOWN - 30..SHOWN + 5 {
            let text = format!("{}hush-hush", "x".repeat(before));
            for body in [
                text.clone(),
                format!(r#"{{"error":"e","error_description":"{text}"}}"#),
            ] {
                let shown = refused("h", &answer(400, &body), &hush).to_string();
                assert!(!shown.contains("hu"), "{shown}");
            }
        }
        let echoed = answer(400, r#"{"error":"e","correlation_id":"hush-hush"}"#);
        assert!(!refused("h", &echoed, &hush).to_string().contains("hush"));
    }

    #[test]
    fn pause_follows_retry_after_or_a_decline() {
        let mut throttled = answer(429, r#"{"error":"temporarily_unavailable"}"#);
        throttled.headers.insert(RETRY_AFTER, 17.into());
        assert_eq!(
            refused("h", &throttled, &[]).retry_after,
            Some(Duration::from_secs(17))
        );
        let no = answer(400, r#"{"error":"authorization_declined"}"#);
        assert_eq!(refused("h", &no, &[]).retry_after, Some(AFTER_NO));
    }
}
