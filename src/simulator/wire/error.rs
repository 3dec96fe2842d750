//! Bodies of errors, in every shape the service was seen to use.

use serde_json::json;

use crate::simulator::scenario::Shape;

const JSON: &str = "application/json; charset=utf-8";
const WEB_PAGE: &str = "text/html";

/// The body of an error, and the type of its content; `None` when there is none.
pub(crate) fn body(
    status: u16,
    shape: Shape,
    code: Option<&str>,
    message: Option<&str>,
) -> Option<(String, &'static str)> {
    let (usual_code, usual_message) = usual(status);
    let code = code.unwrap_or(usual_code);
    let message = message.unwrap_or(usual_message);
    let body = match shape {
        Shape::Envelope => (
            json!({ "error": { "code": code, "message": message } }).to_string(),
            JSON,
        ),
        Shape::Message => (json!({ "Message": message }).to_string(), JSON),
        Shape::Variant => (variant(), JSON),
        Shape::Html => (web_page(&format!("{status} {code}")), WEB_PAGE),
        Shape::Text => (message.to_owned(), "text/plain"),
        Shape::None => return None,
    };
    Some(body)
}

/// The code and the message that go with a status.
fn usual(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "The request is not valid."),
        401 => ("Unauthorized", "Authorization has been denied for this request."),
        403 => ("Forbidden", "User does not have the required permissions"),
        404 => ("ResourceNotFound", "The requested resource was not found."),
        409 => (
            "Conflict",
            "Another operation on this offer is already in progress.",
        ),
        412 => ("PreconditionFailed", "The offer was changed by somebody else."),
        422 => ("ValidationFailed", "The offer is not valid."),
        429 => ("TooManyRequests", "Too many requests. Try again later."),
        503 => ("ServiceUnavailable", "The service is unavailable."),
        _ => (
            "InternalServerError",
            "We cannot complete the request now, please try again later.",
        ),
    }
}

fn variant() -> String {
    let error = "snapshot() resulted in an internal conflict! Retry is OK.\r\n[VariantConflict]";
    json!({ "Variant": { "serviceName": "Variant", "error": error } }).to_string()
}

/// A page such as a gateway in between puts up.
pub(crate) fn web_page(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\r\n<html><head><title>{title}</title></head>\r\n\
         <body><h2>{title}</h2><hr><p>The page cannot be displayed.</p></body></html>\r\n"
    )
}
