//! Everything that can go wrong, as a [`Failure`] that names the request, what came and what to do.
//!
//! One file a kind: before a request ([`setup`]), on the way ([`network`], by where [`on_the_way`], and [`tls`]), a status ([`status`]) whose body speaks
//! ([`message`]), and an answer that cannot be read ([`decode`]).

pub(super) mod decode;
pub(super) mod message;
pub(in crate::service) mod network;
pub(in crate::service) mod on_the_way;
pub(in crate::service) mod setup;
pub(super) mod status;
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
fn excerpt(raw: &str, limit: usize) -> SafeText {
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
