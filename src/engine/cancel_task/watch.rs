//! What following has come to: what is due when, what is under way, and what was heard.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{lead::Lead, operation::Operations},
    engine::{clocks::Clocks, schedule::Backoff, witnesses::Witnesses},
};

/// How many looks at a page that says active there are to one at the list.
const LOOKS_TO_A_LIST: u32 = 10;

/// From when on the list is read at the latest, while the page says active.
const FIRST_LIST: Duration = Duration::from_secs(20);

/// How long a page is waited for before the list is asked beside it.
const PATIENCE: Duration = Duration::from_secs(5);

/// One thing that is asked again and again, at most once at a time.
pub(super) struct Round {
    /// When it is asked next; never, while that is none.
    pub(super) due: Option<Instant>,
    /// Not before this, whatever asks for it.
    pub(super) not_before: Instant,
    /// When the question that is under way began.
    pub(super) under_way: Option<Instant>,
    /// When it was asked last.
    pub(super) began: Option<Instant>,
    /// What its failures add to the wait.
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

    /// It is asked as soon as it may be.
    pub(super) fn ask(&mut self, now: Instant) {
        let soon = now.max(self.not_before);
        self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
    }

    /// It is asked again at `due`, and not before.
    pub(super) fn again_at(&mut self, due: Instant) {
        self.not_before = due;
        self.due = Some(due);
    }

    fn next(&self) -> Option<Instant> {
        self.due.filter(|_| self.under_way.is_none())
    }

    /// Begins to ask, if it is due.
    fn begins(&mut self, now: Instant) -> bool {
        let begins = self.next().is_some_and(|due| due <= now);
        if begins {
            self.begin(now);
        }
        begins
    }

    /// Begins to ask, due or not.
    pub(super) fn begin(&mut self, now: Instant) {
        self.due = None;
        self.under_way = Some(now);
        self.began = Some(now);
    }
}

/// What following has come to. The page, the list and the location are asked each at its own pace.
pub(super) struct Watch {
    pub(super) page: Round,
    pub(super) list: Round,
    pub(super) location: Round,
    /// The location, where it is worth calling: it can be called and is not the target itself.
    pub(super) lead: Option<Lead>,
    pub(super) heard: Witnesses,
    /// When the answer came, was lost, or following began without one; none while it is waited for.
    pub(super) answered_at: Option<Instant>,
    /// From when on an accepted cancel that is read as active is taken to have cancelled nothing.
    pub(super) stalled_since: Option<Instant>,
    /// Whether the location was read as active: that it fails then is news.
    pub(super) was_location_active: bool,
    /// Whether the location failed at first sight: it may name something older.
    pub(super) has_location_failed: bool,
    /// Since when the operation that stands for the cancel is known to have failed.
    pub(super) cancel_failed_at: Option<Instant>,
    /// Since when the witnesses disagree.
    pub(super) disagree_since: Option<Instant>,
    /// The list as it was read last, and when that began.
    pub(super) listed: Option<(Instant, Operations)>,
    pub(super) clocks: Clocks,
    /// Looks at the page since the list was asked.
    looks: u32,
    pub(super) began: Instant,
    is_bound_by_id: bool,
}

/// What is to be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Page,
    List,
    Location,
}

impl Watch {
    /// Begins to watch a target that is looked at first at `due`.
    pub(super) fn new(is_bound_by_id: bool, due: Instant, now: Instant, clocks: Clocks) -> Self {
        let first = |asked: bool| Round::at(asked.then_some(due), now);
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

    /// What is due now; each is under way from then on.
    pub(super) fn questions(&mut self, now: Instant) -> Vec<Question> {
        let mut questions = Vec::new();
        if self.page.begins(now) {
            self.looks += 1;
            if self.is_time_for_the_list(now) {
                self.list.ask(now);
            }
            questions.push(Question::Page);
        }
        if self.is_page_hanging(now) {
            self.list.ask(now);
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

    /// Whether the page has been waited for so long that the list is asked beside it.
    fn is_page_hanging(&self, now: Instant) -> bool {
        self.hangs_from().is_some_and(|from| from <= now)
    }

    fn hangs_from(&self) -> Option<Instant> {
        let began = self.page.under_way?;
        let is_asked = self.list.under_way.is_some() || self.list.began.is_some_and(|asked| asked >= began);
        (!is_asked).then_some((began + PATIENCE).max(self.list.not_before))
    }

    /// When something is to be asked next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let location = self.location.next().filter(|_| self.lead.is_some());
        [self.page.next(), self.list.next(), location, self.hangs_from()]
            .into_iter()
            .flatten()
            .min()
    }

    /// When the target is looked at next.
    pub(super) fn next_look(&self) -> Option<Instant> {
        [self.page.next(), self.list.next()].into_iter().flatten().min()
    }

    /// Everything that is asked at all is due.
    pub(super) fn all_due(&mut self, now: Instant) {
        for round in [&mut self.page, &mut self.list, &mut self.location] {
            round.not_before = now;
            round.due = round.due.map(|_| now);
        }
    }

    /// The answer has come or is lost: what is read from now on counts.
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

    /// Whether the page tells nothing, so that the list is what is looked at.
    pub(super) fn looks_at_list(&self) -> bool {
        let page = &self.heard.page;
        let tells_nothing = page.failure().is_some() || page.heard().is_some() && page.state().is_none();
        !self.is_bound_by_id || tells_nothing || self.is_list_asked_beside()
    }

    /// Whether the page hangs, so that the list was asked beside it.
    fn is_list_asked_beside(&self) -> bool {
        let (page, list) = (self.page.under_way, self.list.began);
        matches!((page, list), (Some(hangs), Some(asked)) if asked >= hangs + PATIENCE)
    }
}

#[cfg(test)]
mod tests;
