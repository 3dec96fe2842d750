//! What is asked when, to the second.

use jiff::Timestamp;

use super::*;
use crate::{
    domain::lead::LeadsTo,
    engine::{
        failure::{Class, Failure},
        witnesses::Word,
    },
    service::cpp::status,
};

/// A watch, and its seconds from the beginning.
struct TestApp {
    watch: Watch,
    start: Instant,
}

impl TestApp {
    fn new(is_bound_by_id: bool) -> Self {
        let start = Instant::now();
        let clocks = Clocks::new(Timestamp::UNIX_EPOCH, start);
        let mut watch = Watch::new(is_bound_by_id, start, start, clocks);
        watch.answered_at = Some(start);
        Self { watch, start }
    }

    fn at(&self, second: u64) -> Instant {
        self.start + Duration::from_secs(second)
    }

    fn asks(&mut self, second: u64) -> Vec<Question> {
        self.watch.questions(self.at(second))
    }

    /// The page says that it runs, and is asked again two seconds later.
    fn page_says(&mut self, second: u64, state: &str) {
        let (now, next) = (self.at(second), self.at(second + 2));
        let began = self.watch.page.under_way.take().unwrap();
        self.watch.heard.page.said(Word::Says(status(state)), began, now);
        self.watch.page.again_at(next);
    }

    fn list_says(&mut self, second: u64, state: &str) {
        let now = self.at(second);
        let began = self.watch.list.under_way.take().unwrap();
        self.watch.heard.list.said(Word::Says(status(state)), began, now);
    }

    /// The second at which something is asked next.
    fn due(&self) -> Option<u64> {
        let due = self.watch.next_due()?;
        Some((due - self.start).as_secs())
    }
}

#[test]
fn what_is_bound_by_id_has_its_page_read_and_what_is_not_the_list() {
    for (is_bound_by_id, question) in [(true, Question::Page), (false, Question::List)] {
        let mut desk = TestApp::new(is_bound_by_id);
        assert_eq!(desk.due(), Some(0));
        assert_eq!(desk.asks(0), [question]);
        assert_eq!(desk.asks(1), [], "one at a time");
        assert_eq!(desk.watch.looks_at_list(), !is_bound_by_id);
    }
}

#[test]
fn nothing_is_asked_before_it_is_due() {
    let mut desk = TestApp::new(true);
    desk.watch.page.due = Some(desk.at(5));
    assert_eq!(desk.asks(4), []);
    assert_eq!(desk.due(), Some(5));
    assert_eq!(desk.asks(5), [Question::Page]);
}

#[test]
fn beside_an_active_page_the_list_is_read_first_at_twenty_seconds_and_then_with_every_tenth_look() {
    let mut desk = TestApp::new(true);
    let mut lists = Vec::new();
    for second in (0..=80).step_by(2) {
        let questions = desk.asks(second);
        assert!(questions.contains(&Question::Page), "{second}");
        if questions.contains(&Question::List) {
            lists.push(second);
            desk.list_says(second, "running");
        }
        desk.page_says(second, "running");
    }
    assert_eq!(lists, [20, 40, 60, 80]);
}

#[test]
fn a_slow_pace_reads_the_list_at_the_first_look_after_twenty_seconds() {
    let mut desk = TestApp::new(true);
    let mut lists = Vec::new();
    for second in (0..=360).step_by(15) {
        let questions = desk.asks(second);
        if questions.contains(&Question::List) {
            lists.push(second);
            desk.list_says(second, "running");
        }
        desk.page_says(second, "running");
        desk.watch.page.again_at(desk.at(second + 15));
    }
    assert_eq!(lists, [30, 180, 330]);
}

#[test]
fn a_list_that_was_read_for_another_reason_counts() {
    let mut desk = TestApp::new(true);
    for second in [0, 2] {
        desk.asks(second);
        desk.page_says(second, "running");
    }
    desk.watch.list.ask(desk.at(3));
    assert_eq!(desk.asks(3), [Question::List]);
    desk.list_says(3, "running");
    let mut lists = Vec::new();
    for second in (4..=40).step_by(2) {
        if desk.asks(second).contains(&Question::List) {
            lists.push(second);
            desk.list_says(second, "running");
        }
        desk.page_says(second, "running");
    }
    assert_eq!(lists, [22], "ten looks later, whatever the clock says");
}

#[test]
fn a_page_that_hangs_has_the_list_asked_beside_it_after_five_seconds() {
    let mut desk = TestApp::new(true);
    assert_eq!(desk.asks(0), [Question::Page]);
    assert_eq!(desk.due(), Some(5));
    assert_eq!(desk.asks(4), []);
    assert_eq!(desk.asks(5), [Question::List]);
    assert_eq!(desk.due(), None, "both are under way");
    desk.list_says(6, "running");
    assert_eq!(desk.asks(60), [], "once for each page that hangs");
    desk.page_says(61, "running");
    assert_eq!(desk.asks(63), [Question::Page]);
    assert_eq!(desk.due(), Some(68));
}

