//! Stale looks and confirmations send nothing, on either clock.

use super::*;

#[tokio::test(start_paused = true)]
async fn confirmation_that_waited_for_the_claim_is_too_old() {
    let journal = troubled(Odd {
        claim_takes: secs(90),
        ..Odd::default()
    });
    let world = World::with_journal(running(), journal);
    let _ = world.begin(600).await;
    tokio::time::sleep(secs(5)).await;
    assert_eq!(world.fake.instants("POST"), Vec::<u64>::new());
}

#[tokio::test(start_paused = true)]
async fn connection_is_made_before_the_preflight_look() {
    let world = World::new(Script {
        connecting: secs(8),
        latency: secs(1),
        cancels_after: Some(0),
        ..running()
    });
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    let log = world.fake.log();
    let begin: Vec<_> = log
        .iter()
        .map(|(at, what)| (*at, what.as_str()))
        .take(3)
        .collect();
    assert_eq!(
        begin,
        [(0, "connect vm"), (8_000, "operations vm"), (9_000, "POST vm"),],
        "a slow line can cancel, once, on what it saw a moment before"
    );
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn operation_begun_while_connecting_is_not_canceled() {
    for (operations, verdict) in [
        (
            vec![
                (ID, vec![(0, "running"), (1, "succeeded")]),
                (OTHER, vec![(1, "running")]),
            ],
            Verdict::FinishedFirst,
        ),
        (
            vec![(ID, vec![(0, "running"), (1, "")]), (OTHER, vec![(1, "running")])],
            Verdict::Superseded,
        ),
    ] {
        let world = World::new(Script {
            operations,
            connecting: secs(8),
            ..running()
        });
        assert_eq!(world.cancel(600).await.verdict, verdict);
        assert_eq!(world.fake.count("POST"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_connection_ends_with_the_confirmation() {
    let world = World::new(Script {
        connecting: secs(3600),
        ..running()
    });
    let ending = world.cancel(600).await;
    assert_eq!(ending.verdict, Verdict::NotSent);
    let ended = world
        .fake
        .now()
        .duration_since("2026-03-01T12:00:00Z".parse().unwrap());
    assert_eq!(ended.as_secs(), 60);
    assert_eq!(world.fake.count("operations"), 0);
}

#[tokio::test(start_paused = true)]
async fn closed_connection_is_replaced() {
    for (post, sendings) in [(Post::Gone, 1), (Post::Closed, 2)] {
        let world = World::new(Script {
            posts: [post, Post::Answer(202, None)].into(),
            cancels_after: Some(0),
            ..running()
        });
        let id = world.begin(600).await.unwrap();
        let tracked = world.ended(&id).await;
        assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
        assert_eq!((world.fake.count("connect"), world.fake.count("POST")), (2, 1));
        let facts = world.journal.facts(&id, 0).await.unwrap();
        let recorded = facts
            .iter()
            .filter(|recorded| matches!(recorded.fact, Fact::Sending { .. }))
            .count();
        assert_eq!(recorded, sendings, "what was known to be closed was not begun");
    }
}

#[tokio::test(start_paused = true)]
async fn laptop_asleep_after_confirming_sends_nothing() {
    let world = World::new(Script {
        latency: secs(1),
        ..running()
    });
    let clock = Arc::new(Jumpy(world.fake.clone(), AtomicI64::new(0)));
    let engine = engine(EngineDeps {
        clock: clock.clone(),
        ..parts(&world.fake, world.journal.clone())
    });
    let _ = engine.cancel(world.request(), secs(600)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    clock.1.store(3 * 3600, Ordering::SeqCst); // lid closed for three hours: CLOCK_MONOTONIC stood still
    tokio::time::sleep(secs(10)).await;
    assert_eq!(world.fake.count("POST"), 0);
}

#[tokio::test(start_paused = true)]
async fn wall_clock_set_back_does_not_speed_up_following() {
    let world = World::new(running());
    let clock = Arc::new(Jumpy(world.fake.clone(), AtomicI64::new(0)));
    let engine = engine(EngineDeps {
        clock: clock.clone(),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(7200)).await.unwrap();
    tokio::time::sleep(secs(10)).await;
    clock.1.store(-7200, Ordering::SeqCst);
    tokio::time::sleep(secs(590)).await;
    // 2 s for 30 s, 5 s to 5 min, 15 s from then on: 15 + 54 + 20
    let reads = world.fake.count("operation ");
    assert!(reads <= 98, "{reads} looks in ten minutes where 89 are due");
}

#[tokio::test(start_paused = true)]
async fn jump_of_the_wall_clock_triggers_a_look() {
    let world = World::new(running());
    let clock = Arc::new(Jumpy(world.fake.clone(), AtomicI64::new(0)));
    let engine = engine(EngineDeps {
        clock: clock.clone(),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(7200)).await.unwrap();
    tokio::time::sleep(secs(5)).await;
    world.fake.change(|s| {
        s.failing.insert(
            "operation",
            [failure(Class::Throttled, Some(429), Some(600))].into(),
        );
    });
    engine.keep_catalogue();
    tokio::time::sleep(secs(5)).await;
    clock.1.store(3600, Ordering::SeqCst); // slept for an hour: the ten minutes are long over
    let before = world.fake.count("operation ");
    tokio::time::sleep(secs(300)).await;
    assert!(world.fake.count("operation ") > before);
}
