//! A real proxy: it tunnels, requires a password, refuses, or inspects TLS with a CA of its own.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use hudsucker::{
    Body, HttpContext, HttpHandler, RequestOrResponse,
    certificate_authority::RcgenAuthority,
    hyper::{Method, Request, Response, StatusCode, Uri},
    hyper_util::client::legacy::connect::HttpConnector,
    rustls::crypto::aws_lc_rs,
};
use tokio::net::TcpListener;

use crate::authority::Authority;

/// Base64 of `ada:pass-word`.
const PASSWORD: &str = "Basic YWRhOnBhc3Mtd29yZA==";

/// Treatment of clients by a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Temper {
    /// Admits all clients.
    Open,
    /// Admits clients with the password.
    Guarded,
    /// Refuses all clients.
    Closed,
    /// Admits all clients, and reads their traffic.
    Inspecting,
}

/// A proxy that connects every name to one address.
pub(crate) struct Proxy {
    address: SocketAddr,
    ca: Authority,
    seen: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Doorman {
    temper: Temper,
    behind: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a proxy to `behind`, which speaks TLS or, for an inspecting one, plain HTTP.
    pub(crate) async fn leading_to(behind: SocketAddr, temper: Temper) -> Self {
        let ca = Authority::new("Contoso Inspection CA");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<_>>>::default();
        let doorman = Doorman {
            temper,
            behind,
            seen: seen.clone(),
        };
        let proxy = hudsucker::Proxy::builder()
            .with_listener(listener)
            .with_ca(RcgenAuthority::new(
                ca.issuer(),
                10,
                aws_lc_rs::default_provider(),
            ))
            .with_http_connector(HttpConnector::new())
            .with_http_handler(doorman)
            .build()
            .unwrap();
        tokio::spawn(proxy.start());
        Self { address, ca, seen }
    }

    /// Returns the value for `HTTPS_PROXY`, with `user` before the host.
    pub(crate) fn variable(&self, user: &str) -> String {
        format!("http://{user}{}", self.address)
    }

    /// Returns the authority of an inspecting proxy.
    pub(crate) fn ca(&self) -> &Authority {
        &self.ca
    }

    /// Returns all requests that it could read.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl HttpHandler for Doorman {
    async fn handle_request(&mut self, _: &HttpContext, mut request: Request<Body>) -> RequestOrResponse {
        let head: Vec<String> = request
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let line = format!("{} {}", request.method(), request.uri());
        self.seen
            .lock()
            .unwrap()
            .push(format!("{line}\n{}", head.join("\n")));
        let is_known = request
            .headers()
            .get("proxy-authorization")
            .is_some_and(|given| given == PASSWORD);
        match (self.temper, request.method()) {
            (Temper::Guarded, _) if !is_known => refusal(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
            (Temper::Closed, _) => refusal(StatusCode::FORBIDDEN),
            (Temper::Inspecting, &Method::CONNECT) => request.into(),
            (Temper::Inspecting, _) => {
                let path = request.uri().path_and_query().unwrap().clone();
                *request.uri_mut() = format!("http://{}{path}", self.behind).parse().unwrap();
                request.into()
            }
            _ => {
                *request.uri_mut() = Uri::builder().authority(self.behind.to_string()).build().unwrap();
                request.into()
            }
        }
    }

    async fn should_intercept_connect(&mut self, _: &HttpContext, _: &Request<Body>) -> bool {
        self.temper == Temper::Inspecting
    }
}

fn refusal(status: StatusCode) -> RequestOrResponse {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer.into()
}
