//! The two transports: one that reads, quick and pooled, and one that cancels, where no layer repeats a request.

use std::{path::Path, time::Duration};

use reqwest::{
    Certificate, ClientBuilder,
    header::{ACCEPT, HeaderMap, HeaderValue},
    redirect, retry,
};

use super::{errors, options::ClientOptions};
use crate::{domain::ids::Origin, engine::failure::Failure};

const USER_AGENT: &str = concat!("countermand/", env!("CARGO_PKG_VERSION"));

/// For requests that change nothing: pooled connections, HTTP/2 where the service speaks it, gzip.
pub(super) fn reading(options: &ClientOptions) -> Result<reqwest::Client, Failure> {
    let builder = common(options)?
        .gzip(true)
        // A connection that died with the network it was made on, as in a suspended laptop, is found out by its pings.
        .http2_keep_alive_interval(Duration::from_secs(30))
        .http2_keep_alive_timeout(Duration::from_secs(10));
    build(builder)
}

/// For the cancel.
///
/// HTTP/2 would let a refused stream be repeated, a pooled connection may be gone when it is used, and a retry policy
/// repeats by its very purpose; so there is none of them.
pub(super) fn sending(options: &ClientOptions) -> Result<reqwest::Client, Failure> {
    let builder = common(options)?
        .gzip(false)
        .http1_only()
        .pool_max_idle_per_host(0)
        .retry(retry::never());
    build(builder)
}

/// For asking who gives tokens: patient for seconds and not for minutes, and with no answer followed elsewhere.
///
/// `direct` goes past every proxy.
pub(in crate::marketplace) fn signing_in(
    ca_file: Option<&Path>,
    direct: bool,
) -> Result<reqwest::Client, Failure> {
    let extra = match ca_file {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .gzip(true);
    build(if direct {
        // It leads to this machine, over plain http or with a certificate that was given along.
        builder.no_proxy().tls_certs_only(extra)
    } else {
        builder.tls_certs_merge(extra)
    })
}

fn common(options: &ClientOptions) -> Result<ClientBuilder, Failure> {
    let mut accept = HeaderMap::new();
    accept.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(accept)
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(options.limits.connect)
        .timeout(options.limits.answer);
    let builder = if is_loopback(&options.origin) {
        builder.no_proxy()
    } else {
        builder
    };
    trusting(builder, options)
}

/// Trusts the platform and the extra certificates; for plain http nothing, so that it works without a CA bundle.
fn trusting(builder: ClientBuilder, options: &ClientOptions) -> Result<ClientBuilder, Failure> {
    let extra = match &options.ca_file {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    Ok(if options.origin.as_str().starts_with("http:") {
        builder.tls_certs_only([])
    } else {
        builder.tls_certs_merge(extra)
    })
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let pem = std::fs::read(path).map_err(|error| errors::setup::ca_file(path, &error.to_string()))?;
    let found = Certificate::from_pem_bundle(&pem)
        .map_err(|error| errors::setup::ca_file(path, &errors::network::root_cause(&error)))?;
    if found.is_empty() {
        return Err(errors::setup::ca_file(path, "it holds no PEM certificate"));
    }
    Ok(found)
}

fn build(builder: ClientBuilder) -> Result<reqwest::Client, Failure> {
    builder
        .build()
        .map_err(|error| errors::setup::transport(&errors::network::root_cause(&error)))
}

/// Whether `origin` is this machine, where a proxy has no business.
pub(in crate::marketplace) fn is_loopback(origin: &Origin) -> bool {
    let Ok(url) = url::Url::parse(origin.as_str()) else {
        return false;
    };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for (origin, loopback) in [
            ("http://127.0.0.1:8080", true),
            ("https://127.1.2.3", true),
            ("http://[::1]:1", true),
            ("http://localhost:1", true),
            ("https://cloudpartner.azure.com", false),
            ("https://localhost.evil.example", false),
            ("https://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&Origin::parse(origin).unwrap()), loopback, "{origin}");
        }
    }
}
