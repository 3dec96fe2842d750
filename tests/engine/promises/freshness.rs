//! A look and a confirmation that are too old send nothing, whichever clock says so.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_waited_for_the_claim_is_too_old() {
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
async fn a_laptop_that_slept_after_the_y_sends_nothing() {
    let world = World::new(Script {
        latency: secs(1),
        ..running()
    });
    let clock = Arc::new(Jumpy(world.fake.clone(), AtomicI64::new(0)));
    let engine = engine(Parts {
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
async fn a_wall_clock_set_back_does_not_speed_up_following() {
    let world = World::new(running());
    let clock = Arc::new(Jumpy(world.fake.clone(), AtomicI64::new(0)));
    let engine = engine(Parts {
        clock: clock.clone(),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(7200)).await.unwrap();
    tokio::time::sleep(secs(10)).await;
    clock.1.store(-7200, Ordering::SeqCst);
    tokio::time::sleep(secs(590)).await;
    // 2 s for 30 s, 5 s to 5 min, 15 s from then on: 15 + 54 + 20
    let asked = world.fake.count("operation ");
    assert!(asked <= 98, "{asked} looks in ten minutes where 89 are due");
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_jumps_makes_a_follower_look() {
    let world = World::new(running());
    let clock = Arc::new(Jumpy(world.fake.clone(), AtomicI64::new(0)));
    let engine = engine(Parts {
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
