//! Errors in an answer: a status ([`status`]) with a message in its body ([`message`]), or an unreadable answer
//! ([`decode`]). Errors without an answer are generic; see [`errors`](crate::service::http::errors).

pub(super) mod decode;
pub(super) mod message;
pub(super) mod status;
