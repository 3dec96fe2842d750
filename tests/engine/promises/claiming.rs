//! Holders of a claim, sending under it, and news for its other sessions.

use super::*;
use countermand::service::cpp;

#[tokio::test]
async fn session_without_its_claim_may_not_send() {
    let journal = MemoryJournal::new();
    let world = World::new(running());
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(1),
    };
    let Claimed::New(first) = journal.claim(&claim, now).await.unwrap() else {
        panic!()
    };
    journal.begin_sending(&first.id, 1, &owner(1), now).await.unwrap();
    journal
        .settle(&first.id, Ending::new(Verdict::Unknown), now)
        .await
        .unwrap();
    let mut again = world.request();
    again.again_of = Some(first.id.clone());
    let Claimed::New(second) = journal
        .claim(
            &Claim {
                request: again,
                by: owner(2),
            },
            now,
        )
        .await
        .unwrap()
    else {
        panic!()
    };
    journal
        .append(&first.id, Fact::Answered(cpp::answer(429, false)), now)
        .await
        .unwrap();
    assert!(
        journal
            .begin_sending(&second.id, 1, &owner(2), now)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        journal
            .begin_sending(&first.id, 2, &owner(1), now)
            .await
            .unwrap()
            .is_none(),
        "two may send for one operation"
    );
}

#[tokio::test]
async fn claim_ignores_the_case_of_publisher_and_offer() {
    let journal = MemoryJournal::new();
    let world = World::new(running());
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(1),
    };
    journal.claim(&claim, now).await.unwrap();
    let mut other = claim.clone();
    other.request.target.publisher = "Contoso".into();
    other.request.target.offer = "VM".into();
    assert!(matches!(
        journal.claim(&other, now).await.unwrap(),
        Claimed::Taken(_)
    ));
}

#[tokio::test(start_paused = true)]
async fn uncertainly_recorded_sending_is_not_sent() {
    let journal = troubled(Odd {
        begin_fails_after: AtomicBool::new(true),
        ..Odd::default()
    });
    let world = World::with_journal(running(), journal);
    let ending = world.cancel(600).await;
    assert_eq!(world.fake.count("POST"), 0);
    assert_eq!(ending.verdict, Verdict::NotSent, "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn joined_session_sets_no_ending_for_an_unsent_cancel() {
    let world = World::new(running());
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(99),
    };
    let Claimed::New(c) = world.journal.claim(&claim, now).await.unwrap() else {
        panic!()
    };
    let id = world.begin(60).await.unwrap();
    assert_eq!(id, c.id);
    let tracked = world.ended(&id).await;
    // Ending it is the holder's part; the faces have words of their own for it.
    assert_eq!(tracked.cancellation.verdict(), None);
    assert!(tracked.joined && !tracked.is_followed);
    let recorded = world.journal.facts(&id, 0).await.unwrap();
    assert_eq!(recorded.len(), 1, "{recorded:?}");
}

#[tokio::test(start_paused = true)]
async fn unknown_id_is_reported() {
    let world = World::new(running());
    let followed = world.engine.follow(&"nope".into(), secs(1)).await;
    assert!(matches!(followed, Err(FollowError::NoSuch(_))), "{followed:?}");
}

#[tokio::test(start_paused = true)]
async fn answer_recorded_by_another_session_is_read() {
    let journal = troubled(Odd::default());
    let world = World::with_journal(
        Script {
            latency: secs(1),
            ..running()
        },
        journal.clone(),
    );
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(99),
    };
    let Claimed::New(c) = journal.claim(&claim, now).await.unwrap() else {
        panic!()
    };
    journal.begin_sending(&c.id, 1, &owner(99), now).await.unwrap();
    journal.trouble.append_fails.store(true, Ordering::SeqCst); // busy for us
    world.engine.resume(secs(600)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(3_500)).await; // one reading was kept; the second is under way
    journal.trouble.append_fails.store(false, Ordering::SeqCst);
    journal
        .append(&c.id, Fact::Answered(cpp::answer(409, false)), now)
        .await
        .unwrap();
    tokio::time::sleep(secs(30)).await;
    let tracked = world.tracked(&c.id);
    assert_eq!(
        tracked.cancellation.verdict(),
        Some(Verdict::Refused),
        "{:?}",
        tracked
            .cancellation
            .facts
            .iter()
            .map(|f| (f.number, f.fact.clone()))
            .collect::<Vec<_>>()
    );
}

#[tokio::test(start_paused = true)]
async fn stopped_while_recording_it_does_not_send() {
    let journal = troubled(Odd {
        begin_takes: secs(1),
        ..Odd::default()
    });
    let world = World::with_journal(running(), journal);
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.engine.stop_following(&id);
    world.ended(&id).await;
    assert_eq!(world.fake.count("POST"), 0);
}

#[tokio::test(start_paused = true)]
async fn second_cancel_after_an_abandoned_claim_is_carried_out() {
    // A claim of this very process without a follower, whose ending could not be recorded.
    let world = World::new(Script {
        cancels_after: Some(1),
        ..running()
    });
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(7),
    };
    world.journal.claim(&claim, now).await.unwrap();
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
}

#[tokio::test(start_paused = true)]
async fn answer_after_a_429_reaches_the_joined_session() {
    let world = World::new(Script {
        location_state: vec![(0, "failed")],
        ..running()
    });
    let now = world.fake.now();
    let claim = Claim {
        request: world.request(),
        by: owner(99),
    };
    let answer = |status, raw: Option<&str>| {
        Fact::Answered(Answer {
            lead: raw.map(|raw| cpp::read_location(raw, &world.request().target)),
            ..cpp::answer(status, false)
        })
    };
    let Claimed::New(c) = world.journal.claim(&claim, now).await.unwrap() else {
        panic!()
    };
    world
        .journal
        .append(&c.id, Fact::Looked(PreflightResult::default()), now)
        .await
        .unwrap();
    world
        .journal
        .begin_sending(&c.id, 1, &owner(99), now)
        .await
        .unwrap();
    world.journal.append(&c.id, answer(429, None), now).await.unwrap();
    world
        .journal
        .begin_sending(&c.id, 2, &owner(99), now)
        .await
        .unwrap();
    world.engine.resume(secs(600)).await.unwrap();
    tokio::time::sleep(secs(3)).await;
    world
        .journal
        .append(
            &c.id,
            answer(
                202,
                Some("/api/publishers/contoso/offers/vm/operations/77777777-0000-1000-0000-000000000000"),
            ),
            now,
        )
        .await
        .unwrap();
    tokio::time::sleep(secs(60)).await;
    assert!(
        world.fake.count("location") > 0,
        "the location of the answer was never called"
    );
}

#[tokio::test(start_paused = true)]
async fn hanging_sign_in_does_not_block_exit() {
    struct Hangs;
    #[async_trait]
    impl Canceller for Hangs {
        async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
            answering(401, 0).connect(target).await
        }
        async fn renew_sign_in(&self) -> Result<(), Failure> {
            tokio::time::sleep(secs(600)).await;
            Err(failure(Class::SignIn, Some(401), None))
        }
    }
    let world = World::new(running());
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = Engine::new(
        EngineDeps {
            canceller: Some(Arc::new(Hangs)),
            ..parts(&world.fake, world.journal.clone())
        },
        tasks.clone(),
        stop.clone(),
    );
    engine.cancel(world.request(), secs(3600)).await.unwrap();
    tokio::time::sleep(secs(1)).await;
    stop.cancel();
    tasks.close();
    let began = tokio::time::Instant::now();
    tasks.wait().await;
    assert!(began.elapsed() <= secs(6), "quitting took {:?}", began.elapsed());
}
