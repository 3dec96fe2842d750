//! What goes wrong before anything is sent.

use std::path::Path;

use super::failure;
use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::failure::{Class, Failure},
};

/// The file with extra certificates cannot be used.
pub(in crate::marketplace) fn ca_file(path: &Path, why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new("certificates"),
        &format!("{} cannot be used: {why}", path.display()),
        "give --ca-file the path of a readable PEM file with the certificates of your proxy or service",
    )
}

/// No transport could be built; in practice, because the platform has no certificates.
pub(in crate::marketplace) fn transport(why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new("certificates"),
        why,
        "install your system's CA bundle (on Debian: ca-certificates), point SSL_CERT_FILE at one, or give one with --ca-file",
    )
}

/// The request cannot be made of what it would have to name.
pub(in super::super) fn not_called(request: &str, why: &str) -> Failure {
    failure(
        Class::Bug,
        &SafeText::new(request),
        &format!("not called: {why}"),
        "nothing was sent; use the Partner Center page of the offer instead",
    )
}

/// The target belongs to another service than the one whose token this is.
pub(in super::super) fn other_origin(request: &SafeText, theirs: &Origin, ours: &Origin) -> Failure {
    failure(
        Class::Bug,
        request,
        &format!("not called: it belongs to {theirs}, and this profile signs in at {ours}"),
        "use the profile that it was begun with",
    )
}
