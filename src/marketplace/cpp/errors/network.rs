//! What goes wrong on the way: no answer at all, or one that breaks off.

use std::{error::Error, io};

use super::failure;
use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
    marketplace::cpp::body::Unread,
};

/// A kind of trouble, in the words of the text and with what to do about it.
struct Trouble {
    what: &'static str,
    advice: &'static str,
}

/// The way to the service did not work.
pub(in crate::marketplace) fn lost(request: &SafeText, error: &reqwest::Error) -> Failure {
    let Trouble { what, advice } = trouble(error);
    let what = format!("{what} ({})", root_cause(error));
    failure(Class::Transient, request, &what, advice)
}

/// The head of an answer came, and its body could not be read.
pub(in crate::marketplace) fn unread(request: &SafeText, unread: &Unread) -> Failure {
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
        Unread::Broken(error) if error.is_timeout() => lost(request, error),
        Unread::Broken(error) => failure(
            Class::Transient,
            request,
            &format!(
                "the answer broke off or could not be decompressed ({})",
                root_cause(error)
            ),
            "it is asked again by itself; if it stays, look at the network and the proxy",
        ),
    }
}

/// The innermost reason, which is the one that says something; never an address with its query.
pub(in super::super) fn root_cause(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn trouble(error: &reqwest::Error) -> Trouble {
    let timed_out = error.is_timeout();
    if error.is_dns() {
        Trouble {
            what: "the name of the service cannot be resolved",
            advice: "check the base URL, the network, and HTTPS_PROXY where names are resolved by a proxy",
        }
    } else if has_cause::<rustls::Error>(error) {
        Trouble {
            what: "the TLS handshake failed",
            advice: "if a proxy or a test service has certificates of its own, give them with --ca-file; check this machine's time",
        }
    } else if error.is_connect() && says(error, "tunnel") {
        Trouble {
            what: "the proxy gave no way through",
            advice: "check HTTPS_PROXY and its name and password, or name the service in NO_PROXY",
        }
    } else if error.is_connect() {
        Trouble {
            what: if timed_out {
                "connecting took too long"
            } else {
                "no connection to the service"
            },
            advice: "check the network, the base URL, and HTTPS_PROXY if you need one",
        }
    } else if timed_out {
        Trouble {
            what: "no whole answer in time",
            advice: "it is asked again by itself; if it stays, look at the network and the service's health",
        }
    } else {
        Trouble {
            what: "the connection ended before an answer",
            advice: "it is asked again by itself; if it stays, look at the network and the proxy",
        }
    }
}

/// `error` and all it was caused by, from the outside in.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        // An I/O error keeps what it wraps out of its sources, and TLS comes wrapped in one.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
        Some(error)
    })
}

fn has_cause<E: Error + 'static>(error: &reqwest::Error) -> bool {
    causes(error).any(<dyn Error>::is::<E>)
}

fn says(error: &reqwest::Error, word: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(word))
}

#[cfg(test)]
mod tests {
    use reqwest::{
        Client, Proxy,
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

    async fn said(client: reqwest::ClientBuilder, url: &str) -> Failure {
        let error = client.tls_certs_only([]).build().unwrap().get(url).send().await;
        lost(&"GET offers of contoso".into(), &error.unwrap_err())
    }

    #[tokio::test]
    async fn a_name_nobody_knows_is_named_as_that() {
        let failure = said(
            Client::builder().no_proxy().dns_resolver(Nowhere),
            "https://a.invalid/",
        )
        .await;
        assert!(failure.what.as_str().contains("cannot be resolved"), "{failure}");
        assert!(failure.what.as_str().ends_with("(no such name)"), "{failure}");
    }

    #[tokio::test]
    async fn a_proxy_that_refuses_is_named_as_that_and_its_password_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://user:pass-word@{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 1024];
                let _ = stream.read(&mut head).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                    .await;
            }
        });
        let client = Client::builder().proxy(Proxy::all(proxy).unwrap());
        let failure = said(client, "https://a.invalid/").await;
        assert!(
            failure.what.as_str().contains("the proxy gave no way through"),
            "{failure}"
        );
        assert!(!format!("{failure:?}").contains("pass-word"), "{failure:?}");
    }
}
