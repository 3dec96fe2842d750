//! What goes wrong on the way: no answer at all, or one that breaks off. Each kind is named, with whom it was and what
//! to do.

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

/// The way to the service did not work; `proxy` is what stands before it.
pub(in crate::service) fn lost(request: &SafeText, error: &reqwest::Error, proxy: Option<&Proxy>) -> Failure {
    let Trouble { what, advice } = on_the_way::trouble(error, proxy);
    failure(Class::Transient, request, &what, advice)
}

/// A connection was good when `request` went out over it, and `error` came instead of an answer.
pub(in crate::service) fn unanswered(request: &SafeText, error: &hyper::Error) -> Failure {
    let Trouble { what, advice } = on_the_way::unanswered(error);
    failure(Class::Transient, request, &what, advice)
}

/// The other side closed a connection that had been made for `request`, before a byte of it was written.
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

/// Connected, and asked, and not a byte came for `time`.
pub(in crate::service) fn silent(request: &SafeText, time: Duration) -> Failure {
    failure(
        Class::Transient,
        request,
        &format!("no answer began within {} s", time.as_secs_f32()),
        "it is asked again by itself, over a new connection; if it stays, look at the network and the service's health",
    )
}

/// The head of an answer came, and its body could not be read.
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

/// Whether the other side will have HTTP/1.1 for what it was asked by HTTP/2, and did nothing about it.
pub(in crate::service) fn wants_http1(error: &reqwest::Error) -> bool {
    cause::<h2::Error>(error).is_some_and(|error| error.reason() == Some(h2::Reason::HTTP_1_1_REQUIRED))
}

/// Whether a connection that had been good was gone when `error` found it so, rather than one that was never made.
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

    async fn said(client: reqwest::ClientBuilder, url: &str, proxy: Option<&Proxy>) -> Failure {
        let error = client.tls_certs_only([]).build().unwrap().get(url).send().await;
        lost(&"GET offers of contoso".into(), &error.unwrap_err(), proxy)
    }

    /// A port that nobody listens at.
    async fn dead_port() -> String {
        TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .to_string()
    }

    /// A proxy that says `answer` to everything, with what stands before it in its address.
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
    async fn a_name_nobody_knows_is_named_as_that() {
        let client = Client::builder().no_proxy().dns_resolver(Nowhere);
        let failure = said(client, "https://a.invalid/", None).await;
        let what = failure.what.as_str();
        assert_eq!(
            what,
            "name unknown: the name a.invalid cannot be resolved (no such name)"
        );
        let (client, proxy) = by("http://proxy.invalid:8080");
        let failure = said(client.dns_resolver(Nowhere), "https://a.test/", Some(&proxy)).await;
        let what = failure.what.as_str();
        assert_eq!(
            what,
            "proxy unknown: the name of the proxy proxy.invalid:8080 cannot be resolved (no such name)"
        );
        let (client, proxy) = by("socks5://127.0.0.1:1080");
        let failure = said(client.dns_resolver(Nowhere), "https://a.test/", Some(&proxy)).await;
        let what = failure.what.as_str();
        assert_eq!(what, "the name a.test cannot be resolved (no such name)");
        assert!(failure.advice.as_str().contains("socks5h://"), "{failure}");
    }

    #[tokio::test]
    async fn a_connection_that_takes_too_long_says_to_whom() {
        let limit = Duration::from_millis(10);
        let client = Client::builder().no_proxy().connect_timeout(limit);
        let failure = said(client.dns_resolver(Never), "https://a.test:8443/", None).await;
        let begin = "timed out: connecting to a.test:8443 took too long (";
        assert!(failure.what.as_str().starts_with(begin), "{failure}");
        let (client, proxy) = by("http://ada:pass-word@proxy.test:8080");
        let client = client.connect_timeout(limit).dns_resolver(Never);
        let failure = said(client, "https://a.test/", Some(&proxy)).await;
        let begin = "proxy timed out: connecting through the proxy proxy.test:8080 took too long (";
        assert!(failure.what.as_str().starts_with(begin), "{failure}");
        assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
    }

    #[tokio::test]
    async fn who_refuses_a_connection_is_named() {
        let dead = dead_port().await;
        let failure = said(Client::builder().no_proxy(), &format!("https://{dead}/"), None).await;
        let begin = format!("refused: no connection to {dead} (");
        assert!(failure.what.as_str().starts_with(&begin), "{failure}");
        let (client, proxy) = by(&format!("http://ada:pass-word@{dead}"));
        let failure = said(client, "https://a.invalid/", Some(&proxy)).await;
        let begin = format!("the proxy {dead} cannot be reached (");
        assert!(failure.what.as_str().starts_with(&begin), "{failure}");
        assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
    }

    #[tokio::test]
    async fn what_a_proxy_has_against_it_is_told_and_its_password_is_not() {
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
            let failure = said(client, "https://a.invalid/", Some(&proxy)).await;
            let what = failure.what.as_str();
            assert!(
                what.contains(&format!("{} {expected}", proxy.shown())),
                "{failure}"
            );
            assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn what_speaks_no_tls_is_told_from_what_does() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                let _ = stream.read(&mut [0; 1024]).await;
            }
        });
        let failure = said(Client::builder().no_proxy(), &url, None).await;
        assert!(failure.what.as_str().contains("does not speak TLS"), "{failure}");
    }
}
