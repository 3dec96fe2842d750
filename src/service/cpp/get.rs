//! One GET: token, its renewal after a 401, status, bounded body, and parsing.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use reqwest::{Response, header::AUTHORIZATION};
use tokio::time::timeout;

use super::{
    answered::Answered,
    errors::{
        decode::{Unreadable, unreadable},
        status,
    },
    routes::Request,
    wire::{self, Element, Listed, Rank, Tolerant},
};
use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::{failure::Failure, ports::Clock},
    service::http::{
        ClientOptions, Limits, body, errors, headers,
        proxy::Proxy,
        session::{Bearer, Session},
        transport::Reading,
    },
};

/// Reads from the service, without changing anything.
pub(super) struct Reader {
    origin: Origin,
    http: Reading,
    /// Whether the service requires HTTP/1.1.
    wants_http1: AtomicBool,
    session: Session,
    limits: Limits,
    clock: Option<Arc<dyn Clock>>,
    /// Whether an answer came since a connection was last found dead, so that an old connection may be in the pool.
    has_answered: AtomicBool,
}

impl Reader {
    pub(super) fn new(options: &ClientOptions) -> Result<Self, Failure> {
        Ok(Self {
            origin: options.origin.clone(),
            http: Reading::new(options)?,
            wants_http1: AtomicBool::new(false),
            session: Session::new(options.token.clone()),
            limits: options.limits,
            clock: options.clock.clone(),
            has_answered: AtomicBool::new(false),
        })
    }

    /// Reads a list, which may be long; beyond the limit, elements of the highest rank are kept.
    pub(super) async fn list<T: Element>(
        &self,
        request: &Request,
        rank: impl Fn(&T) -> Rank + Sync,
    ) -> Result<Listed<T>, Failure> {
        let answered = self.request_body(request, self.limits.list_bytes).await?;
        let label = &request.label;
        let listed = answered.read(label, |body| wire::list(body, &rank))?;
        let Listed { left_out, blank, .. } = listed;
        if left_out > 0 {
            tracing::warn!(%label, left_out, "the list is longer than is read");
        }
        if blank > 0 {
            tracing::warn!(%label, without_id = blank, "elements without an id were left out");
        }
        Ok(listed)
    }

    /// Reads one object; returns the answer itself too.
    pub(super) async fn one<T: Tolerant>(&self, request: &Request) -> Result<(T, Answered), Failure> {
        let answered = self.request_body(request, self.limits.answer_bytes).await?;
        let one = answered.read(&request.label, wire::one)?;
        Ok((one, answered))
    }

    async fn request_body(&self, request: &Request, limit: usize) -> Result<Answered, Failure> {
        // Without a token no request is sent: the sign-in failed, and reports that itself.
        let bearer = self.session.bearer().await?;
        let refusal = match self.once(request, &bearer, limit).await {
            Err(failure) if failure.status == Some(401) => failure,
            other => return other,
        };
        match self.session.bearer_after(&bearer).await {
            Ok(bearer) => self.once(request, &bearer, limit).await,
            Err(why) => Err(Failure {
                advice: why.advice,
                ..refusal
            }),
        }
    }

    async fn once(&self, request: &Request, bearer: &Bearer, limit: usize) -> Result<Answered, Failure> {
        let label = &request.label;
        let response = self.head(request, bearer).await?;
        tracing::debug!(%label, status = response.status().as_u16(), version = ?response.version(), "answered");
        self.read_body(label, response, bearer, limit).await
    }

    /// Returns the head of the answer. A pooled connection that has died since, or a protocol that is too new, is
    /// retried once on a new connection.
    async fn head(&self, request: &Request, bearer: &Bearer) -> Result<Response, Failure> {
        let may_be_old = self.has_answered.load(Ordering::SeqCst);
        let response = match self.send(request, bearer).await? {
            Err(error) if errors::network::wants_http1(&error) => {
                self.wants_http1.store(true, Ordering::SeqCst);
                self.send(request, bearer).await?
            }
            Err(error) if may_be_old && errors::network::is_broken_connection(&error) => {
                self.has_answered.store(false, Ordering::SeqCst);
                self.send(request, bearer).await?
            }
            sent => sent,
        };
        let response = response.map_err(|error| {
            errors::network::lost(&request.label, &error, Proxy::before(&self.origin).as_ref())
        })?;
        self.has_answered.store(true, Ordering::SeqCst);
        Ok(response)
    }

    async fn send(
        &self,
        request: &Request,
        bearer: &Bearer,
    ) -> Result<Result<Response, reqwest::Error>, Failure> {
        let label = &request.label;
        tracing::trace!(%label, method = %request.method, url = %request.url, "asks");
        let client = if self.wants_http1.load(Ordering::SeqCst) {
            &self.http.http1
        } else {
            &self.http.either
        };
        let sent = client
            .get(&request.url)
            .header(AUTHORIZATION, bearer.header())
            .send();
        let sent = timeout(self.limits.head, sent)
            .await
            .map_err(|_| errors::network::silent(label, self.limits.head))?;
        Ok(sent.inspect_err(
            |error| tracing::debug!(%label, why = errors::cause::root_cause(error), "no answer"),
        ))
    }

    async fn read_body(
        &self,
        label: &SafeText,
        response: Response,
        bearer: &Bearer,
        limit: usize,
    ) -> Result<Answered, Failure> {
        let status = response.status();
        let mut headers = response.headers().clone();
        if let Some(clock) = &self.clock {
            headers::received(&mut headers, clock.now());
        }
        if !status.is_success() {
            // The status is what counts; an unreadable body does not change it.
            let body = body::read(response, self.limits.answer_bytes).await;
            let body = bearer.hide_in(body.unwrap_or_default());
            return Err(status::refused(label, status, &headers, &body, bearer));
        }
        let body = body::read(response, limit).await.map_err(|unread| Failure {
            status: Some(status.as_u16()),
            correlation_id: headers::correlation_id(&headers, bearer),
            ..errors::network::unread(label, &unread)
        })?;
        Ok(Answered {
            status,
            headers,
            body: bearer.hide_in(body),
            bearer: bearer.clone(),
        })
    }
}

impl Answered {
    fn read<T>(
        &self,
        label: &SafeText,
        form: impl Fn(&[u8]) -> Result<T, wire::Mismatch>,
    ) -> Result<T, Failure> {
        let body = &self.body;
        let read = if body.iter().all(u8::is_ascii_whitespace) {
            Err(Unreadable::Empty)
        } else if headers::content_type(&self.headers).is_some_and(|kind| !is_json(&kind)) {
            Err(Unreadable::OtherType)
        } else {
            form(body).map_err(Unreadable::Mismatch)
        };
        read.map_err(|why| unreadable(label, self, &why))
    }
}

/// Returns true for the content type of JSON, or of a format based on it.
fn is_json(kind: &str) -> bool {
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}
