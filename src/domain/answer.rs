//! What the service answered to a cancel, and what that means, as the service judged it. Must not know what any HTTP
//! status means.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{lead::Lead, text::SafeText};

/// The answer to one cancel request. Journals hold it under the names that the first version gave them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status: carried and shown, and judged by the service alone.
    #[serde(rename = "status")]
    pub http_status: u16,
    /// What it means for what was asked.
    pub outcome: Outcome,
    /// Where the service says that it can be followed.
    #[serde(rename = "location")]
    pub lead: Option<Lead>,
    /// What Microsoft's support asks for.
    pub correlation_id: Option<SafeText>,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
    /// What the service says went wrong, in its words.
    #[serde(rename = "error")]
    pub text: Option<SafeText>,
    /// Whether something on the way, such as a sign-in page of the network, may have answered in the service's place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_foreign: bool,
    /// Whether that turned the request away, so that it will not become an answer of the service.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_turned_away: bool,
}

/// What an answer means for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is canceled, says the service.
    Done,
    /// The service will try. That promises nothing.
    Accepted,
    /// Not carried out, because too much was asked; may be asked again after a new look.
    Throttled,
    /// Not carried out, because the token was not accepted; may be asked again with a new one, once.
    SignIn,
    /// The service would not.
    Refused,
    /// There is no such operation, or none any more: it may have been canceled, by whomever, or never have been there.
    Gone,
    /// It may have been carried out or not; so it is with whatever cannot be the service's own.
    Uncertain,
}

impl Answer {
    /// An answer of the service itself that says nothing beside what it means.
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
    /// Whether the service took it on: it is canceled, or will be.
    #[must_use]
    pub fn has_accepted(self) -> bool {
        matches!(self, Self::Done | Self::Accepted)
    }

    /// Whether the request certainly did nothing, so that it may be sent again.
    #[must_use]
    pub fn was_not_carried_out(self) -> bool {
        matches!(self, Self::Throttled | Self::SignIn)
    }

    /// Whether it says that nothing was done by this request, and will not be.
    #[must_use]
    pub fn came_to_nothing(self) -> bool {
        matches!(self, Self::Refused | Self::Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_it_on_and_what_certainly_did_nothing_are_two_of_seven_each() {
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
