//! What was asked, in order, and how it was answered.

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
    /// How it was answered.
    pub answered: Answered,
    /// An operation was canceled because of it, or will be.
    pub carried_out: bool,
    /// It came to the other origin, which nobody should call.
    pub stray: bool,
}

/// How a request was answered.
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

    /// It is a cancel.
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

/// How many requests are kept; a dashboard may be left open for days.
const KEPT: usize = 20_000;

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    dropped: usize,
    kept: VecDeque<Request>,
}

impl Recorder {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request came in. Gives the number it goes by.
    pub(crate) fn came(&self, request: Request) -> usize {
        let mut pages = self.pages();
        pages.kept.push_back(request);
        if pages.kept.len() > KEPT {
            pages.kept.pop_front();
            pages.dropped += 1;
        }
        pages.dropped + pages.kept.len() - 1
    }

    /// Something became known about the request of that number.
    pub(crate) fn amend(&self, number: usize, amend: impl FnOnce(&mut Request)) {
        let mut pages = self.pages();
        let at = number.checked_sub(pages.dropped);
        if let Some(request) = at.and_then(|at| pages.kept.get_mut(at)) {
            amend(request);
        }
    }

    /// How many came so far.
    pub(crate) fn count(&self) -> usize {
        let pages = self.pages();
        pages.dropped + pages.kept.len()
    }

    /// All that are kept, in order.
    pub(crate) fn all(&self) -> Vec<Request> {
        self.pages().kept.iter().cloned().collect()
    }
}
