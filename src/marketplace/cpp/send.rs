//! The sender of cancels. One call is one request at the most, and whatever came of it is told, not judged.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{
    Client, Response,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::json;
use tokio::time::{Instant, timeout_at};

use super::{
    body, errors, headers, location,
    options::{ClientOptions, Limits},
    request::Request,
    session::{Bearer, Session},
    transport::{self, proxy::Proxy},
};
use crate::{
    domain::{answer::Answer, confirmation::Address, ids::Origin, target::Target, text::SafeText},
    engine::{
        failure::{Class, Failure},
        ports::{Canceller, SendFailure},
    },
};

/// Cancels at the Cloud Partner Portal, over a transport of its own that repeats nothing.
pub struct Sender {
    origin: Origin,
    http: Client,
    session: Session,
    limits: Limits,
}

impl Sender {
    /// A sender with a transport of its own. Connects to nothing yet.
    ///
    /// # Errors
    /// When certificates cannot be read, or the platform has none.
    pub fn new(options: &ClientOptions) -> Result<Self, Failure> {
        Ok(Self {
            origin: options.origin.clone(),
            http: transport::sending(options)?,
            session: Session::new(options.token.clone()),
            limits: options.limits,
        })
    }

    fn request(&self, target: &Target) -> Result<Request, Failure> {
        let request = Request::cancel(&self.origin, &target.publisher, &target.offer)?;
        if target.origin == self.origin {
            Ok(request)
        } else {
            Err(errors::setup::other_origin(
                &request.label,
                &target.origin,
                &self.origin,
            ))
        }
    }
}

#[async_trait]
impl Canceller for Sender {
    async fn send(
        &self,
        target: &Target,
        notify: &[Address],
        not_after: Instant,
    ) -> Result<Answer, SendFailure> {
        let request = self.request(target).map_err(SendFailure::NotSent)?;
        let label = &request.label;
        let bearer = timeout_at(not_after, self.session.bearer()).await;
        let bearer = bearer.unwrap_or_else(|_| Err(too_late(label)));
        // A token that is at hand is given out however late it is asked for.
        let bearer = bearer.and_then(|bearer| {
            if Instant::now() > not_after {
                Err(too_late(label))
            } else {
                Ok(bearer)
            }
        });
        let bearer = bearer.map_err(SendFailure::NotSent)?;
        tracing::trace!(%label, method = %request.method, url = %request.url, "asks");
        let sent = self
            .http
            .request(request.method.clone(), &request.url)
            .header(AUTHORIZATION, bearer.header())
            .header(CONTENT_TYPE, "application/json")
            .body(metadata(notify))
            .send()
            .await;
        match sent {
            Ok(response) => {
                tracing::info!(%label, status = response.status().as_u16(), "answered");
                Ok(self.answer(response, target, &bearer).await)
            }
            Err(error) => {
                tracing::info!(%label, why = errors::network::root_cause(&error), "no answer");
                Err(unanswered(label, &error, Proxy::before(&self.origin).as_ref()))
            }
        }
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.session.renew().await
    }
}

impl Sender {
    /// What `response` says. Its head stands whether or not its body can be read.
    async fn answer(&self, response: Response, target: &Target, bearer: &Bearer) -> Answer {
        let status = response.status();
        let headers = response.headers().clone();
        let body = read_within(self.limits.cancel_body, response, self.limits.answer_bytes).await;
        let bytes = body.as_deref().unwrap_or_default();
        Answer {
            status: status.as_u16(),
            location: location::choose(&headers, bytes, target, bearer),
            correlation_id: headers::correlation_id(&headers, bearer),
            retry_after: headers::retry_after(&headers),
            error: match &body {
                _ if status.is_success() => None,
                Some(body) => errors::message::read(body, bearer),
                None => Some(SafeText::new("the body of the answer could not be read")),
            },
        }
    }
}

async fn read_within(time: Duration, response: Response, limit: usize) -> Option<Vec<u8>> {
    let read = tokio::time::timeout(time, body::read(response, limit)).await;
    match read {
        Ok(Ok(body)) => Some(body),
        Ok(Err(unread)) => {
            tracing::warn!(?unread, "the body of the answer to a cancel could not be read");
            None
        }
        Err(_) => {
            tracing::warn!("the body of the answer to a cancel did not come in time");
            None
        }
    }
}

/// What sending takes, a transport or a token, came too late for the look that the request rests on.
fn too_late(label: &SafeText) -> Failure {
    Failure {
        class: Class::Transient,
        request: label.clone(),
        what: "what sending takes came so late that what was looked at before is no longer fresh".into(),
        advice: "it is looked at anew".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

/// Only a connection that was never made proves that nothing was carried out.
fn unanswered(label: &SafeText, error: &reqwest::Error, proxy: Option<&Proxy>) -> SendFailure {
    let failure = errors::network::lost(label, error, proxy);
    if error.is_connect() {
        return SendFailure::NotSent(failure);
    }
    SendFailure::AnswerLost(Failure {
        advice: "it may have been carried out; the state of the operation will tell".into(),
        ..failure
    })
}

/// Who is to be mailed; an empty object rather than no body, so that there always is a length.
fn metadata(notify: &[Address]) -> String {
    if notify.is_empty() {
        return "{}".to_owned();
    }
    let addresses: Vec<&str> = notify.iter().map(Address::as_str).collect();
    json!({ "metadata": { "notification-emails": addresses.join(",") } }).to_string()
}
