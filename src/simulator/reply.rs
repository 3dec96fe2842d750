//! An answer before it is HTTP: what the routes decide and the server sends.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::scenario::{Answer, Shape};
use super::wire::error;

/// An answer, or that there is none.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) effect: Effect,
}

/// What a reply means beside its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effect {
    /// What becomes of it on the way back.
    pub(crate) delivery: Delivery,
    /// Somebody on the way gave it: it has none of the headers of the service's answers.
    pub(crate) by_a_stranger: bool,
    /// A cancel was carried out.
    pub(crate) carried_out: bool,
    /// Real time to wait before it is sent.
    pub(crate) delay: Duration,
}

/// What becomes of a reply on its way back.
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

const JSON: &str = "application/json; charset=utf-8";

impl Reply {
    fn new(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self {
            status,
            headers,
            body,
            effect: Effect::default(),
        }
    }

    /// 200 with a value.
    pub(crate) fn ok(value: &Value) -> Self {
        Self::json(200, value)
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

    /// An error in the usual envelope.
    pub(crate) fn error(status: u16) -> Self {
        Self::shaped_error(status, Shape::Envelope, None, None)
    }

    /// An error in any shape.
    pub(crate) fn shaped_error(status: u16, shape: Shape, code: Option<&str>, message: Option<&str>) -> Self {
        let mut reply = match error::body(status, shape, code, message) {
            Some((body, content_type)) => Self::new(status, content_type, body),
            None => Self::bare(status),
        };
        reply.effect.by_a_stranger = shape == Shape::Html;
        reply
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

    /// The answer out of turn that takes the place of `usual`, which is only made if it is wanted.
    pub(crate) fn out_of_turn(answer: &Answer, usual: impl FnOnce() -> Self) -> Self {
        match answer {
            Answer::Ordinary {} => usual(),
            Answer::Error {
                status,
                shape,
                code,
                message,
                retry_after,
                carried_out,
            } => {
                let error = Self::shaped_error(*status, *shape, code.as_deref(), message.as_deref());
                let error = match retry_after {
                    Some(after) => error.with("retry-after", after.as_secs().to_string()),
                    None => error,
                };
                error.having_done(*carried_out, usual)
            }
            Answer::Redirect { status, location } => match location {
                Some(location) => Self::bare(*status).with("location", location.clone()),
                None => Self::bare(*status),
            },
            Answer::Lost { carried_out } => {
                Self::undelivered(Delivery::Lost).having_done(*carried_out, usual)
            }
            Answer::Hanging { carried_out } => {
                Self::undelivered(Delivery::Never).having_done(*carried_out, usual)
            }
            Answer::Truncated {} => usual().truncated(),
            Answer::Html {} => Self::sign_in_page(),
            Answer::Empty {} => Self::new(200, JSON, String::new()),
            Answer::ContentType {} => Self::new(200, "text/plain", usual().body),
            Answer::Raw { body } => Self::new(200, JSON, body.clone()),
        }
    }

    /// Does what was asked, if it is to be done, and answers this all the same.
    fn having_done(mut self, done: bool, usual: impl FnOnce() -> Self) -> Self {
        if done {
            self.effect.carried_out = usual().effect.carried_out;
        }
        self
    }

    fn undelivered(delivery: Delivery) -> Self {
        let mut nothing = Self::bare(200);
        nothing.effect.delivery = delivery;
        nothing
    }

    fn sign_in_page() -> Self {
        let mut page = Self::new(200, "text/html", error::web_page("Sign in to your account"));
        page.effect.by_a_stranger = true;
        page
    }

    fn truncated(mut self) -> Self {
        let half = self.body.len() / 2;
        let end = (0..=half)
            .rev()
            .find(|at| self.body.is_char_boundary(*at))
            .unwrap_or(0);
        self.body.truncate(end);
        self
    }
}
