//! The service's side of the ports: requests, wire forms, URLs, errors, and tokens.
//!
//! - [`http`] is the HTTP layer of every service and every sign-in.
//! - [`cpp`] implements the Cloud Partner Portal API; another service would be its sibling.
//! - [`auth`] provides tokens. It knows no request.
//! - [`diagnose`] checks the connection to the service step by step.
//!
//! Knows the domain and the engine's ports, and no face, journal, or settings: dependencies are passed in.

pub mod auth;
pub mod cpp;
pub mod diagnose;
pub mod http;
mod redact;