#[test]
fn a_list_that_is_under_way_or_asked_for_rest_is_not_asked_beside_a_page_that_hangs() {
    let mut desk = TestApp::new(true);
    desk.watch.list.begin(desk.start);
    assert_eq!(desk.asks(1), [Question::Page]);
    assert_eq!(desk.asks(9), []);
    // It came: it began before the page did, so that it is asked again.
    desk.list_says(9, "running");
    assert_eq!(desk.due(), Some(6));
    desk.watch.list.not_before = desk.at(30);
    assert_eq!(desk.due(), Some(30));
    assert_eq!(desk.asks(29), []);
    assert_eq!(desk.asks(30), [Question::List]);

    // One that began with the page or after it is new enough.
    let mut desk = TestApp::new(true);
    desk.watch.list.begin(desk.at(1));
    desk.list_says(1, "running");
    assert_eq!(desk.asks(1), [Question::Page]);
    assert_eq!((desk.due(), desk.asks(30)), (None, vec![]));
}

#[test]
fn what_is_asked_for_is_asked_as_soon_as_it_may_be_and_no_later_than_it_was() {
    let desk = TestApp::new(true);
    let mut round = Round::at(None, desk.start);
    round.ask(desk.at(3));
    assert_eq!(round.due, Some(desk.at(3)));
    round.ask(desk.at(9));
    assert_eq!(round.due, Some(desk.at(3)), "it was due before");
    round.again_at(desk.at(20));
    assert_eq!((round.due, round.not_before), (Some(desk.at(20)), desk.at(20)));
    round.ask(desk.at(9));
    assert_eq!(round.due, Some(desk.at(20)), "it may not be asked before");
    round.ask(desk.at(30));
    assert_eq!(round.due, Some(desk.at(20)));
    round.begin(desk.at(25));
    assert_eq!(
        (round.due, round.under_way, round.began),
        (None, Some(desk.at(25)), Some(desk.at(25)))
    );
    round.ask(desk.at(26));
    assert!(!round.begins(desk.at(27)), "one at a time");
    assert_eq!(round.next(), None);
    round.under_way = None;
    assert_eq!(round.next(), Some(desk.at(26)));
    assert!(round.begins(desk.at(27)));
}

#[test]
fn the_location_is_asked_only_where_there_is_one_worth_calling() {
    let mut desk = TestApp::new(true);
    desk.asks(0);
    desk.page_says(0, "running");
    desk.watch.location.again_at(desk.at(1));
    assert_eq!(desk.due(), Some(2));
    assert_eq!(desk.asks(1), []);
    desk.watch.lead = Some(Lead {
        shown: "/operations/77".into(),
        to: LeadsTo::Operation("77".into()),
    });
    assert_eq!(desk.due(), Some(1));
    assert_eq!(
        desk.watch.next_look(),
        Some(desk.at(2)),
        "it is no look at the target"
    );
    assert_eq!(desk.asks(1), [Question::Location]);
    assert_eq!(desk.due(), Some(2));
}

#[test]
fn the_next_look_is_at_either_place() {
    let mut desk = TestApp::new(true);
    desk.asks(0);
    assert_eq!(desk.watch.next_look(), None, "one is under way");
    desk.page_says(0, "running");
    desk.watch.list.due = Some(desk.at(1));
    assert_eq!(desk.watch.next_look(), Some(desk.at(1)));
    desk.watch.list.due = Some(desk.at(9));
    assert_eq!((desk.watch.next_look(), desk.due()), (Some(desk.at(2)), Some(2)));
}

#[test]
fn when_everything_is_due_what_is_never_asked_stays_so() {
    let mut desk = TestApp::new(true);
    desk.watch.page.again_at(desk.at(60));
    desk.watch.location.again_at(desk.at(60));
    desk.watch.list.not_before = desk.at(60);
    let now = desk.at(7);
    desk.watch.all_due(now);
    for round in [&desk.watch.page, &desk.watch.list, &desk.watch.location] {
        assert_eq!(round.not_before, now);
    }
    assert_eq!(
        (desk.watch.page.due, desk.watch.location.due),
        (Some(now), Some(now))
    );
    assert_eq!(desk.watch.list.due, None);
}

#[test]
fn an_answer_sets_when_the_target_and_the_location_are_looked_at() {
    for is_bound_by_id in [true, false] {
        let mut desk = TestApp::new(is_bound_by_id);
        desk.watch.answered_at = None;
        let (now, due) = (desk.at(3), desk.at(10));
        desk.watch.answered(now, due);
        assert_eq!(desk.watch.answered_at, Some(now));
        assert_eq!(
            (desk.watch.location.due, desk.watch.location.not_before),
            (Some(due), due)
        );
        let (first, other) = if is_bound_by_id {
            (&desk.watch.page, &desk.watch.list)
        } else {
            (&desk.watch.list, &desk.watch.page)
        };
        assert_eq!((first.due, first.not_before), (Some(due), due));
        assert_eq!((other.due, other.not_before), (None, desk.start));
    }
}

#[test]
fn a_page_that_tells_nothing_leaves_the_looking_to_the_list() {
    let mut desk = TestApp::new(true);
    let now = desk.start;
    assert!(!desk.watch.looks_at_list());
    desk.watch.heard.page.said(Word::Missing, now, now);
    assert!(desk.watch.looks_at_list());
    desk.watch
        .heard
        .page
        .said(Word::Says(status("running")), now, now);
    assert!(!desk.watch.looks_at_list());
    let failure = Failure {
        class: Class::Transient,
        request: "state of vm".into(),
        what: "it broke".into(),
        advice: "".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    };
    desk.watch.heard.page.failed(failure, now, now);
    assert!(desk.watch.looks_at_list());
}
