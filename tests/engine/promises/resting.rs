//! Pauses requested by the service: cooldowns, minimum waits, and permits.

use super::*;
use countermand::service::cpp::status;

#[tokio::test(start_paused = true)]
async fn cooldown_of_another_request_applies_to_followers() {
    let world = World::new(running());
    let _ = world.begin(600).await.unwrap();
    tokio::time::sleep(secs(5)).await;
    world.fake.change(|s| {
        s.failing.insert(
            "operations",
            [failure(Class::Throttled, Some(429), Some(120))].into(),
        );
    });
    assert!(world.engine.look(&"db".into()).await.is_err());
    let before = world.fake.log().len();
    tokio::time::sleep(secs(119)).await;
    assert_eq!(world.fake.log()[before..], []);
}

/// Resumes cancels that another process had sent, each on an offer of its own: the `name`s, counted from 0.
async fn left_open(world: &World, name: &str, count: usize) {
    for n in 0..count {
        let mut request = world.request();
        request.target.offer = format!("{name}-{n}").as_str().into();
        let claim = Claim {
            request,
            by: owner(99),
        };
        let now = world.fake.now();
        let Claimed::New(c) = world.journal.claim(&claim, now).await.unwrap() else {
            panic!()
        };
        world
            .journal
            .begin_sending(&c.id, 1, &owner(99), now)
            .await
            .unwrap();
    }
    world.engine.resume(secs(3600)).await.unwrap();
}

