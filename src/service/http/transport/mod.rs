//! The transports: one that reads, quick and pooled, one that cancels, where no layer repeats a request, and one that
//! asks for tokens. All go by the same proxy and trust the same certificates.

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

/// For requests that change nothing.
pub(in crate::service) struct Reading {
    /// Pooled connections, HTTP/2 where the service speaks it.
    pub(in crate::service) either: reqwest::Client,
    /// The same for a service that speaks HTTP/2 and then wants HTTP/1.1.
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
        // A connection that died with the network it was made on, as in a suspended laptop, is found out: by its pings
        // where it is HTTP/2, and by what nobody acknowledges in any case.
        .http2_keep_alive_interval(unheard)
        .http2_keep_alive_timeout(unheard);
    build(noticing_silence(builder, unheard))
}

/// For the cancel: each has a client of its own, which makes one [`Connection`] and nothing else.
///
/// HTTP/2 would let a refused stream be repeated, a pooled connection may be gone when it is used, and a retry policy
/// repeats by its very purpose; so there is none of them.
pub(in crate::service) struct Sending {
    options: ClientOptions,
    /// Read once: the platform's certificates take their time.
    tls: Option<ClientConfig>,
}

impl Sending {
    pub(in crate::service) fn new(options: &ClientOptions) -> Result<Self, Failure> {
        Ok(Self {
            options: options.clone(),
            tls: tls(options, Speaking::Http1)?,
        })
    }

    /// Makes a connection to the service, for what `request` names.
    pub(in crate::service) async fn connect(&self, request: &SafeText) -> Result<Connection, Failure> {
        let client = common(&self.options, self.tls.clone())?
            .http1_only()
            .pool_max_idle_per_host(0)
            .retry(retry::never());
        Connection::make(client, &self.options.origin, request).await
    }
}

/// For asking who gives tokens: patient for seconds and not for minutes, and with no answer followed elsewhere.
///
/// `direct` goes past every proxy.
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
        // It leads to this machine, over plain http or with a certificate that was given along.
        let extra = ca_file.map(trust::certificates).transpose()?.unwrap_or_default();
        let extra: Result<Vec<_>, _> = extra.iter().map(|der| Certificate::from_der(der)).collect();
        builder.no_proxy().tls_certs_only(extra.map_err(unbuilt)?)
    } else {
        by_proxies(builder)?.tls_backend_preconfigured(trust::client(ca_file, Speaking::Either)?)
    })
}

/// How TLS is spoken to the service; none where it is spoken to in the clear.
fn tls(options: &ClientOptions, speaking: Speaking) -> Result<Option<ClientConfig>, Failure> {
    if options.origin.as_str().starts_with("http:") {
        return Ok(None);
    }
    trust::client(options.ca_file.as_deref(), speaking).map(Some)
}

/// What every request to the service says of itself.
pub(in crate::service) fn headers() -> HeaderMap {
    [(ACCEPT, "application/json"), (header::USER_AGENT, USER_AGENT)]
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .into_iter()
        .collect()
}

/// `headers`, and that the answer may come packed.
fn packed(mut headers: HeaderMap) -> HeaderMap {
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(body::PACKINGS));
    headers
}

/// By the proxies of the environment; of none of its variables names one, by the system's.
fn by_proxies(builder: ClientBuilder) -> Result<ClientBuilder, Failure> {
    let proxies = Proxies::of_process().map_err(|misread| errors::setup::misread(&misread))?;
    if proxies.leave_it_to_the_system() {
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
        // No certificate is needed for it, so it works without a CA bundle.
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

/// Whether `origin` is this machine, where a proxy has no business.
pub(in crate::service) fn is_loopback(origin: &Origin) -> bool {
    url::Url::parse(origin.as_str()).is_ok_and(|url| proxy::is_here(&url))
}
