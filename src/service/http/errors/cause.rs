//! The chain of causes of an error, and what is said of it.

use std::{error::Error, io};

use crate::service::http::verifier::Untrusted;

/// A kind of trouble, in the words of the text and with what to do about it.
pub(in crate::service) struct Trouble {
    pub(in crate::service) what: String,
    pub(in crate::service) advice: &'static str,
}

/// The innermost reason, which is the one that says something; never an address with its query.
pub(in crate::service) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let reason = |cause: &(dyn Error + 'static)| match cause.downcast_ref().and_then(Untrusted::within) {
        Some(untrusted) => untrusted.to_string(),
        None => cause.to_string(),
    };
    causes(error).last().map(reason).unwrap_or_default()
}

/// `error` and all it was caused by, from the outside in.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
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

/// The first cause that is an `E`.
pub(super) fn cause<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// Whether any of the causes says `word`.
pub(super) fn says(error: &reqwest::Error, word: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(word))
}
