//! What can go wrong when the service is asked, in the classes that decide what happens next.

use std::{fmt, time::Duration};

use crate::domain::text::SafeText;

/// A request to the service that brought no usable answer.
///
/// Its text names the request, says what went wrong and what to do; it never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What it means for what happens next.
    pub class: Class,
    /// What was asked, such as `GET offers of contoso`.
    pub request: SafeText,
    /// What came instead.
    pub what: SafeText,
    /// What a person can do about it.
    pub advice: SafeText,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What Microsoft's support asks for, where there was an answer.
    pub correlation_id: Option<SafeText>,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
}

/// The class of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The network, a time-out, a 5xx: may pass by itself.
    Transient,
    /// No accepted token.
    SignIn,
    /// Signed in, and not allowed.
    Forbidden,
    /// There is no such thing, or no such route any more.
    NotFound,
    /// 429, or 503 with a `Retry-After`: asked too much.
    Throttled,
    /// An answer that cannot be the service's own: a page, an empty body, JSON of another form. Something on the way may
    /// have answered; it says nothing of what was asked for.
    Foreign,
    /// An answer that is the service's and makes no sense, or a request that cannot be made.
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
    /// The whole sentence, safe to show.
    #[must_use]
    pub fn text(&self) -> SafeText {
        SafeText::new(&self.to_string())
    }
}
