//! Errors without an answer, as a [`Failure`] with the request, the problem, and the remedy.
//!
//! One file a kind: before a request ([`setup`]) and during it ([`network`], by stage [`on_the_way`], and [`tls`]).
//! Errors in an answer belong to the service's module.

pub(in crate::service) mod cause;
pub(in crate::service) mod network;
pub(in crate::service) mod on_the_way;
pub(in crate::service) mod setup;
pub(in crate::service) mod tls;

use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
};

/// Creates a failure of `request` without an answer.
fn failure(class: Class, request: &SafeText, what: &str, advice: &str) -> Failure {
    Failure {
        class,
        request: request.clone(),
        what: what.into(),
        advice: advice.into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

/// Returns the first `limit` characters of `raw` on one line, with a mark if it was cut.
pub(in crate::service) fn excerpt(raw: &str, limit: usize) -> SafeText {
    let mut line = String::new();
    for word in raw.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if let Some((end, _)) = line.char_indices().nth(limit) {
            line.truncate(end);
            line.push('…');
            break;
        }
    }
    SafeText::new(&line)
}
