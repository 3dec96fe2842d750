//! A connection, whatever it is made of.

use std::{fmt, io, net::SocketAddr};

use futures_util::future::select_ok;
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

/// Connects to whichever of `addresses` answers first, and says which: one that swallows what is sent there, as IPv6 does
/// where it is half set up, keeps nobody waiting.
///
/// # Errors
/// In the system's words, when none does.
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
    async fn one_that_answers_is_enough() {
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
