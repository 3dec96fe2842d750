//! An answer before it is HTTP: decided by the routes, sent by the server.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde_json::Value;

use super::error::{ErrorAnswer, HTML, JSON, Shape, TEXT, web_page};
use super::script::Answer;

/// An answer, or that there is none.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    pub(crate) effect: Effect,
}

/// The meaning of a reply beside its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effect {
    pub(crate) delivery: Delivery,
    /// An intermediary gave it: it has none of the headers of the service's answers.
    pub(crate) by_intermediary: bool,
    /// A cancel was carried out.
    pub(crate) carried_out: bool,
    /// Real time to wait before it is sent.
    pub(crate) delay: Duration,
}

/// The way a reply goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It is sent.
    #[default]
    Sent,
    /// The connection is dropped instead.
    Lost,
    /// Nothing comes, and the connection stays open.
    Never,
}

impl Reply {
    fn new(status: u16, content_type: &str, body: String) -> Self {
        Self {
            body,
            ..Self::bare(status).with("content-type", content_type.to_owned())
        }
    }

    /// A value.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, JSON, value.to_string())
    }

    /// A status and nothing else.
    pub(crate) fn bare(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
            effect: Effect::default(),
        }
    }

    /// The default error of a status.
    pub(crate) fn error(status: u16) -> Self {
        ErrorAnswer::new(status).into()
    }

    /// With a header more.
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Not before that much real time has passed.
    pub(crate) fn after(mut self, delay: SignedDuration) -> Self {
        let delay = delay.try_into().unwrap_or_default();
        self.effect.delay = self.effect.delay.max(delay);
        self
    }

    /// The answer out of turn that takes the place of the ordinary one, which is only made if it is wanted.
    pub(crate) fn out_of_turn(answer: Answer, ordinary: impl FnOnce() -> Self) -> Self {
        match answer {
            Answer::Ordinary {} => ordinary(),
            Answer::Error(error) => {
                let carried_out = error.carried_out;
                Self::from(error).carrying_out(carried_out, ordinary)
            }
            Answer::Redirect { status, location } => {
                let redirect = Self::bare(status);
                match location {
                    Some(location) => redirect.with("location", location),
                    None => redirect,
                }
            }
            Answer::Lost { carried_out } => {
                Self::undelivered(Delivery::Lost).carrying_out(carried_out, ordinary)
            }
            Answer::Hanging { carried_out } => {
                Self::undelivered(Delivery::Never).carrying_out(carried_out, ordinary)
            }
            Answer::Truncated {} => ordinary().truncated(),
            Answer::Html {} => Self::new(200, HTML, web_page("Sign in to your account")).by_intermediary(),
            Answer::Empty {} => Self::new(200, JSON, String::new()),
            Answer::ContentType {} => Self::new(200, TEXT, ordinary().body),
            Answer::Raw { body } => Self::new(200, JSON, body),
        }
    }

    /// Lets the request take effect, if it is to, and answers this all the same.
    fn carrying_out(mut self, carried_out: bool, ordinary: impl FnOnce() -> Self) -> Self {
        if carried_out {
            self.effect.carried_out = ordinary().effect.carried_out;
        }
        self
    }

    fn undelivered(delivery: Delivery) -> Self {
        let mut nothing = Self::bare(200);
        nothing.effect.delivery = delivery;
        nothing
    }

    fn by_intermediary(mut self) -> Self {
        self.effect.by_intermediary = true;
        self
    }

    fn truncated(mut self) -> Self {
        let end = self.body.floor_char_boundary(self.body.len() / 2);
        self.body.truncate(end);
        self
    }
}

impl From<ErrorAnswer> for Reply {
    fn from(error: ErrorAnswer) -> Self {
        let reply = match error.body() {
            Some((content_type, body)) => Self::new(error.status, content_type, body),
            None => Self::bare(error.status),
        };
        let reply = match error.retry_after {
            Some(after) => reply.with("retry-after", after.as_secs().to_string()),
            None => reply,
        };
        match error.shape {
            Shape::Html => reply.by_intermediary(),
            _ => reply,
        }
    }
}

/// A response that carries its effect along.
impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response
                    .headers_mut()
                    .append(HeaderName::from_static(name), value);
            }
        }
        response.extensions_mut().insert(self.effect);
        response
    }
}
