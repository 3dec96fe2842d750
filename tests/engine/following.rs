//! The truth rule: the target's own state decides, whatever the location says.

use std::time::Duration;

use countermand::{
    domain::{
        fact::{Fact, Via},
        verdict::{Evidence, Verdict},
    },
    engine::Class,
};

use crate::fake::{ID, OTHER, Post, Script, World, failure, running, transient};

const TO_TARGET: &str = "/api/publishers/contoso/offers/vm/operations/5a63deb5-0000-1000-0000-000000000000?api-version=2017-10-31";
const TO_OTHER: &str = "/api/publishers/contoso/offers/vm/operations/77777777-0000-1000-0000-000000000000";
const LEGACY: &str = "/api/operations/contoso$vm$2$preview?api-version=2017-10-31";
const FOREIGN: &str = "https://evil.example/api/publishers/contoso/offers/vm/operations/1";

fn located(location: &'static str, seconds: Option<u64>) -> Script {
    Script {
        posts: [Post::Answer(202, Some(location))].into(),
        cancels_after: seconds,
        ..running()
    }
}

#[tokio::test(start_paused = true)]
async fn a_location_that_names_the_target_is_the_target() {
    let world = World::new(located(TO_TARGET, Some(5)));
    let ending = world.cancel(600).await;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
    assert_eq!(
        world.fake.count("location"),
        0,
        "the target is read once, not twice"
    );
}

#[tokio::test(start_paused = true)]
async fn a_foreign_location_is_never_called() {
    let world = World::new(located(FOREIGN, Some(5)));
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(world.fake.count("location"), 0);
}

#[tokio::test(start_paused = true)]
async fn the_success_of_another_operation_settles_nothing() {
    for location in [TO_OTHER, LEGACY] {
        let mut script = located(location, Some(40));
        script.location_state = vec![(0, "running"), (4, "succeeded")];
        let world = World::new(script);
        assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
        assert_eq!(
            world.fake.instants("location"),
            [0, 2_000, 4_000],
            "it is left alone once it has ended"
        );
        assert_eq!(world.fake.instants("operation ").last(), Some(&40_000));
    }
}

#[tokio::test(start_paused = true)]
async fn the_failure_of_another_operation_counts_with_a_later_reading_of_the_target() {
    let mut script = located(TO_OTHER, None);
    script.location_state = vec![(0, "running"), (4, "failed")];
    let world = World::new(script);
    assert_eq!(world.cancel(600).await.verdict, Verdict::Refused);

    let mut script = located(TO_OTHER, None);
    script.location_state = vec![(0, "failed")];
    script.operations = vec![(ID, vec![(0, "running"), (1, "canceled")])];
    script.latency = Duration::from_secs(1);
    assert_eq!(World::new(script).cancel(600).await.verdict, Verdict::Canceled);
}

#[tokio::test(start_paused = true)]
async fn a_failure_at_first_sight_or_of_no_operation_may_be_another_matter() {
    for (location, states) in [
        (TO_OTHER, vec![(0, "failed")]),
        (LEGACY, vec![(0, "running"), (4, "failed")]),
    ] {
        let mut script = located(location, Some(30));
        script.location_state = states;
        assert_eq!(World::new(script).cancel(600).await.verdict, Verdict::Canceled);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_poll_is_a_note_and_backs_off_by_itself() {
    let world = World::new(located(LEGACY, Some(30)));
    world.fake.change(|script| {
        script.location_state = vec![(0, "running")];
        script
            .failing
            .insert("operation", (0..4).map(|_| transient()).collect());
    });
    let id = world.begin(600).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    world.fake.change(|script| {
        script
            .failing
            .insert("operations", (0..99).map(|_| transient()).collect());
    });
    world
        .until(|snapshot| {
            snapshot
                .cancellations
                .iter()
                .any(|tracked| tracked.note.is_some())
        })
        .await;
    assert_eq!(world.tracked(&id).cancellation.verdict(), None);
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.note, None);
    assert_eq!(
        world.fake.instants("operation "),
        [0, 2_000, 6_000, 14_000, 30_000]
    );
    assert_eq!(
        world.fake.instants("location").len(),
        15,
        "the location keeps its own pace"
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_vanished_is_read_from_the_list() {
    let world = World::new(Script {
        cancels_after: Some(3),
        ..running()
    });
    world.fake.change(|script| {
        let gone = || failure(Class::NotFound, Some(404), None);
        script
            .failing
            .insert("operation", (0..9).map(|_| gone()).collect());
    });
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
    let vias: Vec<Via> = tracked
        .cancellation
        .facts
        .iter()
        .filter_map(|recorded| match &recorded.fact {
            Fact::Observed(observation) => Some(observation.via),
            _ => None,
        })
        .collect();
    assert_eq!(vias, [Via::Submissions, Via::Submissions]);
}

#[tokio::test(start_paused = true)]
async fn where_only_the_offer_can_be_read_its_state_settles_as_such() {
    let world = World::new(running());
    world.fake.change(|script| {
        let gone = || failure(Class::NotFound, Some(404), None);
        script.offer_state = vec![(0, "running"), (5, "canceled")];
        script
            .failing
            .insert("operation", (0..99).map(|_| gone()).collect());
    });
    let id = world.begin(600).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|tracked| tracked.polls > 0)
        })
        .await;
    // The list is gone as well, and the service says so.
    world.fake.change(|script| script.no_submissions = true);
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::OfferStatus))
    );
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_the_location_is_a_floor_for_the_next_look() {
    let mut script = located(LEGACY, Some(9));
    script.location_state = vec![(0, "running")];
    script.location_retry_after = Some(Duration::from_secs(12));
    let world = World::new(script);
    world.cancel(600).await;
    assert_eq!(world.fake.instants("operation "), [0, 12_000]);
}

#[tokio::test(start_paused = true)]
async fn a_429_rests_every_follower() {
    let world = World::new(Script {
        cancels_after: Some(30),
        ..running()
    });
    world.fake.change(|script| {
        script.failing.insert(
            "operation",
            [failure(Class::Throttled, Some(429), Some(25))].into(),
        );
    });
    world.cancel(600).await;
    assert_eq!(world.fake.instants("operation ")[..3], [0, 25_000, 27_000]);
}

#[tokio::test(start_paused = true)]
async fn only_what_changed_is_recorded() {
    let mut script = Script {
        cancels_after: Some(20),
        ..running()
    };
    script.operations = vec![
        (ID, vec![(0, "running"), (10, "waitingForPublisherReview")]),
        (OTHER, vec![(0, "succeeded")]),
    ];
    let world = World::new(script);
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    let observed = tracked
        .cancellation
        .facts
        .iter()
        .filter(|recorded| matches!(recorded.fact, Fact::Observed(_)))
        .count();
    assert_eq!(observed, 3);
    assert_eq!(
        world.journal.facts(&id, 0).await.unwrap(),
        tracked.cancellation.facts
    );
}
