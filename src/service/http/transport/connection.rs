//! A connection opened in advance of its single request.
//!
//! It is made like every other, proxy and TLS included, by a client without another use; but it is taken from that
//! client before a request is on it. So nothing pools it, repeats on it, or races it, and the caller decides when the
//! request goes.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::{
    Request,
    client::conn::http1::{self, SendRequest},
    rt::{Read, Write},
};
use reqwest::{Body, ClientBuilder};
use tokio::sync::mpsc::{Sender, channel};
use tokio_util::task::AbortOnDropHandle;
use tower_layer::Layer;
use tower_service::Service;

use super::build;
use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::failure::Failure,
    service::http::{
        errors::{cause, network, setup},
        proxy::Proxy,
    },
};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An unused connection; closed on drop.
pub(in crate::service) struct Connection {
    requests: SendRequest<Body>,
    /// Task that moves the bytes, and detects a close by the other side.
    _driver: AbortOnDropHandle<()>,
}

/// Reasons why a request has no answer.
#[derive(Debug)]
pub(in crate::service) enum Unsent {
    /// The connection was closed before a byte of the request was written.
    NotBegun(hyper::Error),
    /// It may have arrived.
    Lost(hyper::Error),
}

impl Connection {
    /// Connects to `origin` through `client`, for the request labeled `request`.
    pub(super) async fn make(
        client: ClientBuilder,
        origin: &Origin,
        request: &SafeText,
    ) -> Result<Self, Failure> {
        let (made, mut taken) = channel(1);
        let client = build(client.connector_layer(Taking { made }))?;
        // This request is never sent: its connection is taken away.
        let sent = client.head(origin.as_str()).send().await;
        match (taken.try_recv(), sent) {
            (Ok(connection), _) => Ok(connection),
            (Err(_), Err(error)) => Err(network::lost(request, &error, Proxy::before(origin).as_ref())),
            (Err(_), Ok(_)) => Err(setup::transport("no connection could be kept for the request")),
        }
    }

    /// Returns true if the other side has not closed it, as far as known.
    pub(in crate::service) fn is_open(&self) -> bool {
        !self.requests.is_closed()
    }

    /// Sends `request`. The answer has to be read before this is dropped.
    pub(in crate::service) async fn send(
        &mut self,
        request: Request<Body>,
    ) -> Result<reqwest::Response, Unsent> {
        match self.requests.try_send_request(request).await {
            Ok(response) => Ok(response.map(Body::wrap).into()),
            // hyper returned it unused: none of it was serialized.
            Err(error) if error.message().is_some() => Err(Unsent::NotBegun(error.into_error())),
            Err(error) => Err(Unsent::Lost(error.into_error())),
        }
    }
}

/// Layer that takes each connection away from its client.
#[derive(Clone)]
struct Taking {
    made: Sender<Connection>,
}

/// Connector that keeps nothing for the requesting client.
#[derive(Clone)]
struct Taken<S> {
    connector: S,
    made: Sender<Connection>,
}

impl<S> Layer<S> for Taking {
    type Service = Taken<S>;

    fn layer(&self, connector: S) -> Taken<S> {
        Taken {
            connector,
            made: self.made.clone(),
        }
    }
}

impl<S, To> Service<To> for Taken<S>
where
    S: Service<To, Error = BoxError>,
    S::Response: Read + Write + Send + Unpin + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let (making, made) = (self.connector.call(to), self.made.clone());
        Box::pin(async move {
            let (requests, connection) = http1::handshake(making.await?).await?;
            let driver = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(
                        why = cause::root_cause(&error),
                        "the connection of a cancel ended"
                    );
                }
            });
            let connection = Connection {
                requests,
                _driver: AbortOnDropHandle::new(driver),
            };
            // The requester may be gone; the connection is closed then.
            let _ = made.try_send(connection);
            Err("the connection is kept for another request".into())
        })
    }
}
