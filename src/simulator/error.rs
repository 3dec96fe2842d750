//! Errors as a scenario writes them down and as they are sent, in every shape the service was seen to use.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;

/// An error in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ErrorAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The shape of the body.
    #[serde(default)]
    pub shape: Shape,
    /// `code`; the default one for the status when absent.
    pub code: Option<String>,
    /// The message; the default one for the status when absent.
    pub message: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<SignedDuration>,
    /// The request takes effect all the same.
    #[serde(default)]
    pub carried_out: bool,
}

/// The shape of an error's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `{"error":{"code":…,"message":…}}`
    #[default]
    Envelope,
    /// `{"Message":…}`
    Message,
    /// `{"Variant":{"serviceName":"Variant","error":…}}`
    Variant,
    /// A web page, as a gateway sends it: without the headers of the service's answers.
    Html,
    /// Plain words.
    Text,
    /// Nothing.
    None,
}

impl ErrorAnswer {
    /// The default error of a status, in an envelope, which does nothing.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            shape: Shape::Envelope,
            code: None,
            message: None,
            retry_after: None,
            carried_out: false,
        }
    }

    /// The default error of a status, with a message of its own.
    pub(crate) fn with_message(status: u16, shape: Shape, message: String) -> Self {
        Self {
            shape,
            message: Some(message),
            ..Self::new(status)
        }
    }

    /// The type of the body's content, and the body; `None` when there is none.
    pub(crate) fn body(&self) -> Option<(&'static str, String)> {
        let (code, message) = defaults(self.status);
        let code = self.code.as_deref().unwrap_or(code);
        let message = self.message.as_deref().unwrap_or(message);
        let body = match self.shape {
            Shape::Envelope => json!({ "error": { "code": code, "message": message } }),
            Shape::Message => json!({ "Message": message }),
            Shape::Variant => {
                let error = "snapshot() resulted in an internal conflict! Retry is OK.\r\n[VariantConflict]";
                json!({ "Variant": { "serviceName": "Variant", "error": error } })
            }
            Shape::Html => return Some((HTML, web_page(&format!("{} {code}", self.status)))),
            Shape::Text => return Some((TEXT, message.to_owned())),
            Shape::None => return None,
        };
        Some((JSON, body.to_string()))
    }
}

/// Types of content.
pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const HTML: &str = "text/html";
pub(crate) const TEXT: &str = "text/plain";

/// The code and the message that go with a status.
fn defaults(status: u16) -> (&'static str, &'static str) {
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

/// A page such as a gateway in between puts up.
pub(crate) fn web_page(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\r\n<html><head><title>{title}</title></head>\r\n\
         <body><h2>{title}</h2><hr><p>The page cannot be displayed.</p></body></html>\r\n"
    )
}
