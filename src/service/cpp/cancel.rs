//! The sender of cancels. One call is one request at most; what it means for the cancellation is the engine's to decide.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use hyper::Request as HttpRequest;
use reqwest::{
    Body, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use serde_json::json;
use tokio::time::{Instant, timeout};
use url::Position;

use super::{authenticity, errors::message, location, meaning, routes::Request};
use crate::{
    domain::{answer::Answer, confirmation::Address, ids::Origin, target::Target, text::SafeText},
    engine::{
        failure::{Class, Failure},
        ports::{Canceller, Clock, ReadyToSend, SendFailure},
    },
    service::http::{
        ClientOptions, Deferred, Limits, body, errors, headers,
        session::{Bearer, Session},
        transport::{self, Connection, Sending, Unsent},
    },
};

/// Cancels at the Cloud Partner Portal, over a transport of its own that repeats nothing.
pub struct Sender {
    origin: Origin,
    sending: Deferred<Sending>,
    session: Session,
    limits: Limits,
    clock: Option<Arc<dyn Clock>>,
}

impl Sender {
    /// Creates a sender with a transport of its own, without connecting yet.
    ///
    /// # Errors
    ///
    /// When certificates cannot be read, or the platform has none.
    pub fn new(options: &ClientOptions) -> Result<Self, Failure> {
        let sender = Self::deferred(options);
        Ok(Self {
            sending: sender.sending.now()?,
            ..sender
        })
    }

    /// Creates a sender that reads the certificates for its first connection, which fails if they are unusable.
    #[must_use]
    pub fn deferred(options: &ClientOptions) -> Self {
        let options = options.clone();
        Self {
            origin: options.origin.clone(),
            session: Session::new(options.token.clone()),
            limits: options.limits,
            clock: options.clock.clone(),
            sending: Deferred::new(move || Sending::new(&options)),
        }
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
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        let request = self.request(target)?;
        let bearer = self.session.bearer().await?;
        let connection = self.sending.get().await?.connect(&request.label).await?;
        tracing::debug!(label = %request.label, "connected");
        Ok(Box::new(Ready {
            connection,
            request,
            bearer,
            target: target.clone(),
            limits: self.limits,
            clock: self.clock.clone(),
        }))
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.session.renew().await
    }
}

/// One prepared cancel.
struct Ready {
    connection: Connection,
    request: Request,
    bearer: Bearer,
    target: Target,
    limits: Limits,
    clock: Option<Arc<dyn Clock>>,
}

#[async_trait]
impl ReadyToSend for Ready {
    fn is_open(&self) -> bool {
        self.connection.is_open()
    }

    async fn send(
        mut self: Box<Self>,
        notify: &[Address],
        not_after: Instant,
    ) -> Result<Answer, SendFailure> {
        let label = self.request.label.clone();
        let request = self.cancel(notify).map_err(SendFailure::NotSent)?;
        if Instant::now() > not_after {
            return Err(SendFailure::NotSent(too_late(&label)));
        }
        tracing::trace!(%label, method = %self.request.method, url = %self.request.url, "asks");
        match timeout(self.limits.answer, self.connection.send(request)).await {
            Ok(Ok(response)) => {
                tracing::info!(%label, status = response.status().as_u16(), "answered");
                Ok(self.answer(response).await)
            }
            Ok(Err(Unsent::NotBegun(error))) => Err(SendFailure::NotSent(errors::network::closed_before(
                &label, &error,
            ))),
            Ok(Err(Unsent::Lost(error))) => Err(lost(errors::network::unanswered(&label, &error))),
            Err(_) => Err(lost(errors::network::silent(&label, self.limits.answer))),
        }
    }
}

impl Ready {
    /// Builds the request for a direct connection to the service.
    fn cancel(&self, notify: &[Address]) -> Result<HttpRequest<Body>, Failure> {
        let Request { label, method, url } = &self.request;
        let unfit = |why: &dyn std::fmt::Display| errors::setup::not_called(label.as_str(), &why.to_string());
        let url = url::Url::parse(url).map_err(|error| unfit(&error))?;
        let mut request = HttpRequest::builder()
            .method(method.clone())
            .uri(&url[Position::BeforePath..])
            .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
            .header(AUTHORIZATION, self.bearer.header())
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(metadata(notify)))
            .map_err(|error| unfit(&error))?;
        request.headers_mut().extend(transport::headers());
        Ok(request)
    }

    /// Reads `response`. Its head counts whether or not its body is readable.
    async fn answer(&self, response: Response) -> Answer {
        let (target, bearer) = (&self.target, &self.bearer);
        let status = response.status();
        let mut headers = response.headers().clone();
        if let Some(clock) = &self.clock {
            headers::received(&mut headers, clock.now());
        }
        let body = read_within(self.limits.cancel_body, response, self.limits.answer_bytes).await;
        let body = body.map(|body| bearer.hide_in(body));
        let bytes = body.as_deref().unwrap_or_default();
        let is_foreign = !authenticity::is_answer_to_cancel(status, &headers, body.as_deref(), target);
        Answer {
            lead: location::choose(&headers, bytes, target, bearer).filter(|_| !is_foreign),
            correlation_id: headers::correlation_id(&headers, bearer),
            retry_after: headers::retry_after(&headers),
            text: match &body {
                _ if status.is_success() && !is_foreign => None,
                Some(body) => message::read(body, bearer),
                None => Some(SafeText::new("the body of the answer could not be read")),
            },
            ..meaning::answer(status.as_u16(), is_foreign)
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

/// Returns the failure of a request whose look is too old.
fn too_late(label: &SafeText) -> Failure {
    Failure {
        class: Class::Transient,
        request: label.clone(),
        what: "it could not be sent before what was looked at for it grew old".into(),
        advice: "it is looked at anew".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

/// Returns the failure of a request without an answer.
fn lost(failure: Failure) -> SendFailure {
    tracing::info!(label = %failure.request, why = %failure.what, "no answer");
    SendFailure::AnswerLost(Failure {
        advice: "it may have been carried out; the state of the operation will tell".into(),
        ..failure
    })
}

/// Returns the recipients as JSON; an empty object rather than no body, so that there always is a length.
fn metadata(notify: &[Address]) -> String {
    if notify.is_empty() {
        return "{}".to_owned();
    }
    let addresses: Vec<&str> = notify.iter().map(Address::as_str).collect();
    json!({ "metadata": { "notification-emails": addresses.join(",") } }).to_string()
}
