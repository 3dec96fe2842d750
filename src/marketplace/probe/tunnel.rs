//! Through a proxy by `CONNECT`, as an HTTP client asks for it.

use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Line, Place, Proxy, failed, tls};
use crate::{
    domain::text::SafeText,
    engine::failure::Failure,
    marketplace::cpp::{
        errors::{network::Trouble, on_the_way},
        transport::trust::Speaking,
    },
};

/// The most bytes of the head of a proxy's answer.
const HEAD: usize = 8 << 10;

/// Asks `proxy`, over a connection to it, for a way to `place`. Only its name and password go to the proxy, never a token.
///
/// # Errors
/// When the proxy wants a password, does not accept the one it got, refuses the way, or is none.
pub async fn tunnel(
    line: Line,
    proxy: &Proxy,
    place: &Place,
    ca_file: Option<&Path>,
) -> Result<Line, Failure> {
    let mut line = if proxy.scheme() == "https" {
        tls::shake(line, &proxy.host(), ca_file, Speaking::Http1).await?.0
    } else {
        line
    };
    let status = ask(&mut line, proxy, place)
        .await
        .map_err(|error| failed("proxy", &on_the_way::unreachable(proxy, &error.to_string())))?;
    match status.split_whitespace().nth(1) {
        Some("200") => Ok(line),
        Some("407") => Err(failed("proxy", &on_the_way::asked_for_password(proxy))),
        _ if !status.starts_with("HTTP/") => Err(failed("proxy", &no_proxy(proxy, &status))),
        _ => Err(failed(
            "proxy",
            &on_the_way::refused_way(proxy, &place.to_string(), &status),
        )),
    }
}

/// Asks, and returns the first line of the answer. What a tunnel carries begins only when the other side has spoken.
async fn ask(line: &mut Line, proxy: &Proxy, place: &Place) -> std::io::Result<String> {
    let mut request = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n").into_bytes();
    if let Some(authorization) = proxy.authorization() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    line.0.write_all(&request).await?;
    line.0.flush().await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD {
        // One byte at a time: what follows the head belongs to the service.
        match line.0.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    let text = String::from_utf8_lossy(&head);
    Ok(text
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(100)
        .collect())
}

fn no_proxy(proxy: &Proxy, answer: &str) -> Trouble {
    Trouble {
        what: format!(
            "what listens at {} is no HTTP proxy: it said `{}`",
            proxy.shown(),
            SafeText::new(answer)
        ),
        advice: "check the host, the port and the scheme in HTTPS_PROXY",
    }
}
