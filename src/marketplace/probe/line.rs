//! A connection, whatever it is made of.

use std::{fmt, io, net::SocketAddr};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

/// What can be read and written.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection: plain, through a proxy, or inside TLS to a proxy.
pub struct Line(pub(super) Box<dyn Stream>);

impl Line {
    pub(super) fn new(stream: impl Stream + 'static) -> Self {
        Self(Box::new(stream))
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

/// Connects to the first of `addresses` that answers, and says which.
///
/// # Errors
/// In the system's words, those of the last.
pub async fn connect(addresses: &[SocketAddr]) -> io::Result<(Line, SocketAddr)> {
    let mut last = io::Error::other("no address to connect to");
    for &address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok((Line::new(stream), address)),
            Err(error) => last = error,
        }
    }
    Err(last)
}
