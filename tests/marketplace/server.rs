//! A server that answers with any given bytes, and records its requests.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use countermand::domain::ids::Origin;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};

/// Reaction to one request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Sends these bytes, and keeps the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes, and closes the connection.
    Last(Vec<u8>),
    /// Sends the first bytes once, then the others for as long as the client reads.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends the first bytes at once, then the others one by one, with a short pause between.
    Drip(Vec<u8>, Vec<u8>),
    /// Sends these bytes, then nothing more.
    Silence(Vec<u8>),
}

impl Reply {
    /// Returns a JSON answer.
    pub(crate) fn json(status: &str, body: &str) -> Self {
        Self::with(status, "Content-Type: application/json; charset=utf-8\r\n", body)
    }

    /// Returns an answer with additional header lines, each with its line break.
    pub(crate) fn with(status: &str, head: &str, body: &str) -> Self {
        Self::Bytes(answer(status, head, body.as_bytes()))
    }
}

/// Returns the bytes of a whole answer.
pub(crate) fn answer(status: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!("HTTP/1.1 {status}\r\n{head}Content-Length: {length}\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A server on the loopback.
pub(crate) struct Server {
    pub(crate) origin: Origin,
    seen: Seen,
}

/// Record of received requests, shared with the server's tasks.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Seen {
    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::SeqCst);
    }

    /// Records a request; returns the number of earlier ones.
    pub(crate) fn keep(&self, request: String) -> usize {
        let mut requests = self.requests.lock().unwrap();
        requests.push(request);
        requests.len() - 1
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Server {
    /// Answers the n-th request with the n-th reply, and every further one with the last.
    pub(crate) async fn replying(replies: Vec<Reply>) -> Self {
        Self::start(move |count, _| replies[count.min(replies.len() - 1)].clone()).await
    }

    /// Answers depending on the request.
    pub(crate) async fn start(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = Origin::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let seen = Seen::default();
        let (kept, reply) = (seen.clone(), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                kept.connected();
                let (kept, reply) = (kept.clone(), reply.clone());
                tokio::spawn(async move { serve(stream, &kept, &*reply).await });
            }
        });
        Self { origin, seen }
    }

    /// Returns every request verbatim.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests()
    }

    /// Returns the number of connections.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Returns the request lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |request: String| request.lines().next().unwrap_or_default().to_owned();
        self.requests().into_iter().map(line).collect()
    }
}

/// Serves one connection until it ends.
pub(crate) async fn serve<S>(mut stream: S, seen: &Seen, reply: &(dyn Fn(usize, &str) -> Reply + Send + Sync))
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(request) = request(&mut stream).await {
        let count = seen.keep(request.clone());
        let written = match reply(count, &request) {
            Reply::Bytes(bytes) => stream.write_all(&bytes).await,
            Reply::Last(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Endless(head, more) => {
                let mut written = stream.write_all(&head).await;
                while written.is_ok() {
                    written = stream.write_all(&more).await;
                }
                written
            }
            Reply::Drip(head, drop) => {
                let mut written = stream.write_all(&head).await;
                let mut ticks = tokio::time::interval(Duration::from_millis(5));
                while written.is_ok() {
                    ticks.tick().await;
                    written = stream.write_all(&drop).await;
                }
                written
            }
            Reply::Silence(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending().await
            }
        };
        if written.is_err() {
            return;
        }
    }
}

async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        if body.len() >= header(head, "content-length").map_or(0, |length| length.parse().unwrap()) {
            return Some(text.into_owned());
        }
    }
}

/// Returns the value of a request header.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
