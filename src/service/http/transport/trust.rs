//! Trusted certificates: the platform's, or `SSL_CERT_FILE` in their place if set, and a file of additional ones.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier as PlatformVerifier;

use crate::{
    domain::variable::bare,
    engine::failure::Failure,
    files::custody,
    service::http::{errors::setup, verifier::Verifier},
};

/// Protocols to offer, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Speaking {
    /// HTTP/2 if available, else HTTP/1.1.
    Either,
    /// HTTP/1.1 alone.
    Http1,
}

impl Speaking {
    pub(super) fn protocols(self) -> Vec<Vec<u8>> {
        let names: &[&[u8]] = match self {
            Self::Either => &[b"h2", b"http/1.1"],
            Self::Http1 => &[b"http/1.1"],
        };
        names.iter().map(|name| name.to_vec()).collect()
    }
}

/// Returns the TLS configuration that trusts the platform's certificates and `ca_file`.
///
/// # Errors
///
/// When the file is unusable, or neither has a certificate.
pub(in crate::service) fn client(
    ca_file: Option<&Path>,
    speaking: Speaking,
) -> Result<ClientConfig, Failure> {
    let mut extra = match ca_file {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    extra.extend(named_by_environment()?);
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier =
        PlatformVerifier::new_with_extra_roots(extra, provider.clone()).map_err(|error| match ca_file {
            // Bad platform certificates are skipped, so this one is in the file.
            Some(path) if !is_bare(&error) => setup::ca_file(path, &error.to_string()),
            _ => setup::transport(&error.to_string()),
        })?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setup::transport(&words(&error)))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier(verifier)))
        .with_no_client_auth();
    config.alpn_protocols = speaking.protocols();
    Ok(config)
}

/// Returns true if the platform has no certificates at all.
fn is_bare(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::General(_))
}

/// Returns the text of `error`, without the library's prefix.
fn words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::General(what) => what.clone(),
        other => other.to_string(),
    }
}

/// Reads the PEM certificates in the file at `path`.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    pem(path).map_err(|why| setup::ca_file(path, &why))
}

fn pem(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = custody::read(path).map_err(|refused| refused.to_string())?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|error| error.to_string())?;
    if found.is_empty() {
        return Err("it holds no PEM certificate".to_owned());
    }
    Ok(found)
}

/// Returns the certificates of `SSL_CERT_FILE` that the platform verifier cannot find: it takes the variable verbatim,
/// with surrounding whitespace and quotes, and an empty one as a missing file.
///
/// # Errors
///
/// When the file is unusable: the platform verifier would silently trust no certificate.
fn named_by_environment() -> Result<Vec<CertificateDer<'static>>, Failure> {
    let Some(raw) = std::env::var_os("SSL_CERT_FILE") else {
        return Ok(Vec::new());
    };
    let path = raw.to_str().map_or(raw.as_os_str(), |raw| bare(raw).as_ref());
    let found = if path.is_empty() {
        usual_file().and_then(|path| pem(&path).ok()).unwrap_or_default()
    } else {
        pem(path.as_ref()).map_err(|why| setup::named_certificates(path.as_ref(), &why))?
    };
    if path == raw {
        // The platform verifier reads that one itself.
        return Ok(Vec::new());
    }
    let is_usable = |der: &CertificateDer<'static>| RootCertStore::empty().add(der.clone()).is_ok();
    Ok(found.into_iter().filter(is_usable).collect())
}

/// Returns the system's certificate file, if it has one.
#[cfg(unix)]
fn usual_file() -> Option<PathBuf> {
    openssl_probe::probe().cert_file
}

#[cfg(not(unix))]
fn usual_file() -> Option<PathBuf> {
    None
}
