//! Answers given out of turn: errors, lost answers, and answers that are no answers.

use jiff::SignedDuration;
use serde::Deserialize;

/// A sequence of answers on one route.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Script {
    /// Where.
    pub on: Route,
    /// Only once a cancel was carried out or accepted; begins anew with each.
    #[serde(default)]
    pub after_cancel: bool,
    /// Only from the first cancel on that arrives, that one included and whatever becomes of it.
    #[serde(default)]
    pub from_cancel: bool,
    /// One for each request; afterwards the route answers as usual.
    pub answers: Vec<Answer>,
    /// The last answer is given for ever.
    #[serde(default)]
    pub repeat: bool,
}

impl Script {
    /// These answers in turn, and then the usual one.
    #[must_use]
    pub fn in_turn(on: Route, answers: Vec<Answer>) -> Self {
        Self {
            on,
            after_cancel: false,
            from_cancel: false,
            answers,
            repeat: false,
        }
    }

    /// This answer, for ever.
    #[must_use]
    pub fn for_ever(on: Route, answer: Answer) -> Self {
        Self {
            on,
            after_cancel: false,
            from_cancel: false,
            answers: vec![answer],
            repeat: true,
        }
    }
}

/// A route of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The publishers.
    Publishers,
    /// The offer types.
    OfferTypes,
    /// The list of offers.
    Offers,
    /// One offer, in any of its forms.
    Offer,
    /// The status of an offer.
    Status,
    /// The operations of an offer.
    Submissions,
    /// One operation, by either path shape.
    Operation,
    /// The cancel.
    Cancel,
    /// Each of them.
    Any,
}

/// An answer out of turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "is",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Answer {
    /// The answer the route gives as usual.
    Ordinary {},
    /// An error.
    Error {
        /// The HTTP status.
        status: u16,
        /// The shape of the body.
        #[serde(default)]
        shape: Shape,
        /// `code`; the usual one for the status when absent.
        code: Option<String>,
        /// The message; the usual one for the status when absent.
        message: Option<String>,
        /// `Retry-After`.
        retry_after: Option<SignedDuration>,
        /// What was asked is done all the same.
        #[serde(default)]
        carried_out: bool,
    },
    /// A redirect.
    Redirect {
        /// The HTTP status.
        status: u16,
        /// `Location`, if any.
        location: Option<String>,
    },
    /// The connection is dropped without a byte.
    Lost {
        /// What was asked is done all the same.
        #[serde(default)]
        carried_out: bool,
    },
    /// The request is taken, and no answer ever comes; the connection stays open.
    Hanging {
        /// What was asked is done all the same.
        #[serde(default)]
        carried_out: bool,
    },
    /// The first half of the usual body.
    Truncated {},
    /// A web page, with 200, of somebody on the way to the service: without the headers of its answers.
    Html {},
    /// Nothing, with 200.
    Empty {},
    /// The usual body, as another type of content.
    ContentType {},
    /// This body, with 200.
    Raw {
        /// The body.
        body: String,
    },
}

impl Answer {
    /// An error in the usual envelope, which does nothing.
    #[must_use]
    pub fn error(status: u16) -> Self {
        let (shape, code, message) = (Shape::Envelope, None, None);
        Self::Error {
            status,
            shape,
            code,
            message,
            retry_after: None,
            carried_out: false,
        }
    }
}

/// The shape of an error's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `{"error":{"code":…,"message":…}}`
    #[default]
    Envelope,
    /// `{"Message":…}`
    Message,
    /// `{"Variant":{"serviceName":"Variant","error":…}}`
    Variant,
    /// A web page, as a gateway sends it: without the headers of the service's answers.
    Html,
    /// Plain words.
    Text,
    /// Nothing.
    None,
}
