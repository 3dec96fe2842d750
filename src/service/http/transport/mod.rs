//! Transports: one for reading, fast and pooled; one for canceling, where no layer repeats a request; and one for
//! tokens. All use the same proxy and trust the same certificates.

mod connection;
pub(in crate::service) mod trust;

use std::{path::Path, time::Duration};

pub(in crate::service) use connection::{Connection, Unsent};

use reqwest::{
    Certificate, ClientBuilder,
    header::{self, ACCEPT, HeaderMap, HeaderValue},
    redirect, retry,
};
use rustls::ClientConfig;
use secrecy::ExposeSecret as _;

use self::trust::Speaking;

use super::{body, errors, options::ClientOptions, proxies::Proxies, proxy};
use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::failure::Failure,
};

const USER_AGENT: &str = concat!("countermand/", env!("CARGO_PKG_VERSION"));

/// Transport of reading requests.
pub(in crate::service) struct Reading {
    /// Pooled client, with HTTP/2 if the service supports it.
    pub(in crate::service) either: reqwest::Client,
    /// Client for a service that offers HTTP/2 and then requires HTTP/1.1.
    pub(in crate::service) http1: reqwest::Client,
}

impl Reading {
    pub(in crate::service) fn new(options: &ClientOptions) -> Result<Self, Failure> {
        let tls = tls(options, Speaking::Either)?;
        let http1 = tls.clone().map(|mut tls| {
            tls.alpn_protocols = Speaking::Http1.protocols();
            tls
        });
        Ok(Self {
            either: reading(options, tls)?,
            http1: reading(options, http1)?,
        })
    }
}

fn reading(options: &ClientOptions, tls: Option<ClientConfig>) -> Result<reqwest::Client, Failure> {
    let unheard = options.limits.unheard;
    let builder = common(options, tls)?
        .default_headers(packed(headers()))
        // A connection that died with its network, as in a suspended laptop, is detected: by HTTP/2 pings, and by
        // unacknowledged data in any case.
        .http2_keep_alive_interval(unheard)
        .http2_keep_alive_timeout(unheard);
    build(noticing_silence(builder, unheard))
}

/// Transport of cancels: each has a client of its own, which makes one [`Connection`] and nothing else.
///
/// HTTP/2 would let a refused stream be repeated, a pooled connection may be gone when it is used, and a retry policy
/// repeats by its very purpose; so none of them is used.
pub(in crate::service) struct Sending {
    options: ClientOptions,
    /// TLS configuration, created once because reading the platform's certificates is slow.
    tls: Option<ClientConfig>,
}

impl Sending {
    pub(in crate::service) fn new(options: &ClientOptions) -> Result<Self, Failure> {
        Ok(Self {
            options: options.clone(),
            tls: tls(options, Speaking::Http1)?,
        })
    }

    /// Opens a connection to the service, for the request labeled `request`.
    pub(in crate::service) async fn connect(&self, request: &SafeText) -> Result<Connection, Failure> {
        let client = common(&self.options, self.tls.clone())?
            .http1_only()
            .pool_max_idle_per_host(0)
            .retry(retry::never());
        Connection::make(client, &self.options.origin, request).await
    }
}

/// Creates a client for token issuers: with timeouts of seconds, and without redirects.
///
/// `direct` bypasses every proxy.
pub(in crate::service) fn signing_in(
    ca_file: Option<&Path>,
    direct: bool,
) -> Result<reqwest::Client, Failure> {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .default_headers(packed(HeaderMap::new()));
    build(if direct {
        // The address is this machine, over plain http or with a given certificate.
        let extra = ca_file.map(trust::certificates).transpose()?.unwrap_or_default();
        let extra: Result<Vec<_>, _> = extra.iter().map(|der| Certificate::from_der(der)).collect();
        builder.no_proxy().tls_certs_only(extra.map_err(unbuilt)?)
    } else {
        by_proxies(builder)?.tls_backend_preconfigured(trust::client(ca_file, Speaking::Either)?)
    })
}

/// Returns the TLS configuration for the service; none for plain http.
fn tls(options: &ClientOptions, speaking: Speaking) -> Result<Option<ClientConfig>, Failure> {
    if options.origin.as_str().starts_with("http:") {
        return Ok(None);
    }
    trust::client(options.ca_file.as_deref(), speaking).map(Some)
}

/// Returns the headers of every request to the service.
pub(in crate::service) fn headers() -> HeaderMap {
    [(ACCEPT, "application/json"), (header::USER_AGENT, USER_AGENT)]
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .into_iter()
        .collect()
}

/// Adds the accepted compressions to `headers`.
fn packed(mut headers: HeaderMap) -> HeaderMap {
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(body::PACKINGS));
    headers
}

/// Uses the proxies of the environment, or, if no variable names one, the system's.
fn by_proxies(builder: ClientBuilder) -> Result<ClientBuilder, Failure> {
    let proxies = Proxies::of_process().map_err(|misread| errors::setup::misread(&misread))?;
    if proxies.use_system() {
        return Ok(builder);
    }
    let before = move |url: &url::Url| {
        let proxy = proxies.before(url)?;
        Some(proxy.address().expose_secret().to_owned())
    };
    Ok(builder.proxy(reqwest::Proxy::custom(before)))
}

fn common(options: &ClientOptions, tls: Option<ClientConfig>) -> Result<ClientBuilder, Failure> {
    let builder = reqwest::Client::builder()
        .default_headers(headers())
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(options.limits.connect)
        .timeout(options.limits.answer);
    let builder = if is_loopback(&options.origin) {
        builder.no_proxy()
    } else {
        by_proxies(builder)?
    };
    Ok(match tls {
        Some(tls) => builder.tls_backend_preconfigured(tls),
        // Needs no certificate, so it works without a CA bundle.
        None => builder.tls_certs_only([]),
    })
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn noticing_silence(builder: ClientBuilder, unheard: Duration) -> ClientBuilder {
    builder.tcp_user_timeout(unheard)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn noticing_silence(builder: ClientBuilder, _unheard: Duration) -> ClientBuilder {
    builder
}

fn build(builder: ClientBuilder) -> Result<reqwest::Client, Failure> {
    builder.build().map_err(unbuilt)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "what an error is mapped with takes it whole"
)]
fn unbuilt(error: reqwest::Error) -> Failure {
    errors::setup::transport(&errors::cause::root_cause(&error))
}

/// Returns true if `origin` is this machine, for which no proxy is used.
pub(in crate::service) fn is_loopback(origin: &Origin) -> bool {
    url::Url::parse(origin.as_str()).is_ok_and(|url| proxy::is_here(&url))
}
