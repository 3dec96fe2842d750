//! Through a proxy by `CONNECT`, as an HTTP client asks for it.

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
    // Hidden first: half of a password is one too many as well.
    let line = hide(text.lines().next().unwrap_or_default(), proxy);
    Ok(line.chars().take(100).collect())
}

/// `said` without the password: a proxy that repeats what it was sent must not get it onto a screen.
fn hide(said: &str, proxy: &Proxy) -> String {
    let authorization = proxy.authorization().map(reqwest::header::HeaderValue::as_bytes);
    let sent = String::from_utf8_lossy(authorization.unwrap_or_default());
    let sent = sent.rsplit(' ').next().unwrap_or_default();
    let plain = String::from_utf8(STANDARD.decode(sent).unwrap_or_default()).unwrap_or_default();
    let password = plain.split_once(':').map_or("", |(_, password)| password);
    [sent, password]
        .into_iter()
        .filter(|secret| !secret.is_empty())
        .fold(said.to_owned(), |said, secret| said.replace(secret, "[password]"))
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

    /// A proxy that answers with what `say` makes of what it was asked.
    fn proxy_that(say: fn(&str) -> String) -> (Line, JoinHandle<()>) {
        let (near, mut far) = duplex(1024);
        let says = tokio::spawn(async move {
            let mut asked = [0; 1024];
            let count = far.read(&mut asked).await.unwrap();
            let answer = say(&String::from_utf8_lossy(&asked[..count]));
            far.write_all(answer.as_bytes()).await.unwrap();
        });
        (Line::new(near), says)
    }

    #[tokio::test]
    async fn a_proxy_that_repeats_the_password_shows_it_to_nobody() {
        let place = Place {
            host: "service.test".into(),
            port: 443,
            is_tls: true,
        };
        let proxy = Proxy::of(&"http://ada:pass-word@proxy.test:3128".into()).unwrap();
        let repeats: [fn(&str) -> String; 3] = [
            |asked| {
                format!(
                    "HTTP/1.1 403 {}\r\n\r\n",
                    asked.lines().nth(2).unwrap_or_default()
                )
            },
            |_| "HTTP/1.1 403 not with pass-word\r\n\r\n".to_owned(),
            |asked| {
                format!(
                    "SSH {}\r\n\r\n",
                    asked.split_whitespace().last().unwrap_or_default()
                )
            },
        ];
        for say in repeats {
            let (line, says) = proxy_that(say);
            let failure = tunnel(line, &proxy, &place, None).await.unwrap_err();
            says.await.unwrap();
            let told = format!("{failure:?}");
            assert!(told.contains("[password]"), "{told}");
            assert!(
                !told.contains("pass-word") && !told.contains("YWRhOnBhc3M"),
                "{told}"
            );
        }
    }
}
