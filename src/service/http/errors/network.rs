//! Network errors: no answer at all, or a truncated one. Each kind is described with the peer and the remedy.

use std::{error::Error, io, time::Duration};

use super::{
    cause::{Trouble, cause, root_cause},
    failure, on_the_way,
};
use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
    service::http::{body::Unread, proxy::Proxy},
};

/// Describes a failed connection to the service; `proxy` is the one in front of it.
pub(in crate::service) fn lost(request: &SafeText, error: &reqwest::Error, proxy: Option<&Proxy>) -> Failure {
    let Trouble { what, advice } = on_the_way::trouble(error, proxy);
    failure(Class::Transient, request, &what, advice)
}

/// Describes a good connection on which `request` went out, with `error` in place of an answer.
pub(in crate::service) fn unanswered(request: &SafeText, error: &hyper::Error) -> Failure {
    let Trouble { what, advice } = on_the_way::unanswered(error);
    failure(Class::Transient, request, &what, advice)
}

/// Describes a connection for `request` that the other side closed before a byte of it was written.
pub(in crate::service) fn closed_before(request: &SafeText, error: &hyper::Error) -> Failure {
    failure(
        Class::Transient,
        request,
        &format!(
            "the connection made for it was closed before a byte of it was written ({})",
            root_cause(error)
        ),
        "a new one is made by itself; if it stays, look at the network and the proxy",
    )
}

/// Describes a connection on which no byte came for `time` after the request.
pub(in crate::service) fn silent(request: &SafeText, time: Duration) -> Failure {
    failure(
        Class::Transient,
        request,
        &format!("no answer began within {} s", time.as_secs_f32()),
        "it is asked again by itself, over a new connection; if it stays, look at the network and the service's health",
    )
}

/// Describes an unreadable body after the head of an answer.
pub(in crate::service) fn unread(request: &SafeText, unread: &Unread) -> Failure {
    match unread {
        Unread::TooLarge(limit) => failure(
            Class::Bug,
            request,
            &format!(
                "the answer is longer than the {} MiB that are read of it",
                limit >> 20
            ),
            "check that the base URL leads to the marketplace API itself",
        ),
        Unread::Broken(error) if error.is_timeout() => failure(
            Class::Transient,
            request,
            &format!(
                "no whole answer in time: it began, and went no further ({})",
                root_cause(error)
            ),
            "it is asked again by itself; if it stays, look at the network and the service's health",
        ),
        Unread::Broken(error) => failure(
            Class::Transient,
            request,
            &format!("the answer broke off ({})", root_cause(error)),
            "it is asked again by itself; if it stays, look at the network and the proxy",
        ),
        Unread::Packed(why) => failure(
            Class::Transient,
            request,
            &format!("the answer could not be decompressed ({why})"),
            "it is asked again by itself; if it stays, look at the network and the proxy",
        ),
    }
}

/// Returns true if the other side requires HTTP/1.1 after an HTTP/2 request that it did not carry out.
pub(in crate::service) fn wants_http1(error: &reqwest::Error) -> bool {
    cause::<h2::Error>(error).is_some_and(|error| error.reason() == Some(h2::Reason::HTTP_1_1_REQUIRED))
}

/// Returns true if an established connection was lost, rather than never made.
pub(in crate::service) fn is_broken_connection(error: &reqwest::Error) -> bool {
    let is_ours = error.is_timeout() && !has_cause::<io::Error>(error) && !has_cause::<hyper::Error>(error);
    error.is_request() && !error.is_connect() && !is_ours
}

fn has_cause<E: Error + 'static>(error: &reqwest::Error) -> bool {
    cause::<E>(error).is_some()
}

#[cfg(test)]
mod tests {
    use reqwest::{
        Client,
        dns::{Name, Resolve, Resolving},
    };
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    struct Nowhere;

    impl Resolve for Nowhere {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }

    struct Never;

    impl Resolve for Never {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }

    async fn failure_of(client: reqwest::ClientBuilder, url: &str, proxy: Option<&Proxy>) -> Failure {
        let error = client.tls_certs_only([]).build().unwrap().get(url).send().await;
        lost(&"GET offers of contoso".into(), &error.unwrap_err(), proxy)
    }

    /// Returns a port without a listener.
    async fn dead_port() -> String {
        TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .to_string()
    }

