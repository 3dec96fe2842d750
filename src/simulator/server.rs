//! The server: connections on a real socket, so that an answer can be late, or never come.
//!
//! It owns the loop over HTTP/1.1 connections, because a framework's own does not let a handler drop one.

use std::fmt;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request as HttpRequest, Response, request::Parts};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::identity;
use super::record::{Answered, Request};
use super::reply::{Delivery, Effect};
use super::state::ServerState;

/// A body that is longer is no cancel.
const LONGEST_BODY: usize = 1 << 20;

/// The server of one origin.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) state: Arc<ServerState>,
    pub(super) router: Router,
    /// The other origin, which nobody should call.
    pub(super) stray: bool,
}

impl Server {
    /// Accepts connections until the other end of `open` is dropped; closes them all then.
    pub(super) async fn serve(self, listener: TcpListener, mut open: watch::Receiver<()>) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                _ = open.changed() => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => drop(connections.spawn(self.clone().connection(stream))),
                    Err(error) => pause(&error).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(listener);
        connections.shutdown().await;
    }

    async fn connection(self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let service = service_fn(move |request| self.clone().exchange(request));
        // No timer: an idle connection stays open, so that no client ever races with its closing.
        let http = http1::Builder::new();
        // A client that breaks off, and an answer that is to be lost, both end here; there is nobody to tell.
        let _ = http.serve_connection(TokioIo::new(stream), service).await;
    }

    /// One request and its answer. An error drops the connection.
    async fn exchange(self, request: HttpRequest<Incoming>) -> Result<Response<Body>, NoAnswer> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(Body::new(body), LONGEST_BODY)
            .await
            .map_err(|_| NoAnswer)?;
        let record = &self.state.record;
        let number = record.add(self.recorded(&parts, &body));
        let service = TowerToHyperService::new(self.router.clone());
        let mut response = service
            .call(HttpRequest::from_parts(parts, Body::from(body)))
            .await
            .map_err(|_| NoAnswer)?;
        let effect = response.extensions_mut().remove::<Effect>().unwrap_or_default();
        record.amend(number, |request| request.carried_out = effect.carried_out);
        if !effect.delay.is_zero() {
            tokio::time::sleep(effect.delay).await;
        }
        let answered = match effect.delivery {
            Delivery::Sent => Answered::Status(response.status().as_u16()),
            Delivery::Lost => Answered::Lost,
            // The client goes away, or the server stops.
            Delivery::Never => std::future::pending().await,
        };
        record.amend(number, |request| request.answered = answered);
        if answered == Answered::Lost {
            return Err(NoAnswer);
        }
        if !effect.by_intermediary {
            stamp(&mut response, number);
        }
        Ok(response)
    }

    fn recorded(&self, parts: &Parts, body: &Bytes) -> Request {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)));
        Request {
            method: parts.method.to_string(),
            target: parts
                .uri
                .path_and_query()
                .map_or_else(|| parts.uri.to_string(), ToString::to_string),
            headers: headers.collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            answered: Answered::NotYet,
            carried_out: false,
            stray: self.stray,
        }
    }
}

/// The headers of every answer of the service, with an id that follows from the number of the request.
fn stamp(response: &mut Response<Body>, number: usize) {
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("expires", "-1"),
        ("server", "Microsoft-IIS/10.0"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let correlation = identity::guid(&["correlation", &number.to_string()]);
    if let Ok(value) = HeaderValue::from_str(&correlation) {
        headers.insert("x-ms-correlation-request-id", value);
    }
}

/// A failed accept is the peer's affair, or files have run out: those come back with time, not with haste.
async fn pause(error: &io::Error) {
    if !matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    ) {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// The connection is to be dropped without an answer.
#[derive(Debug)]
struct NoAnswer;

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer")
    }
}

impl std::error::Error for NoAnswer {}
