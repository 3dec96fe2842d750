//! Proxy for a URL. Its password is sent to the proxy alone, and is in no text.

use std::fmt;

use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::domain::text::SafeText;

/// A proxy, as the environment or the system describes it.
#[derive(Clone)]
pub struct Proxy {
    read: Intercept,
    /// Full URL with the password, for connecting.
    address: SecretString,
}

impl Proxy {
    /// Returns the system's proxy for `url`.
    pub(super) fn of_system(url: &Url) -> Option<Self> {
        Some(Self {
            read: Matcher::from_system().intercept(&url.as_str().parse().ok()?)?,
            address: SecretString::default(),
        })
    }

    /// Parses the proxy URL `address`, with name and password percent-encoded.
    pub(in crate::service) fn of(address: &SecretString) -> Option<Self> {
        let matcher = Matcher::builder().all(address.expose_secret()).build();
        Some(Self {
            read: matcher.intercept(&Uri::from_static("https://host.invalid"))?,
            address: address.clone(),
        })
    }

    /// Returns the full URL, for connecting.
    pub(super) fn address(&self) -> &SecretString {
        &self.address
    }

    /// Returns host and port, with the scheme unless it is plain HTTP.
    #[must_use]
    pub fn shown(&self) -> SafeText {
        let (host, port) = (self.host(), self.port());
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host
        };
        SafeText::new(&match self.scheme() {
            "http" => format!("{host}:{port}"),
            scheme => format!("{scheme}://{host}:{port}"),
        })
    }

    /// Returns name or address, an IPv6 address without brackets.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.read.uri().host().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']').to_owned()
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.read.uri().port_u16().unwrap_or(match self.scheme() {
            "https" => 443,
            "http" => 80,
            _ => 1080,
        })
    }

    /// Returns the scheme: `http`, `https`, `socks5`, and so on.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.read.uri().scheme_str().unwrap_or("http")
    }

    /// Returns true if it has a name and a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.read.basic_auth().is_some() || self.read.raw_auth().is_some()
    }

    /// Returns the value of its authorization header.
    pub(in crate::service) fn authorization(&self) -> Option<&HeaderValue> {
        self.read.basic_auth()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.shown()).finish()
    }
}

/// Returns true if `url` leads to this machine, for which no proxy is used.
pub(super) fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_is_shown_without_its_password() {
        for (value, shown, has_password) in [
            ("http://proxy.test", "proxy.test:80", false),
            ("https://proxy.test", "https://proxy.test:443", false),
            ("http://ada:pass-word@[::1]:3128", "[::1]:3128", true),
            (
                "socks5h://ada:pass-word@proxy.test",
                "socks5h://proxy.test:1080",
                true,
            ),
        ] {
            let proxy = Proxy::of(&value.into()).unwrap();
            assert_eq!(proxy.shown().as_str(), shown);
            assert_eq!(proxy.has_password(), has_password, "{value}");
            let debugged = format!("{proxy:?}");
            assert!(
                !debugged.contains("pass-word") && !debugged.contains("ada"),
                "{debugged}"
            );
        }
    }

    #[test]
    fn loopback_uses_no_proxy() {
        for (origin, here) in [
            ("http://127.0.0.1:8080", true),
            ("https://127.1.2.3", true),
            ("http://[::1]:1", true),
            ("http://localhost:1", true),
            ("https://cloudpartner.azure.com", false),
            ("https://localhost.evil.example", false),
            ("https://10.0.0.1", false),
        ] {
            assert_eq!(is_here(&Url::parse(origin).unwrap()), here, "{origin}");
        }
    }
}
