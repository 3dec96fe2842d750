//! State of following: due times, questions under way, and readings.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{lead::Lead, operation::Operations},
    engine::{clocks::Clocks, schedule::Backoff, witnesses::Witnesses},
};

/// Number of looks at an active page for each one at the list.
const LOOKS_TO_A_LIST: u32 = 10;

/// Latest time of the first list read, while the page is active.
const FIRST_LIST: Duration = Duration::from_secs(20);

/// Wait for a page before the list is requested as well.
const PATIENCE: Duration = Duration::from_secs(5);

/// A repeated question, at most once at a time.
pub(super) struct Round {
    /// Time of the next question; none disables it.
    pub(super) due: Option<Instant>,
    /// Earliest time of the next question, whatever requests it.
    pub(super) not_before: Instant,
    /// Start of the question under way.
    pub(super) under_way: Option<Instant>,
    /// Start of the last question.
    pub(super) began: Option<Instant>,
    /// Backoff by its failures.
    pub(super) backoff: Backoff,
}

impl Round {
    fn at(due: Option<Instant>, now: Instant) -> Self {
        Self {
            due,
            not_before: now,
            under_way: None,
            began: None,
            backoff: Backoff::default(),
        }
    }

    /// Makes it due as soon as allowed.
    pub(super) fn request(&mut self, now: Instant) {
        let soon = now.max(self.not_before);
        self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
    }

    /// Makes it due at `due`, and not before.
    pub(super) fn again_at(&mut self, due: Instant) {
        self.not_before = due;
        self.due = Some(due);
    }

    fn next(&self) -> Option<Instant> {
        self.due.filter(|_| self.under_way.is_none())
    }

    /// Starts the question, if due; returns true if it did.
    fn begins(&mut self, now: Instant) -> bool {
        let begins = self.next().is_some_and(|due| due <= now);
        if begins {
            self.begin(now);
        }
        begins
    }

    /// Starts the question, due or not.
    pub(super) fn begin(&mut self, now: Instant) {
        self.due = None;
        self.under_way = Some(now);
        self.began = Some(now);
    }
}

/// State of following. The page, the list, and the location each have their own interval.
pub(super) struct Watch {
    pub(super) page: Round,
    pub(super) list: Round,
    pub(super) location: Round,
    /// The location, if it is callable and not the target itself.
    pub(super) lead: Option<Lead>,
    pub(super) heard: Witnesses,
    /// Time when the answer came or was lost, or following began without one; none while waiting for it.
    pub(super) answered_at: Option<Instant>,
    /// Time from which an accepted cancel that is read as active counts as stalled.
    pub(super) stalled_since: Option<Instant>,
    /// Whether the location was read as active, so that a later failure is news.
    pub(super) was_location_active: bool,
    /// Whether the location failed at first sight: it may name an older operation.
    pub(super) has_location_failed: bool,
    /// Time since which the separate cancel operation is known to have failed.
    pub(super) cancel_failed_at: Option<Instant>,
    /// Time since which the witnesses disagree.
    pub(super) disagree_since: Option<Instant>,
    /// The last list, and the start of its reading.
    pub(super) listed: Option<(Instant, Operations)>,
    pub(super) clocks: Clocks,
    /// Looks at the page since the last list read.
    looks: u32,
    pub(super) began: Instant,
    is_bound_by_id: bool,
}

/// A question to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Page,
    List,
    Location,
}

impl Watch {
    /// Starts to watch a target, with the first look at `due`.
    pub(super) fn new(is_bound_by_id: bool, due: Instant, now: Instant, clocks: Clocks) -> Self {
        let first = |enabled: bool| Round::at(enabled.then_some(due), now);
        Self {
            page: first(is_bound_by_id),
            list: first(!is_bound_by_id),
            location: Round::at(None, now),
            lead: None,
            heard: Witnesses::default(),
            answered_at: None,
            stalled_since: None,
            was_location_active: false,
            has_location_failed: false,
            cancel_failed_at: None,
            disagree_since: None,
            listed: None,
            clocks,
            looks: 0,
            began: now,
            is_bound_by_id,
        }
    }

    /// Returns the questions due now, and marks them as under way.
    pub(super) fn questions(&mut self, now: Instant) -> Vec<Question> {
        let mut questions = Vec::new();
        if self.page.begins(now) {
            self.looks += 1;
            if self.is_time_for_the_list(now) {
                self.list.request(now);
            }
            questions.push(Question::Page);
        }
        if self.is_page_hanging(now) {
            self.list.request(now);
        }
        if self.list.begins(now) {
            self.looks = 0;
            questions.push(Question::List);
        }
        if self.lead.is_some() && self.location.begins(now) {
            questions.push(Question::Location);
        }
        questions
    }

    fn is_time_for_the_list(&self, now: Instant) -> bool {
        match self.list.began {
            None => now.saturating_duration_since(self.began) >= FIRST_LIST,
            Some(_) => self.looks >= LOOKS_TO_A_LIST,
        }
    }

    /// Returns true if the page has taken so long that the list is requested as well.
    fn is_page_hanging(&self, now: Instant) -> bool {
        self.hangs_from().is_some_and(|from| from <= now)
    }

    fn hangs_from(&self) -> Option<Instant> {
        let began = self.page.under_way?;
        let is_requested =
            self.list.under_way.is_some() || self.list.began.is_some_and(|started| started >= began);
        (!is_requested).then_some((began + PATIENCE).max(self.list.not_before))
    }

    /// Returns the time of the next question.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let location = self.location.next().filter(|_| self.lead.is_some());
        [self.page.next(), self.list.next(), location, self.hangs_from()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Returns the time of the next look at the target.
    pub(super) fn next_look(&self) -> Option<Instant> {
        [self.page.next(), self.list.next()].into_iter().flatten().min()
    }

    /// Makes every enabled question due.
    pub(super) fn all_due(&mut self, now: Instant) {
        for round in [&mut self.page, &mut self.list, &mut self.location] {
            round.not_before = now;
            round.due = round.due.map(|_| now);
        }
    }

    /// Marks the answer as received or lost: readings count from now on.
    pub(super) fn answered(&mut self, now: Instant, due: Instant) {
        self.answered_at = Some(now);
        self.location.again_at(due);
        let first = if self.is_bound_by_id {
            &mut self.page
        } else {
            &mut self.list
        };
        first.due = Some(due);
        first.not_before = due;
    }

    /// Returns true if the page has no state, so that the list is the witness shown.
    pub(super) fn looks_at_list(&self) -> bool {
        let page = &self.heard.page;
        let has_no_state = page.failure().is_some() || page.heard().is_some() && page.state().is_none();
        !self.is_bound_by_id || has_no_state || self.is_list_requested_for_page()
    }

    /// Returns true if the page hangs, so that the list was requested as well.
    fn is_list_requested_for_page(&self) -> bool {
        let (page, list) = (self.page.under_way, self.list.began);
        matches!((page, list), (Some(hangs), Some(started)) if started >= hangs + PATIENCE)
    }
}

#[cfg(test)]
mod tests;
