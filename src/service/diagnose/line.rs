//! A connection over any kind of stream.

use std::{fmt, io, net::SocketAddr};

use futures_util::future::select_ok;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

/// A stream that can be read and written.
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

/// Connects to the first of `addresses` that answers, and returns it too: an address that drops packets, as IPv6 often
/// does where it is half set up, causes no delay.
///
/// # Errors
/// In the system's words, when none answers.
pub async fn connect(addresses: &[SocketAddr]) -> io::Result<(Line, SocketAddr)> {
    if addresses.is_empty() {
        return Err(io::Error::other("no address to connect to"));
    }
    let attempts = addresses.iter().map(|&address| {
        Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            io::Result::Ok((Line::new(stream), address))
        })
    });
    select_ok(attempts).await.map(|(first, _)| first)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn one_answering_address_is_enough() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let alive = listener.local_addr().unwrap();
        let dead = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let (_, address) = connect(&[dead, alive]).await.unwrap();
        assert_eq!(address, alive);
        let error = connect(&[dead]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert!(connect(&[]).await.is_err());
    }
}
