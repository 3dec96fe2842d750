//! Token sources. Knows neither the service's requests nor settings files.
//!
//! [`TokenSource`] is the port. Behind it stand issuers, one a file, which only know how to get one token, and the
//! cache above them all, which decides when. [`build()`] creates a source from the settings.

#[cfg(test)]
mod arbitrary;
mod azure;
mod build;
mod cached;
mod certificate;
pub mod claims;
mod command;
#[cfg(unix)]
pub mod cores;
mod device_code;
mod http;
mod issuer;
mod oauth_error;
mod output;
mod prompt;
mod secret_file;
mod static_token;
mod surroundings;
mod token_file;
mod wire;

pub use build::build;
pub use cached::Attendance;
pub use prompt::{Prompts, SignInPrompt};
pub use static_token::StaticToken;
pub use surroundings::Surroundings;

pub use super::http::TokenSource;
