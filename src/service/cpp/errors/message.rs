//! Message in the body of a refusal. Every service behind the API has its own form, and some have none.

use serde_json::{Map, Value};

use crate::{
    domain::{html, text::SafeText},
    service::http::{errors::excerpt, session::Bearer},
};

/// Maximum number of characters of a body in an unknown form.
const RAW: usize = 300;

/// Reads the message of `body`, in the order of reliability of its forms; none if it is empty.
pub(in super::super) fn read(body: &[u8], bearer: &Bearer) -> Option<SafeText> {
    let raw = String::from_utf8_lossy(body);
    let raw = bearer.hide(raw.trim_start_matches('\u{feff}'));
    let message = match serde_json::from_str::<Value>(&raw) {
        Ok(Value::Object(fields)) => described(&fields),
        Ok(Value::String(text)) => Some(text),
        _ => None,
    };
    let message = match message {
        Some(described) => SafeText::new(&described.split_whitespace().collect::<Vec<_>>().join(" ")),
        None if looks_like_html(&raw) => excerpt(&bearer.hide(&html::plain(&raw)), RAW),
        None => excerpt(&raw, RAW),
    };
    (!message.is_empty()).then_some(message)
}

/// Returns true if `raw` begins like an HTML page.
pub(in super::super) fn looks_like_html(raw: &str) -> bool {
    raw.trim_start().starts_with('<')
}

fn described(fields: &Map<String, Value>) -> Option<String> {
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

/// Reads `{"error": {"code": …, "message": …}}`; either may be missing.
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
