//! The service's answer to a cancel, and its meaning as judged by the service's module. Must not know the meaning of
//! any HTTP status.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{lead::Lead, text::SafeText};

/// The answer to one cancel request. Journals store it under the field names of the first version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status: carried and shown, and judged by the service's module alone.
    #[serde(rename = "status")]
    pub http_status: u16,
    /// Meaning for the request.
    pub outcome: Outcome,
    /// Location for following it.
    #[serde(rename = "location")]
    pub lead: Option<Lead>,
    /// Correlation id for Microsoft's support.
    pub correlation_id: Option<SafeText>,
    /// Pause that the service requests.
    pub retry_after: Option<Duration>,
    /// Error in the service's words.
    #[serde(rename = "error")]
    pub text: Option<SafeText>,
    /// Whether an intermediary, such as a sign-in page of the network, may have answered in the service's place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_foreign: bool,
    /// Whether the intermediary rejected the request, so that the service will never answer it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_turned_away: bool,
}

/// Meaning of an answer for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Canceled, by the service's word.
    Done,
    /// Accepted, without a promise.
    Accepted,
    /// Not carried out because of rate limiting; may be sent again after a new look.
    Throttled,
    /// Not carried out because the token was rejected; may be sent again with a new one, once.
    SignIn,
    /// Refused.
    Refused,
    /// No such operation, or none any more: it may have been canceled, by anyone, or never existed.
    Gone,
    /// It may have been carried out or not; also the meaning of any foreign answer.
    Uncertain,
}

impl Answer {
    /// Creates an answer of the service itself without further content.
    #[must_use]
    pub fn new(http_status: u16, outcome: Outcome) -> Self {
        Self {
            http_status,
            outcome,
            lead: None,
            correlation_id: None,
            retry_after: None,
            text: None,
            is_foreign: false,
            is_turned_away: false,
        }
    }
}

impl Outcome {
    /// Returns true if the service accepted it: it is canceled, or will be.
    #[must_use]
    pub fn has_accepted(self) -> bool {
        matches!(self, Self::Done | Self::Accepted)
    }

    /// Returns true if the request certainly did nothing, so that it may be sent again.
    #[must_use]
    pub fn was_not_carried_out(self) -> bool {
        matches!(self, Self::Throttled | Self::SignIn)
    }

    /// Returns true if this request did nothing, and never will.
    #[must_use]
    pub fn came_to_nothing(self) -> bool {
        matches!(self, Self::Refused | Self::Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_seven_outcomes_accept_and_two_did_nothing() {
        for (outcome, has_accepted, was_not_carried_out, came_to_nothing) in [
            (Outcome::Done, true, false, false),
            (Outcome::Accepted, true, false, false),
            (Outcome::Throttled, false, true, false),
            (Outcome::SignIn, false, true, false),
            (Outcome::Refused, false, false, true),
            (Outcome::Gone, false, false, true),
            (Outcome::Uncertain, false, false, false),
        ] {
            assert_eq!(outcome.has_accepted(), has_accepted, "{outcome:?}");
            assert_eq!(outcome.was_not_carried_out(), was_not_carried_out, "{outcome:?}");
            assert_eq!(outcome.came_to_nothing(), came_to_nothing, "{outcome:?}");
        }
    }
}
