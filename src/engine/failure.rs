//! Failures of requests to the service, in the classes that decide on the next step.

use std::{fmt, time::Duration};

use crate::domain::text::SafeText;

/// A request to the service without a usable answer.
///
/// Its text names the request, the problem, and the remedy; it never contains a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Class that decides on the next step.
    pub class: Class,
    /// The request, such as `GET offers of contoso`.
    pub request: SafeText,
    /// The problem.
    pub what: SafeText,
    /// The remedy for a person.
    pub advice: SafeText,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Correlation id for Microsoft's support, if there was an answer.
    pub correlation_id: Option<SafeText>,
    /// Pause that the service requests.
    pub retry_after: Option<Duration>,
}

/// Class of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The network, a timeout, or a 5xx: may pass by itself.
    Transient,
    /// No accepted token.
    SignIn,
    /// Signed in, but not allowed.
    Forbidden,
    /// No such resource, or no such route any more.
    NotFound,
    /// 429, or 503 with a `Retry-After`: rate limited.
    Throttled,
    /// An answer that cannot be the service's own: a page, an empty body, JSON of another form. An intermediary may
    /// have answered; it is no information about the resource.
    Foreign,
    /// An answer of the service that makes no sense, or a request that cannot be built.
    Bug,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.what)?;
        if let Some(id) = &self.correlation_id {
            write!(f, " [correlation {id}]")?;
        }
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// Returns the whole sentence, safe to show.
    #[must_use]
    pub fn text(&self) -> SafeText {
        SafeText::new(&self.to_string())
    }
}
