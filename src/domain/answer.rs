//! What the service answered to a cancel, and what that answer can mean.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{location::Location, text::SafeText};

/// The answer to one cancel request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where the service says that it can be followed.
    pub location: Option<Location>,
    /// `X-Ms-Correlation-Request-Id`: what Microsoft's support asks for.
    pub correlation_id: Option<SafeText>,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
    /// What the service says went wrong, in its words.
    pub error: Option<SafeText>,
    /// Whether something on the way, such as a sign-in page of the network, may have answered in the service's place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_foreign: bool,
}

/// What an answer can mean for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerClass {
    /// 200: cancelled, says the service.
    Canceled,
    /// 202 and every other 2xx: it will try. That promises nothing.
    Accepted,
    /// 429: not carried out; may be asked again after a new look.
    Throttled,
    /// 401: not carried out; may be asked again with a new token, once.
    SignIn,
    /// Any other 4xx: it would not.
    Refused,
    /// 408, 3xx, 5xx, and whatever cannot be the service's own: it may have been carried out or not.
    Uncertain,
}

impl Answer {
    /// What the answer can mean.
    #[must_use]
    pub fn class(&self) -> AnswerClass {
        match self.status {
            _ if self.is_foreign => AnswerClass::Uncertain,
            200 => AnswerClass::Canceled,
            201..=299 => AnswerClass::Accepted,
            401 => AnswerClass::SignIn,
            429 => AnswerClass::Throttled,
            408 => AnswerClass::Uncertain,
            400..=499 => AnswerClass::Refused,
            _ => AnswerClass::Uncertain,
        }
    }
}

impl AnswerClass {
    /// Whether the service took it on: it is canceled, or will be.
    #[must_use]
    pub fn has_accepted(self) -> bool {
        matches!(self, Self::Canceled | Self::Accepted)
    }

    /// Whether the request certainly did nothing, so that it may be sent again.
    #[must_use]
    pub fn was_not_carried_out(self) -> bool {
        matches!(self, Self::Throttled | Self::SignIn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_meaning() {
        for (statuses, class) in [
            (&[200][..], AnswerClass::Canceled),
            (&[201, 202, 204], AnswerClass::Accepted),
            (
                &[400, 403, 404, 405, 409, 410, 412, 422, 451],
                AnswerClass::Refused,
            ),
            (&[401], AnswerClass::SignIn),
            (&[429], AnswerClass::Throttled),
            (
                &[301, 302, 307, 308, 408, 500, 502, 503, 504, 599, 100, 999],
                AnswerClass::Uncertain,
            ),
        ] {
            for &status in statuses {
                let answer = Answer {
                    status,
                    location: None,
                    correlation_id: None,
                    retry_after: None,
                    error: None,
                    is_foreign: false,
                };
                assert_eq!(answer.class(), class, "{status}");
                let foreign = Answer {
                    is_foreign: true,
                    ..answer
                };
                assert_eq!(foreign.class(), AnswerClass::Uncertain, "{status} of a stranger");
            }
        }
    }

    #[test]
    fn what_took_it_on_and_what_certainly_did_nothing_are_two_of_six_each() {
        for (class, has_accepted, was_not_carried_out) in [
            (AnswerClass::Canceled, true, false),
            (AnswerClass::Accepted, true, false),
            (AnswerClass::Throttled, false, true),
            (AnswerClass::SignIn, false, true),
            (AnswerClass::Refused, false, false),
            (AnswerClass::Uncertain, false, false),
        ] {
            assert_eq!(class.has_accepted(), has_accepted, "{class:?}");
            assert_eq!(class.was_not_carried_out(), was_not_carried_out, "{class:?}");
        }
    }
}
