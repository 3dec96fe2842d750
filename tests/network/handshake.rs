//! Events while the connection for a cancel is established, before the request is on it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use hyper::{Method, Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::{ServerConfig, server::Acceptor};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::LazyConfigAcceptor;

use crate::{
    authority::Authority,
    program::{Program, Ran},
    proxy::{Proxy, Temper},
};

const CONFIRMED: &str = "408a4835-0000-1000-0000-000000000000";
const NEXT: &str = "77777777-0000-1000-0000-000000000000";
/// Longer than a look stays fresh.
const LONG: Duration = Duration::from_millis(2_500);

/// Event during the first connection for a cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The confirmed operation ends meanwhile, and another begins.
    WorldMoves,
    /// The handshake takes long.
    Slow,
    /// The connection is closed right after the handshake.
    Dies,
}

/// A marketplace of one offer. A cancel is recognized by its ALPN, HTTP/1.1 alone.
struct Market {
    fate: Fate,
    has_moved: AtomicBool,
    is_canceled: AtomicBool,
    /// Number of connections for cancels.
    connections: AtomicUsize,
    posts: AtomicUsize,
    /// Set once the first of them is closed, for [`Fate::Dies`].
    has_died: watch::Sender<bool>,
}

impl Market {
    async fn listening(fate: Fate, config: Arc<ServerConfig>) -> (Arc<Self>, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let market = Arc::new(Self {
            fate,
            has_moved: AtomicBool::default(),
            is_canceled: AtomicBool::default(),
            connections: AtomicUsize::default(),
            posts: AtomicUsize::default(),
            has_died: watch::Sender::new(false),
        });
        let open = market.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(open.clone().receive(stream, config.clone()));
            }
        });
        (market, address)
    }

    async fn receive(self: Arc<Self>, stream: TcpStream, config: Arc<ServerConfig>) {
        let Ok(hello) = LazyConfigAcceptor::new(Acceptor::default(), stream).await else {
            return;
        };
        let is_for_cancel = hello
            .client_hello()
            .alpn()
            .is_some_and(|mut offered| offered.all(|name| name == b"http/1.1"));
        let is_first = is_for_cancel && self.connections.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first && self.fate == Fate::WorldMoves {
            self.has_moved.store(true, Ordering::SeqCst);
        }
        if is_first && self.fate == Fate::Slow {
            tokio::time::sleep(LONG).await;
        }
        let mut stream = hello.into_stream(config).await.unwrap();
        if is_first && self.fate == Fate::Dies {
            stream.shutdown().await.unwrap();
            self.has_died.send_replace(true);
            return;
        }
        let answer = service_fn(|request| self.answer(request));
        let _ = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), answer)
            .await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
        let path = request.uri().path();
        if path.ends_with("/submissions/")
            && self.connections.load(Ordering::SeqCst) == 1
            && self.fate == Fate::Dies
        {
            // The next one counts only after the first connection is closed.
            let _ = self.has_died.subscribe().wait_for(|has_died| *has_died).await;
        }
        let state = match (
            self.has_moved.load(Ordering::SeqCst),
            self.is_canceled.load(Ordering::SeqCst),
        ) {
            (_, true) => "Canceled",
            (true, false) => "Completed",
            (false, false) => "Running",
        };
        let row = |id: &str, state: &str| {
            format!(
                r#"{{"id":"{id}","slot":"Preview","submissionType":"Publish","submissionState":"{state}"}}"#
            )
        };
        let (status, body) = match (request.method(), path) {
            (&Method::POST, _) => {
                self.posts.fetch_add(1, Ordering::SeqCst);
                self.is_canceled.store(true, Ordering::SeqCst);
                (202, String::new())
            }
            (_, path) if path.ends_with("/submissions/") && state == "Completed" => (
                200,
                format!("[{},{}]", row(NEXT, "Running"), row(CONFIRMED, state)),
            ),
            (_, path) if path.ends_with("/submissions/") => (200, format!("[{}]", row(CONFIRMED, state))),
            (_, path) if path.ends_with(CONFIRMED) => (200, format!(r#"{{"status":"{state}"}}"#)),
            (_, path) if path.ends_with(NEXT) => (200, r#"{"status":"running"}"#.to_owned()),
            _ => (404, r#"{"message":"no such thing"}"#.to_owned()),
        };
        let answer = Response::builder()
            .status(status)
            .header("content-type", "application/json");
        Ok(answer.body(Body::from(body)).unwrap())
    }
}

/// Cancels over a connection with `fate`; returns the run, and the number of connections and requests.
async fn cancel(fate: Fate, through_proxy: bool) -> (Ran, usize, usize) {
    let ca = Authority::new("Contoso Private CA");
    let config = ca.server(&["service.test", "127.0.0.1"], &["http/1.1"], false);
    let (market, address) = Market::listening(fate, config).await;
    let program = Program::new(&["cancel", "contoso-vm", "--yes", "--json"])
        .with("COUNTERMAND_TOKEN", "token")
        .with("COUNTERMAND_PUBLISHER", "contoso")
        .trusting(ca.file());
    let program = if through_proxy {
        let proxy = Proxy::leading_to(address, Temper::Open).await;
        program
            .with("COUNTERMAND_BASE_URL", "https://service.test")
            .with("HTTPS_PROXY", &proxy.variable(""))
    } else {
        program.with("COUNTERMAND_BASE_URL", &format!("https://{address}"))
    };
    let ran = program.run().await;
    (
        ran,
        market.connections.load(Ordering::SeqCst),
        market.posts.load(Ordering::SeqCst),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn operation_begun_during_the_handshake_is_not_canceled() {
    for through_proxy in [false, true] {
        let (ran, connections, posts) = cancel(Fate::WorldMoves, through_proxy).await;
        assert_eq!((connections, posts), (1, 0), "{}", ran.all());
        assert_eq!(ran.code, Some(3), "{}", ran.all());
        assert!(ran.out.contains(r#""verdict":"finished_first""#), "{}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn handshake_longer_than_a_look_stays_fresh_cancels_once() {
    for through_proxy in [false, true] {
        let (ran, connections, posts) = cancel(Fate::Slow, through_proxy).await;
        assert_eq!((connections, posts), (1, 1), "{}", ran.all());
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        assert!(ran.out.contains(r#""verdict":"canceled""#), "{}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connection_lost_before_the_request_is_replaced() {
    let (ran, connections, posts) = cancel(Fate::Dies, false).await;
    assert_eq!((connections, posts), (2, 1), "{}", ran.all());
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(ran.out.contains(r#""verdict":"canceled""#), "{}", ran.out);
}
