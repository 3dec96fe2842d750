//! Name resolution by the system.

use std::{io, net::SocketAddr};

/// Resolves `host`, with `port`, to at least one address.
///
/// # Errors
/// In the system's words, when the name has no address.
pub async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    if found.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(found)
}
