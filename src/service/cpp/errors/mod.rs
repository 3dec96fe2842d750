//! What an answer says against a request: a status ([`status`]) whose body speaks ([`message`]), or an answer that cannot be
//! read ([`decode`]). What goes wrong without one is generic; see [`errors`](crate::service::http::errors).

pub(super) mod decode;
pub(super) mod message;
pub(super) mod status;
