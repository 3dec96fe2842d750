//! What goes wrong without an answer, as a [`Failure`] that names the request, what came and what to do.
//!
//! One file a kind: before a request ([`setup`]) and on the way ([`network`], by where [`on_the_way`], and [`tls`]). What an
//! answer itself says is the service's.

pub(in crate::service) mod cause;
pub(in crate::service) mod network;
pub(in crate::service) mod on_the_way;
pub(in crate::service) mod setup;
pub(in crate::service) mod tls;

use crate::{
    domain::text::SafeText,
    engine::failure::{Class, Failure},
};

/// A failure of `request` without an answer.
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

/// The first `limit` characters of `raw` on one line, with a mark where more follows.
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
