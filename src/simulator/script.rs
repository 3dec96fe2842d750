//! Answers out of turn: errors, lost answers, and answers that are no answers; and how far they have been given.

use serde::Deserialize;

use super::error::ErrorAnswer;

/// A sequence of answers on one route.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Script {
    /// The route that gives them.
    pub on: Route,
    /// Only once a cancel was carried out or accepted; begins anew with each.
    #[serde(default)]
    pub after_cancel: bool,
    /// Only from the first cancel on that arrives, that one included and whatever becomes of it.
    #[serde(default)]
    pub from_cancel: bool,
    /// One for each request; afterwards the route gives its ordinary answer.
    pub answers: Vec<Answer>,
    /// The last answer is given for ever.
    #[serde(default)]
    pub repeat: bool,
    /// The answer to give next, once one was given or a cancel that it waits for came.
    #[serde(skip)]
    next: Option<usize>,
}

impl Script {
    /// These answers in turn, and then the ordinary one.
    #[must_use]
    pub fn in_turn(on: Route, answers: Vec<Answer>) -> Self {
        Self {
            on,
            after_cancel: false,
            from_cancel: false,
            answers,
            repeat: false,
            next: None,
        }
    }

    /// This answer, for ever.
    #[must_use]
    pub fn for_ever(on: Route, answer: Answer) -> Self {
        Self {
            repeat: true,
            ..Self::in_turn(on, vec![answer])
        }
    }

    /// Begins, if it waits for a cancel to arrive.
    fn on_cancel_arrived(&mut self) {
        if self.from_cancel {
            self.next.get_or_insert(0);
        }
    }

    /// Begins anew, if it waits for a cancel to be accepted.
    pub(crate) fn on_cancel_accepted(&mut self) {
        if self.after_cancel {
            self.next = Some(0);
        }
    }

    fn play(&mut self, route: Route) -> Option<Answer> {
        let waits = self.after_cancel || self.from_cancel;
        let next = self.next.or((!waits).then_some(0))?;
        if self.on != route && self.on != Route::Any {
            return None;
        }
        let last = self.answers.last().filter(|_| self.repeat);
        let answer = self.answers.get(next).or(last)?.clone();
        self.next = Some(next.saturating_add(1).min(self.answers.len()));
        Some(answer)
    }
}

/// The next answer out of turn on that route, from the first script that has one.
pub(crate) fn next<'a>(scripts: impl IntoIterator<Item = &'a mut Script>, route: Route) -> Option<Answer> {
    let mut answer = None;
    for script in scripts {
        if route == Route::Cancel {
            script.on_cancel_arrived();
        }
        answer = answer.or_else(|| script.play(route));
    }
    answer
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
    /// The answer that the route gives in turn.
    Ordinary {},
    /// An error.
    Error(ErrorAnswer),
    /// A redirect.
    Redirect {
        /// The HTTP status.
        status: u16,
        /// `Location`, if any.
        location: Option<String>,
    },
    /// The connection is dropped without a byte.
    Lost {
        /// The request takes effect all the same.
        #[serde(default)]
        carried_out: bool,
    },
    /// The request is taken, and no answer ever comes; the connection stays open.
    Hanging {
        /// The request takes effect all the same.
        #[serde(default)]
        carried_out: bool,
    },
    /// The first half of the ordinary body.
    Truncated {},
    /// A web page, with 200, of somebody on the way to the service: without the headers of its answers.
    Html {},
    /// Nothing, with 200.
    Empty {},
    /// The ordinary body, as another type of content.
    ContentType {},
    /// This body, with 200.
    Raw {
        /// The body.
        body: String,
    },
}

impl Answer {
    /// The default error of a status, in an envelope, which does nothing.
    #[must_use]
    pub fn error(status: u16) -> Self {
        Self::Error(ErrorAnswer::new(status))
    }

    /// The HTTP status it has of its own.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Error(ErrorAnswer { status, .. }) | Self::Redirect { status, .. } => Some(*status),
            _ => None,
        }
    }
}
