//! Schedule of the questions, to the second.

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

/// A watch on a simulated clock in seconds.
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

    fn questions(&mut self, second: u64) -> Vec<Question> {
        self.watch.questions(self.at(second))
    }

    /// Reads the page as active, to be read again two seconds later.
    fn read_page(&mut self, second: u64, state: &str) {
        let (now, next) = (self.at(second), self.at(second + 2));
        let began = self.watch.page.under_way.take().unwrap();
        self.watch
            .heard
            .page
            .record(Word::State(status(state)), began, now);
        self.watch.page.again_at(next);
    }

    fn read_list(&mut self, second: u64, state: &str) {
        let now = self.at(second);
        let began = self.watch.list.under_way.take().unwrap();
        self.watch
            .heard
            .list
            .record(Word::State(status(state)), began, now);
    }

    /// Returns the second of the next question.
    fn due(&self) -> Option<u64> {
        let due = self.watch.next_due()?;
        Some((due - self.start).as_secs())
    }
}

#[test]
fn target_with_id_reads_its_page_and_without_id_the_list() {
    for (is_bound_by_id, question) in [(true, Question::Page), (false, Question::List)] {
        let mut desk = TestApp::new(is_bound_by_id);
        assert_eq!(desk.due(), Some(0));
        assert_eq!(desk.questions(0), [question]);
        assert_eq!(desk.questions(1), [], "one at a time");
        assert_eq!(desk.watch.looks_at_list(), !is_bound_by_id);
    }
}

#[test]
fn no_question_starts_before_it_is_due() {
    let mut desk = TestApp::new(true);
    desk.watch.page.due = Some(desk.at(5));
    assert_eq!(desk.questions(4), []);
    assert_eq!(desk.due(), Some(5));
    assert_eq!(desk.questions(5), [Question::Page]);
}

#[test]
fn active_page_reads_the_list_at_twenty_seconds_then_every_tenth_look() {
    let mut desk = TestApp::new(true);
    let mut lists = Vec::new();
    for second in (0..=80).step_by(2) {
        let questions = desk.questions(second);
        assert!(questions.contains(&Question::Page), "{second}");
        if questions.contains(&Question::List) {
            lists.push(second);
            desk.read_list(second, "running");
        }
        desk.read_page(second, "running");
    }
    assert_eq!(lists, [20, 40, 60, 80]);
}

#[test]
fn slow_interval_reads_the_list_at_the_first_look_after_twenty_seconds() {
    let mut desk = TestApp::new(true);
    let mut lists = Vec::new();
    for second in (0..=360).step_by(15) {
        let questions = desk.questions(second);
        if questions.contains(&Question::List) {
            lists.push(second);
            desk.read_list(second, "running");
        }
        desk.read_page(second, "running");
        desk.watch.page.again_at(desk.at(second + 15));
    }
    assert_eq!(lists, [30, 180, 330]);
}

#[test]
fn list_read_for_another_reason_counts() {
    let mut desk = TestApp::new(true);
    for second in [0, 2] {
        desk.questions(second);
        desk.read_page(second, "running");
    }
    desk.watch.list.request(desk.at(3));
    assert_eq!(desk.questions(3), [Question::List]);
    desk.read_list(3, "running");
    let mut lists = Vec::new();
    for second in (4..=40).step_by(2) {
        if desk.questions(second).contains(&Question::List) {
            lists.push(second);
            desk.read_list(second, "running");
        }
        desk.read_page(second, "running");
    }
    assert_eq!(lists, [22], "ten looks later, whatever the clock says");
}

#[test]
fn hanging_page_requests_the_list_after_five_seconds() {
    let mut desk = TestApp::new(true);
    assert_eq!(desk.questions(0), [Question::Page]);
    assert_eq!(desk.due(), Some(5));
    assert_eq!(desk.questions(4), []);
    assert_eq!(desk.questions(5), [Question::List]);
    assert_eq!(desk.due(), None, "both are under way");
    desk.read_list(6, "running");
    assert_eq!(desk.questions(60), [], "once for each page that hangs");
    desk.read_page(61, "running");
    assert_eq!(desk.questions(63), [Question::Page]);
    assert_eq!(desk.due(), Some(68));
}

