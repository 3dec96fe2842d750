//! Chain of causes of an error, and its innermost text.

use std::{error::Error, io};

use crate::service::http::verifier::Untrusted;

/// A kind of error, with its text and the remedy.
pub(in crate::service) struct Trouble {
    pub(in crate::service) what: String,
    pub(in crate::service) advice: &'static str,
}

/// Returns the text of the innermost cause, which is the informative one; never a URL with its query.
pub(in crate::service) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let reason = |cause: &(dyn Error + 'static)| match cause.downcast_ref().and_then(Untrusted::within) {
        Some(untrusted) => untrusted.to_string(),
        None => cause.to_string(),
    };
    causes(error).last().map(reason).unwrap_or_default()
}

/// Yields `error` and all its causes, from the outside in.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        // An I/O error hides its wrapped error from its sources, and TLS errors come wrapped in one.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
        Some(error)
    })
}

/// Returns the first cause of type `E`.
pub(super) fn cause<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// Returns true if the text of any cause contains `word`.
pub(super) fn mentions(error: &reqwest::Error, word: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(word))
}
