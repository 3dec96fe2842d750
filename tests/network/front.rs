//! TLS in front of a practice marketplace, or an HTTP/2 server that returns an empty list.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::Body;
use hyper::{Request, Response, body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Forwards TLS connections to `behind` in plain text.
pub(crate) async fn before(behind: &str, config: Arc<ServerConfig>) -> SocketAddr {
    let behind = behind.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, behind) = (TlsAcceptor::from(config.clone()), behind.clone());
            tokio::spawn(async move {
                let mut inside = acceptor.accept(stream).await?;
                let mut plain = TcpStream::connect(behind).await?;
                copy_bidirectional(&mut inside, &mut plain).await
            });
        }
    });
    address
}

/// An HTTP/2 server that can stop reading.
pub(crate) struct Http2 {
    pub(crate) address: SocketAddr,
    /// One switch per connection: off, it is no longer read.
    deaf: Arc<Mutex<Vec<Arc<AtomicBool>>>>,
}

impl Http2 {
    /// Listens at `address`; none if this machine has no such address.
    pub(crate) async fn listening(address: &str, config: Arc<ServerConfig>) -> Option<Self> {
        let listener = match TcpListener::bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => return None,
            bound => bound.unwrap(),
        };
        let address = listener.local_addr().unwrap();
        let deaf = Arc::<Mutex<Vec<_>>>::default();
        let switches = deaf.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, deaf) = (TlsAcceptor::from(config.clone()), Arc::<AtomicBool>::default());
                switches.lock().unwrap().push(deaf.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let io = TokioIo::new(Hearing { stream, deaf });
                        let server = http2::Builder::new(TokioExecutor::new());
                        let _ = server.serve_connection(io, service_fn(empty)).await;
                    }
                });
            }
        });
        Some(Self { address, deaf })
    }

    /// Returns the number of connections received.
    pub(crate) fn connections(&self) -> usize {
        self.deaf.lock().unwrap().len()
    }

    /// Stops reading from the current connections, and leaves them open.
    pub(crate) fn go_deaf(&self) {
        for switch in self.deaf.lock().unwrap().iter() {
            switch.store(true, Ordering::SeqCst);
        }
    }
}

async fn empty(_: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
    let mut answer = Response::new(Body::from("[]"));
    let kind = "application/json".parse().unwrap();
    answer.headers_mut().insert("content-type", kind);
    Ok(answer)
}

struct Hearing {
    stream: TlsStream<TcpStream>,
    deaf: Arc<AtomicBool>,
}

impl AsyncRead for Hearing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.deaf.load(Ordering::SeqCst) {
            // The received bytes are dropped silently.
            buf.set_filled(before);
            return Poll::Pending;
        }
        read
    }
}

impl AsyncWrite for Hearing {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