#[test]
fn busy_or_pausing_list_is_not_requested_for_a_hanging_page() {
    let mut desk = TestApp::new(true);
    desk.watch.list.begin(desk.start);
    assert_eq!(desk.questions(1), [Question::Page]);
    assert_eq!(desk.questions(9), []);
    // The reading that arrived began before the page's, so the list is read again.
    desk.read_list(9, "running");
    assert_eq!(desk.due(), Some(6));
    desk.watch.list.not_before = desk.at(30);
    assert_eq!(desk.due(), Some(30));
    assert_eq!(desk.questions(29), []);
    assert_eq!(desk.questions(30), [Question::List]);

    // A reading that began with the page's or later is recent enough.
    let mut desk = TestApp::new(true);
    desk.watch.list.begin(desk.at(1));
    desk.read_list(1, "running");
    assert_eq!(desk.questions(1), [Question::Page]);
    assert_eq!((desk.due(), desk.questions(30)), (None, vec![]));
}

#[test]
fn request_makes_a_question_due_early_and_never_later() {
    let desk = TestApp::new(true);
    let mut round = Round::at(None, desk.start);
    round.request(desk.at(3));
    assert_eq!(round.due, Some(desk.at(3)));
    round.request(desk.at(9));
    assert_eq!(round.due, Some(desk.at(3)), "it was due before");
    round.again_at(desk.at(20));
    assert_eq!((round.due, round.not_before), (Some(desk.at(20)), desk.at(20)));
    round.request(desk.at(9));
    assert_eq!(round.due, Some(desk.at(20)), "it may not be asked before");
    round.request(desk.at(30));
    assert_eq!(round.due, Some(desk.at(20)));
    round.begin(desk.at(25));
    assert_eq!(
        (round.due, round.under_way, round.began),
        (None, Some(desk.at(25)), Some(desk.at(25)))
    );
    round.request(desk.at(26));
    assert!(!round.begins(desk.at(27)), "one at a time");
    assert_eq!(round.next(), None);
    round.under_way = None;
    assert_eq!(round.next(), Some(desk.at(26)));
    assert!(round.begins(desk.at(27)));
}

#[test]
fn only_a_callable_location_is_read() {
    let mut desk = TestApp::new(true);
    desk.questions(0);
    desk.read_page(0, "running");
    desk.watch.location.again_at(desk.at(1));
    assert_eq!(desk.due(), Some(2));
    assert_eq!(desk.questions(1), []);
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
    assert_eq!(desk.questions(1), [Question::Location]);
    assert_eq!(desk.due(), Some(2));
}

#[test]
fn next_look_is_at_either_witness() {
    let mut desk = TestApp::new(true);
    desk.questions(0);
    assert_eq!(desk.watch.next_look(), None, "one is under way");
    desk.read_page(0, "running");
    desk.watch.list.due = Some(desk.at(1));
    assert_eq!(desk.watch.next_look(), Some(desk.at(1)));
    desk.watch.list.due = Some(desk.at(9));
    assert_eq!((desk.watch.next_look(), desk.due()), (Some(desk.at(2)), Some(2)));
}

#[test]
fn all_due_leaves_disabled_questions_disabled() {
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
fn answer_sets_the_next_look_at_target_and_location() {
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
fn page_without_a_state_leaves_looking_to_the_list() {
    let mut desk = TestApp::new(true);
    let now = desk.start;
    assert!(!desk.watch.looks_at_list());
    desk.watch.heard.page.record(Word::Missing, now, now);
    assert!(desk.watch.looks_at_list());
    desk.watch
        .heard
        .page
        .record(Word::State(status("running")), now, now);
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