    /// Starts a proxy that always answers `answer`, with `user` in its URL.
    async fn proxy_saying(answer: &'static str, user: &str) -> (reqwest::ClientBuilder, Proxy) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{user}{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 1024];
                let _ = stream.read(&mut head).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        by(&address)
    }

    fn by(address: &str) -> (reqwest::ClientBuilder, Proxy) {
        let client = Client::builder().proxy(reqwest::Proxy::all(address).unwrap());
        (client, Proxy::of(&address.into()).unwrap())
    }

    #[tokio::test]
    async fn unknown_host_name_is_named() {
        let client = Client::builder().no_proxy().dns_resolver(Nowhere);
        let failure = failure_of(client, "https://a.invalid/", None).await;
        let what = failure.what.as_str();
        assert_eq!(
            what,
            "name unknown: the name a.invalid cannot be resolved (no such name)"
        );
        let (client, proxy) = by("http://proxy.invalid:8080");
        let failure = failure_of(client.dns_resolver(Nowhere), "https://a.test/", Some(&proxy)).await;
        let what = failure.what.as_str();
        assert_eq!(
            what,
            "proxy unknown: the name of the proxy proxy.invalid:8080 cannot be resolved (no such name)"
        );
        let (client, proxy) = by("socks5://127.0.0.1:1080");
        let failure = failure_of(client.dns_resolver(Nowhere), "https://a.test/", Some(&proxy)).await;
        let what = failure.what.as_str();
        assert_eq!(what, "the name a.test cannot be resolved (no such name)");
        assert!(failure.advice.as_str().contains("socks5h://"), "{failure}");
    }

    #[tokio::test]
    async fn slow_connection_names_its_peer() {
        let limit = Duration::from_millis(10);
        let client = Client::builder().no_proxy().connect_timeout(limit);
        let failure = failure_of(client.dns_resolver(Never), "https://a.test:8443/", None).await;
        let begin = "timed out: connecting to a.test:8443 took too long (";
        assert!(failure.what.as_str().starts_with(begin), "{failure}");
        let (client, proxy) = by("http://ada:pass-word@proxy.test:8080");
        let client = client.connect_timeout(limit).dns_resolver(Never);
        let failure = failure_of(client, "https://a.test/", Some(&proxy)).await;
        let begin = "proxy timed out: connecting through the proxy proxy.test:8080 took too long (";
        assert!(failure.what.as_str().starts_with(begin), "{failure}");
        assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
    }

    #[tokio::test]
    async fn refused_connection_names_its_peer() {
        let dead = dead_port().await;
        let failure = failure_of(Client::builder().no_proxy(), &format!("https://{dead}/"), None).await;
        let begin = format!("refused: no connection to {dead} (");
        assert!(failure.what.as_str().starts_with(&begin), "{failure}");
        let (client, proxy) = by(&format!("http://ada:pass-word@{dead}"));
        let failure = failure_of(client, "https://a.invalid/", Some(&proxy)).await;
        let begin = format!("the proxy {dead} cannot be reached (");
        assert!(failure.what.as_str().starts_with(&begin), "{failure}");
        assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
    }

    #[tokio::test]
    async fn proxy_refusal_is_shown_without_its_password() {
        const WANTS: &str = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
        for (answer, user, expected) in [
            (WANTS, "", "wants a name and a password (407)"),
            (
                WANTS,
                "ada:pass-word@",
                "does not accept the name and password of HTTPS_PROXY (407)",
            ),
            (
                "HTTP/1.1 403 Forbidden\r\n\r\n",
                "",
                "refused the way to a.invalid:443",
            ),
            ("", "", "gave no way through to a.invalid:443"),
            (
                "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                "",
                "refused the way to a.invalid:443",
            ),
        ] {
            let (client, proxy) = proxy_saying(answer, user).await;
            let failure = failure_of(client, "https://a.invalid/", Some(&proxy)).await;
            let what = failure.what.as_str();
            assert!(
                what.contains(&format!("{} {expected}", proxy.shown())),
                "{failure}"
            );
            assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn non_tls_peer_is_recognized() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                let _ = stream.read(&mut [0; 1024]).await;
            }
        });
        let failure = failure_of(Client::builder().no_proxy(), &url, None).await;
        assert!(failure.what.as_str().contains("does not speak TLS"), "{failure}");
    }
}
