//! The body of a cancel: nothing at all, or an object that may name who is notified.

use serde_json::Value;

/// Checks a body; the error is the message that the service would send.
pub(in crate::simulator::cpp) fn check(body: &[u8]) -> Result<(), String> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("The request body: {error}."))?;
    let wrong = |what: &str| Err(format!("The request body: {what}."));
    let Value::Object(fields) = body else {
        return wrong("an object is expected");
    };
    let addresses = match fields.get("metadata") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(metadata)) => metadata.get("notification-emails"),
        Some(_) => return wrong("'metadata' is expected to be an object"),
    };
    match addresses {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(addresses)) if addresses.split(',').all(|one| one.contains('@')) => Ok(()),
        Some(_) => wrong("'metadata.notification-emails' is expected to be addresses, separated by commas"),
    }
}
