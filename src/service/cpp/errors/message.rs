//! What the body of a refusal says. Every service behind the API words it in its own form, and some in none.

use serde_json::{Map, Value};

use crate::{
    domain::{html, text::SafeText},
    service::http::{errors::excerpt, session::Bearer},
};

/// The most characters of a body that is no known form.
const RAW: usize = 300;

/// What `body` says, in the order of how much its form promises; nothing when it is empty.
pub(in super::super) fn read(body: &[u8], bearer: &Bearer) -> Option<SafeText> {
    let raw = String::from_utf8_lossy(body);
    let raw = bearer.hide(raw.trim_start_matches('\u{feff}'));
    let said = match serde_json::from_str::<Value>(&raw) {
        Ok(Value::Object(fields)) => said(&fields),
        Ok(Value::String(text)) => Some(text),
        _ => None,
    };
    let message = match said {
        Some(said) => SafeText::new(&said.split_whitespace().collect::<Vec<_>>().join(" ")),
        None if looks_like_html(&raw) => excerpt(&bearer.hide(&html::plain(&raw)), RAW),
        None => excerpt(&raw, RAW),
    };
    (!message.is_empty()).then_some(message)
}

/// Whether `raw` begins as a page does.
pub(in super::super) fn looks_like_html(raw: &str) -> bool {
    raw.trim_start().starts_with('<')
}

fn said(fields: &Map<String, Value>) -> Option<String> {
    enveloped(fields)
        .or_else(|| string(fields, "message"))
        .or_else(|| string(fields, "error"))
        .or_else(|| {
            fields
                .values()
                .filter_map(Value::as_object)
                .find_map(|inner| string(inner, "error"))
        })
}

/// `{"error": {"code": …, "message": …}}`; either may be missing.
fn enveloped(fields: &Map<String, Value>) -> Option<String> {
    let error = field(fields, "error")?.as_object()?;
    match (string(error, "code"), string(error, "message")) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (code, message) => message.or(code),
    }
}

fn string(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = field(fields, name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
