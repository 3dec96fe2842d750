//! From a name to addresses, as the system does it.

use std::{io, net::SocketAddr};

/// The addresses of `host`, with `port`; at least one.
///
/// # Errors
/// In the system's words, when the name leads nowhere.
pub async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    if found.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(found)
}
