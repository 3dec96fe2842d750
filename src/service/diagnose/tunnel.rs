//! Tunnel through a proxy by `CONNECT`, as an HTTP client opens it.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Line, Place, Proxy, failed, tls};
use crate::{
    domain::text::SafeText,
    engine::failure::Failure,
    service::http::{
        errors::{cause::Trouble, on_the_way},
        transport::trust::Speaking,
    },
};

/// Maximum size in bytes of the head of a proxy's answer.
const HEAD: usize = 8 << 10;

/// Opens a tunnel to `place` over a connection to `proxy`. The proxy receives only its name and password, never a
/// token.
///
/// # Errors
/// When the proxy requires a password, rejects the given one, refuses the tunnel, or is not a proxy.
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
    let status = request_tunnel(&mut line, proxy, place)
        .await
        .map_err(|error| failed("proxy", &on_the_way::unreachable(proxy, &error.to_string())))?;
    match status.split_whitespace().nth(1) {
        Some("200") => Ok(line),
        Some("407") => Err(failed("proxy", &on_the_way::password_required(proxy))),
        _ if !status.starts_with("HTTP/") => Err(failed("proxy", &no_proxy(proxy, &status))),
        _ => Err(failed(
            "proxy",
            &on_the_way::refused_way(proxy, &place.to_string(), &status),
        )),
    }
}

/// Sends the request, and returns the first line of the answer. The tunnel begins only after the other side has
/// answered.
async fn request_tunnel(line: &mut Line, proxy: &Proxy, place: &Place) -> std::io::Result<String> {
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
        // One byte at a time: the bytes after the head belong to the service.
        match line.0.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    let text = String::from_utf8_lossy(&head);
    // Hidden before cutting, so that not even half of the password remains.
    let line = hide(text.lines().next().unwrap_or_default(), proxy);
    Ok(line.chars().take(100).collect())
}

/// Hides the password in `text`: a proxy may repeat the request in its answer.
fn hide(text: &str, proxy: &Proxy) -> String {
    let authorization = proxy.authorization().map(reqwest::header::HeaderValue::as_bytes);
    let sent = String::from_utf8_lossy(authorization.unwrap_or_default());
    let sent = sent.rsplit(' ').next().unwrap_or_default();
    let plain = String::from_utf8(STANDARD.decode(sent).unwrap_or_default()).unwrap_or_default();
    let password = plain.split_once(':').map_or("", |(_, password)| password);
    [sent, password]
        .into_iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, "[password]"))
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

#[cfg(test)]
mod tests {
    use tokio::{io::duplex, task::JoinHandle};

    use super::*;

    /// Starts a proxy whose answer `respond` makes from the request.
    fn proxy_that(respond: fn(&str) -> String) -> (Line, JoinHandle<()>) {
        let (near, mut far) = duplex(1024);
        let serving = tokio::spawn(async move {
            let mut request = [0; 1024];
            let count = far.read(&mut request).await.unwrap();
            let answer = respond(&String::from_utf8_lossy(&request[..count]));
            far.write_all(answer.as_bytes()).await.unwrap();
        });
        (Line::new(near), serving)
    }

    #[tokio::test]
    async fn password_repeated_by_a_proxy_is_hidden() {
        let place = Place {
            host: "service.test".into(),
            port: 443,
            is_tls: true,
        };
        let proxy = Proxy::of(&"http://ada:pass-word@proxy.test:3128".into()).unwrap();
        let repeats: [fn(&str) -> String; 3] = [
            |request| {
                format!(
                    "HTTP/1.1 403 {}\r\n\r\n",
                    request.lines().nth(2).unwrap_or_default()
                )
            },
            |_| "HTTP/1.1 403 not with pass-word\r\n\r\n".to_owned(),
            |request| {
                format!(
                    "SSH {}\r\n\r\n",
                    request.split_whitespace().last().unwrap_or_default()
                )
            },
        ];
        for respond in repeats {
            let (line, serving) = proxy_that(respond);
            let failure = tunnel(line, &proxy, &place, None).await.unwrap_err();
            serving.await.unwrap();
            let shown = format!("{failure:?}");
            assert!(shown.contains("[password]"), "{shown}");
            assert!(
                !shown.contains("pass-word") && !shown.contains("YWRhOnBhc3M"),
                "{shown}"
            );
        }
    }
}
