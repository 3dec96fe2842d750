//! Evidence of answers and readings, and its limits.

use super::*;
use countermand::service::cpp::{self, status};

#[tokio::test(start_paused = true)]
async fn answer_200_read_as_running_is_not_canceled_by_answer_after_a_restart() {
    let world = World::new(running());
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(7),
    };
    let Claimed::New(c) = world.journal.claim(&claim, now).await.unwrap() else {
        panic!()
    };
    world
        .journal
        .begin_sending(&c.id, 1, &owner(7), now)
        .await
        .unwrap();
    world
        .journal
        .append(&c.id, Fact::Answered(cpp::answer(200, false)), now)
        .await
        .unwrap();
    world
        .journal
        .append(
            &c.id,
            Fact::Observed(Observation {
                state: status("running"),
                via: Via::Operation,
            }),
            now,
        )
        .await
        .unwrap();
    world.fake.change(|s| {
        s.failing
            .insert("operation", (0..4).map(|_| transient()).collect());
    });
    world.engine.resume(secs(600)).await.unwrap();
    tokio::time::sleep(secs(60)).await;
    let ending = world.tracked(&c.id).cancellation.ending.clone();
    assert!(ending.is_none(), "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn answer_to_an_earlier_attempt_is_not_the_last_one() {
    let world = World::new(Script {
        posts: [Post::Throttle(3), Post::Lose].into(),
        ..running()
    });
    let ending = world.cancel(600).await;
    assert_eq!(ending.verdict, Verdict::Unknown);
    assert!(
        !ending.error.clone().unwrap().as_str().contains("429"),
        "{:?}",
        ending.error
    );
}

#[tokio::test(start_paused = true)]
async fn answer_without_a_state_does_not_prove_it_is_running() {
    let world = World::new(Script {
        operations: vec![(ID, vec![(0, "running"), (1, "")])],
        offer_state: vec![],
        posts: [Post::Slow(2, 409)].into(),
        ..running()
    });
    let id = world.begin(30).await.unwrap();
    let tracked = world.ended(&id).await;
    assert_ne!(
        tracked.cancellation.verdict(),
        Some(Verdict::Refused),
        "{:?}",
        tracked.cancellation.ending
    );
}

#[tokio::test(start_paused = true)]
async fn other_canceled_operation_is_named_despite_a_failed_list() {
    let world = World::new(Script {
        operations: vec![
            (ID, vec![(0, "running"), (3, "succeeded")]),
            (OTHER, vec![(0, "succeeded"), (2, "canceled")]),
        ],
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(secs(1)).await;
    world.fake.change(|s| {
        s.failing.insert("operations", [transient()].into());
    });
    let tracked = world.ended(&id).await;
    assert_eq!(
        tracked.cancellation.ending.clone().unwrap().1.also_canceled.len(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn single_failure_does_not_let_the_offer_decide() {
    let world = World::new(Script {
        // Ours is being canceled; the offer's state is about another operation.
        cancels_after: Some(20),
        offer_state: vec![(0, "succeeded")],
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(secs(5)).await;
    world.fake.change(|s| {
        s.failing
            .insert("operation", [failure(Class::Transient, Some(500), None)].into());
        s.failing
            .insert("operations", [failure(Class::Transient, Some(500), None)].into());
    });
    let tracked = world.ended(&id).await;
    assert_eq!(
        tracked.cancellation.verdict(),
        Some(Verdict::Canceled),
        "{:?}",
        tracked.cancellation.ending
    );
}

#[tokio::test(start_paused = true)]
async fn failed_legacy_location_is_not_the_cancels_failure() {
    let world = World::new(Script {
        posts: [Post::Answer(202, Some("/api/operations/contoso$vm$2$preview"))].into(),
        location_state: vec![(0, "failed")],
        cancels_after: Some(20),
        ..running()
    });
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
}
