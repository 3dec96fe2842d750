//! The requests that came, in order, and how each was answered.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, upper case.
    pub method: String,
    /// Path and query, as they came.
    pub target: String,
    /// Names in lower case, and values, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// The way it was answered.
    pub answered: Answered,
    /// An operation was canceled because of it, or will be.
    pub carried_out: bool,
    /// It came to the other origin, which nobody should call.
    pub stray: bool,
}

/// The way a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Not yet, or never, because the client went away.
    NotYet,
    /// With this HTTP status.
    Status(u16),
    /// The connection was dropped without a byte.
    Lost,
}

impl Request {
    /// The path alone.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// The value of a header; the name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Checks that it is a cancel.
    #[must_use]
    pub fn is_cancel(&self) -> bool {
        self.method == "POST" && self.path().trim_end_matches('/').ends_with("/cancel")
    }

    /// The HTTP status, if it was answered with one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.answered {
            Answered::Status(status) => Some(status),
            Answered::NotYet | Answered::Lost => None,
        }
    }
}

/// The number of requests kept; a dashboard may be left open for days.
const KEPT: usize = 20_000;

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    dropped: usize,
    requests: VecDeque<Request>,
}

impl Recorder {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request. Gives the number it goes by.
    pub(crate) fn add(&self, request: Request) -> usize {
        let mut kept = self.kept();
        kept.requests.push_back(request);
        if kept.requests.len() > KEPT {
            kept.requests.pop_front();
            kept.dropped += 1;
        }
        kept.dropped + kept.requests.len() - 1
    }

    /// Adds to the request of that number what became known about it.
    pub(crate) fn amend(&self, number: usize, amend: impl FnOnce(&mut Request)) {
        let mut kept = self.kept();
        let at = number.checked_sub(kept.dropped);
        if let Some(request) = at.and_then(|at| kept.requests.get_mut(at)) {
            amend(request);
        }
    }

    /// The number of requests so far.
    pub(crate) fn count(&self) -> usize {
        let kept = self.kept();
        kept.dropped + kept.requests.len()
    }

    /// All that are kept, in order.
    pub(crate) fn all(&self) -> Vec<Request> {
        self.kept().requests.iter().cloned().collect()
    }
}