/// Returns the times of reads of one of the hanging offers.
fn reads_of(world: &World, witness: &str, n: usize) -> Vec<u64> {
    let request = format!("hanging {witness} hangs-{n}");
    let log = world.fake.log().into_iter();
    log.filter(|(_, logged)| *logged == request)
        .map(|(at, _)| at)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn hanging_reads_delay_no_verdict_of_another_offer() {
    for (hanging, for_long) in [(10, 1), (100, 1), (100, 230)] {
        let world = World::new(Script {
            hanging: Some(("hangs", &["page", "list"], secs(60))),
            cancels_after: Some(5),
            ..running()
        });
        left_open(&world, "hangs", hanging).await;
        // They hold the permits, and others find none free.
        tokio::time::sleep(secs(for_long)).await;
        let began = world.fake.now();
        let id = world.begin(600).await.unwrap();
        let tracked = world.ended(&id).await;
        let (told_at, ending) = tracked.cancellation.ending.clone().unwrap();
        assert_eq!(ending.verdict, Verdict::Canceled);
        let took = told_at.duration_since(began);
        assert!(took.as_secs() <= 15, "{hanging}: due at 5 s, told after {took}");
        for n in 0..hanging {
            for witness in ["page", "list"] {
                let reads = reads_of(&world, witness, n);
                let gaps = reads.windows(2).map(|pair| pair[1] - pair[0]);
                assert!(
                    gaps.min().is_none_or(|gap| gap >= 60_000),
                    "one {witness} of hangs-{n} at a time: {reads:?}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_last_list_delays_no_verdict_of_another_offer() {
    let world = World::new(Script {
        hanging: Some(("hangs", &["list"], secs(60))),
        cancels_after: Some(5),
        ..running()
    });
    // Their pages show canceled as soon as the other one's does, and then their lists are read.
    left_open(&world, "hangs", 40).await;
    let began = world.fake.now();
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    let (told_at, ending) = tracked.cancellation.ending.clone().unwrap();
    assert_eq!(ending.verdict, Verdict::Canceled);
    let took = told_at.duration_since(began);
    assert!(took.as_secs() <= 15, "due at 5 s, told after {took}");
}

#[tokio::test(start_paused = true)]
async fn hanging_reads_are_not_repeated_more_often() {
    let world = World::new(Script {
        hanging: Some(("hangs", &["page", "list"], secs(60))),
        ..running()
    });
    left_open(&world, "hangs", 10).await;
    tokio::time::sleep(secs(600)).await;
    for n in 0..10 {
        for witness in ["page", "list"] {
            let reads = reads_of(&world, witness, n);
            let gaps = reads.windows(2).map(|pair| pair[1] - pair[0]);
            assert!(
                gaps.min().is_none_or(|gap| gap >= 60_000),
                "{witness} {n}: {reads:?}"
            );
            assert!(reads.len() <= 10, "{witness} {n}: {reads:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answer_that_outlasts_its_permit_is_still_read() {
    let world = World::new(Script {
        cancels_after: Some(2),
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|tracked| tracked.cancellation.answer.is_some())
        })
        .await;
    world.fake.change(|script| script.latency = secs(50));
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
}

#[tokio::test(start_paused = true)]
async fn at_most_sixteen_reads_including_followers() {
    let world = World::new(Script {
        latency: secs(1),
        ..running()
    });
    left_open(&world, "vm", 100).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(world.fake.log().len() <= 16, "{} at once", world.fake.log().len());
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_a_202_is_a_floor() {
    let world = World::new(running());
    let engine = engine(EngineDeps {
        canceller: Some(answering(202, 30)),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(600)).await.unwrap();
    tokio::time::sleep(secs(29)).await;
    assert_eq!(world.fake.instants("operation "), Vec::<u64>::new());
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_a_503_to_the_cancel_pauses_all() {
    let world = World::new(running());
    let engine = engine(EngineDeps {
        canceller: Some(answering(503, 30)),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(600)).await.unwrap();
    tokio::time::sleep(secs(29)).await;
    assert_eq!(world.fake.instants("operation "), Vec::<u64>::new());
}

#[tokio::test(start_paused = true)]
async fn contradicting_details_and_list_do_not_hammer_the_offers() {
    // The list of submissions shows running; the operation's details show succeeded.
    struct Disagrees(Arc<Fake>);
    use countermand::{
        domain::{
            ids::{OfferId, OperationId},
            lead::Lead,
            offer::Offers,
            operation::{Baseline, CancelState, OperationDetail, Operations},
        },
        engine::ports::{Catalogue, Reading},
    };
    #[async_trait]
    impl Catalogue for Disagrees {
        fn characteristics(&self) -> &'static countermand::engine::Characteristics {
            self.0.characteristics()
        }

        async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
            self.0.publishers().await
        }
        async fn offers(&self, p: &PublisherId) -> Result<Offers, Failure> {
            self.0.offers(p).await
        }
        async fn operations(&self, p: &PublisherId, o: &OfferId) -> Result<Operations, Failure> {
            self.0.operations(p, o).await
        }
        async fn operation(
            &self,
            p: &PublisherId,
            o: &OfferId,
            id: &OperationId,
        ) -> Result<OperationDetail, Failure> {
            self.0.operation(p, o, id).await?;
            Ok(OperationDetail {
                state: status("succeeded"),
                cancel_state: CancelState::Unknown,
                steps: vec![],
                messages: vec![],
            })
        }
        async fn offer_status(&self, p: &PublisherId, o: &OfferId) -> Result<OperationDetail, Failure> {
            self.0.offer_status(p, o).await
        }
        async fn track(
            &self,
            t: &Target,
            l: Option<&Lead>,
            b: Option<&Baseline>,
        ) -> Result<Reading, Failure> {
            self.0.track(t, l, b).await
        }
    }
    let ids: Vec<String> = (0..30).map(|n| format!("o{n}")).collect();
    let world = World::new(Script {
        offers: ids.iter().map(|id| offer(id, "running")).collect(),
        latency: Duration::from_millis(200),
        ..running()
    });
    let engine = engine(EngineDeps {
        catalogue: Arc::new(Disagrees(world.fake.clone())),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.keep_catalogue();
    for (n, id) in ids.iter().enumerate() {
        engine.attend(countermand::engine::Attention {
            selected: None,
            visible: ids[..=n].iter().map(|i| i.as_str().into()).collect(),
        });
        let _ = id;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tokio::time::sleep(secs(600)).await;
    let reads = world.fake.count("offers");
    assert!(
        reads <= 13,
        "the list of offers was asked for {reads} times in ten minutes"
    );
}

#[tokio::test(start_paused = true)]
async fn every_offer_in_flight_is_refreshed_at_low_concurrency() {
    let ids: Vec<String> = (0..40).map(|n| format!("o{n:02}")).collect();
    let world = World::new(Script {
        offers: ids.iter().map(|id| offer(id, "running")).collect(),
        ..Script::default()
    });
    world.fake.change(|s| {
        s.failing.insert(
            "offers",
            (0..4)
                .map(|_| failure(Class::Throttled, Some(429), None))
                .collect(),
        );
        s.latency = secs(60);
    });
    world.engine.keep_catalogue();
    tokio::time::sleep(secs(4 * 3600)).await;
    let never: Vec<_> = ids
        .iter()
        .filter(|id| world.fake.count(&format!("operations {id}")) < 1)
        .collect();
    assert!(
        never.is_empty(),
        "never asked in four hours: {never:?}; o00 {}",
        world.fake.count("operations o00")
    );
}
