//! Errors before anything is sent.

use std::path::Path;

use super::failure;
use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::failure::{Class, Failure},
    service::http::proxies::Misread,
};

/// Describes an unusable file of additional certificates.
pub(in crate::service) fn ca_file(path: &Path, why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new("certificates"),
        &format!("{} cannot be used: {why}", path.display()),
        "give --ca-file the path of a readable PEM file with the certificates of your proxy or service",
    )
}

/// Describes an unusable file in `SSL_CERT_FILE`.
pub(in crate::service) fn named_certificates(path: &Path, why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new("certificates"),
        &format!("SSL_CERT_FILE: {} cannot be used: {why}", path.display()),
        "let SSL_CERT_FILE name a readable PEM file with the certificates to trust, or unset it",
    )
}

/// Describes an invalid proxy variable.
pub(in crate::service) fn misread(misread: &Misread) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new("proxy"),
        &format!("{} cannot be understood", misread.variable),
        misread.advice,
    )
}

/// Describes a transport that could not be built; in practice, because the platform has no certificates.
pub(in crate::service) fn transport(why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new("certificates"),
        why,
        "install your system's CA bundle (on Debian: ca-certificates), point SSL_CERT_FILE at one, or give one with --ca-file",
    )
}

/// Describes a request whose parts are unsafe in a URL.
pub(in crate::service) fn not_called(request: &str, why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new(request),
        &format!("not called: {why}"),
        "nothing was sent; use the Partner Center page of the offer instead",
    )
}

/// Describes a target of another service than the token's.
pub(in crate::service) fn other_origin(request: &SafeText, theirs: &Origin, ours: &Origin) -> Failure {
    failure(
        Class::Bug,
        request,
        &format!("not called: it belongs to {theirs}, and this profile signs in at {ours}"),
        "use the profile that it was begun with",
    )
}
