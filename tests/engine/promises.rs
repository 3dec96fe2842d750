//! Review probes: each is meant to pass if the design holds.
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Claim, Fact, Observation, Owner, Recorded, Sighting, Via},
        ids::{CancellationId, Origin, PublisherId},
        offer::Offer,
        status::Status,
        target::Target,
        verdict::{Ending, Verdict},
    },
    engine::{
        Class, Engine, Failure, NotFollowed, Pace, Parts,
        ports::{Canceller, Claimed, Clock, Journal, JournalFailure, SendFailure},
    },
    journal::MemoryJournal,
};
use jiff::Timestamp;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::fake::{Fake, ID, OTHER, Post, Script, World, failure, running, transient};

fn owner(pid: u32) -> Owner {
    Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid,
        started: "1".into(),
    }
}
fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[derive(Default)]
struct Odd {
    inner: MemoryJournal,
    claim_takes: Duration,
    begin_takes: Duration,
    begin_fails_after: AtomicBool,
    append_fails: AtomicBool,
    facts_fail: AtomicBool,
}
fn full() -> JournalFailure {
    JournalFailure("the disk is full".into())
}
#[async_trait]
impl Journal for Odd {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        tokio::time::sleep(self.claim_takes).await;
        self.inner.claim(claim, at).await
    }
    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        tokio::time::sleep(self.begin_takes).await;
        let done = self.inner.begin_sending(id, attempt, by, at).await;
        if self.begin_fails_after.load(Ordering::SeqCst) {
            return Err(full());
        }
        done
    }
    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        if self.append_fails.load(Ordering::SeqCst) {
            return Err(full());
        }
        self.inner.append(id, fact, at).await
    }
    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.inner.settle(id, ending, at).await
    }
    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        if self.facts_fail.load(Ordering::SeqCst) {
            return Err(full());
        }
        self.inner.facts(id, after).await
    }
    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        self.inner.open(origin, publisher).await
    }
    async fn is_gone(&self, owner: &Owner) -> bool {
        self.inner.is_gone(owner).await
    }
    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        self.inner.newest_of(target).await
    }
    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.inner.history(limit).await
    }
}

/// A wall clock that can be set.
struct Jumpy(Arc<Fake>, AtomicI64);
impl Clock for Jumpy {
    fn now(&self) -> Timestamp {
        self.0.now() + jiff::SignedDuration::from_secs(self.1.load(Ordering::SeqCst))
    }
}

/// A canceller that says one thing.
struct Says(Answer, Mutex<usize>);
#[async_trait]
impl Canceller for Says {
    async fn send(&self, _: &Target, _: &[Address], _: tokio::time::Instant) -> Result<Answer, SendFailure> {
        *self.1.lock().unwrap() += 1;
        Ok(self.0.clone())
    }
    async fn renew_sign_in(&self) -> Result<(), Failure> {
        Ok(())
    }
}
fn says(status: u16, retry_after: u64) -> Arc<Says> {
    Arc::new(Says(
        Answer {
            status,
            location: None,
            correlation_id: None,
            retry_after: Some(secs(retry_after)),
            error: None,
        },
        Mutex::default(),
    ))
}

fn parts(fake: &Arc<Fake>, journal: Arc<dyn Journal>) -> Parts {
    Parts {
        origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
        publisher: "contoso".into(),
        profile: "prod".into(),
        owner: owner(7),
        catalogue: fake.clone(),
        canceller: Some(fake.clone()),
        journal,
        clock: fake.clone(),
        pace: Pace::default(),
    }
}
fn engine(parts: Parts) -> Engine {
    Engine::new(parts, TaskTracker::new(), CancellationToken::new())
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_waited_for_the_claim_is_too_old() {
    let journal = Odd {
        claim_takes: secs(90),
        ..Odd::default()
    };
    let world = World::with_journal(running(), Arc::new(journal));
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
async fn a_rest_that_somebody_else_was_asked_for_counts_for_followers() {
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

#[tokio::test(start_paused = true)]
async fn sixteen_at_once_followers_included() {
    let world = World::new(Script {
        latency: secs(1),
        ..running()
    });
    for n in 0..100 {
        let mut request = world.request();
        request.target.offer = format!("vm-{n}").as_str().into();
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
    world.engine.resume(secs(600)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(world.fake.log().len() <= 16, "{} at once", world.fake.log().len());
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_a_202_is_a_floor() {
    let world = World::new(running());
    let engine = engine(Parts {
        canceller: Some(says(202, 30)),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(600)).await.unwrap();
    tokio::time::sleep(secs(29)).await;
    assert_eq!(world.fake.instants("operation "), Vec::<u64>::new());
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_a_503_to_the_cancel_rests_all() {
    let world = World::new(running());
    let engine = engine(Parts {
        canceller: Some(says(503, 30)),
        ..parts(&world.fake, world.journal.clone())
    });
    engine.cancel(world.request(), secs(600)).await.unwrap();
    tokio::time::sleep(secs(29)).await;
    assert_eq!(world.fake.instants("operation "), Vec::<u64>::new());
}

#[tokio::test(start_paused = true)]
async fn a_200_that_was_read_back_as_running_is_not_canceled_by_answer_after_a_restart() {
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
        .append(
            &c.id,
            Fact::Answered(Answer {
                status: 200,
                location: None,
                correlation_id: None,
                retry_after: None,
                error: None,
            }),
            now,
        )
        .await
        .unwrap();
    world
        .journal
        .append(
            &c.id,
            Fact::Observed(Observation {
                state: Status::new("running"),
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
async fn an_answer_to_an_earlier_attempt_is_not_told_as_the_last_one() {
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

#[tokio::test]
async fn who_gave_the_claim_up_may_not_send() {
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
        .append(
            &first.id,
            Fact::Answered(Answer {
                status: 429,
                location: None,
                correlation_id: None,
                retry_after: None,
                error: None,
            }),
            now,
        )
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
async fn one_claim_whatever_the_case_of_publisher_and_offer() {
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
async fn a_sending_that_could_not_be_recorded_for_sure_is_not_sent() {
    let journal = Odd {
        begin_fails_after: AtomicBool::new(true),
        ..Odd::default()
    };
    let world = World::with_journal(running(), Arc::new(journal));
    let ending = world.cancel(600).await;
    assert_eq!(world.fake.count("POST"), 0);
    assert_eq!(ending.verdict, Verdict::NotSent, "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn who_joined_always_gets_a_verdict() {
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
    assert!(
        tracked.cancellation.verdict().is_some(),
        "ended at {:?} without a verdict",
        tracked.cancellation.stage
    );
}

#[tokio::test(start_paused = true)]
async fn an_unknown_id_is_named_as_that() {
    let world = World::new(running());
    let told = world.engine.follow(&"nope".into(), secs(1)).await;
    assert!(matches!(told, Err(NotFollowed::NoSuch(_))), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_another_recorded_while_ours_waited_is_heard() {
    let journal = Arc::new(Odd::default());
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
    journal.append_fails.store(true, Ordering::SeqCst); // busy for us
    world.engine.resume(secs(600)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(3_500)).await; // one reading was kept; the second is under way
    journal.append_fails.store(false, Ordering::SeqCst);
    journal
        .append(
            &c.id,
            Fact::Answered(Answer {
                status: 409,
                location: None,
                correlation_id: None,
                retry_after: None,
                error: None,
            }),
            now,
        )
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

fn offer(id: &str, state: &str) -> Offer {
    Offer {
        id: id.into(),
        publisher: "contoso".into(),
        name: id.into(),
        kind: "x".into(),
        state: Status::new(state),
        version: Some(1),
        changed_at: None,
    }
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
async fn told_to_stop_while_sending_is_recorded_it_does_not_send() {
    let journal = Odd {
        begin_takes: secs(1),
        ..Odd::default()
    };
    let world = World::with_journal(running(), Arc::new(journal));
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.engine.let_go(&id);
    world.ended(&id).await;
    assert_eq!(world.fake.count("POST"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_state_does_not_prove_that_it_still_runs() {
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
async fn another_that_was_canceled_is_named_though_one_list_fails() {
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
async fn one_bad_moment_does_not_let_the_offer_decide_for_good() {
    let world = World::new(Script {
        // Ours is being cancelled; the offer's state speaks of something else.
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
async fn details_and_list_that_disagree_do_not_hammer_the_list_of_offers() {
    // The list of submissions says running; the inside of the operation says succeeded.
    struct Disagrees(Arc<Fake>);
    use countermand::{
        domain::{
            ids::{OfferId, OperationId},
            location::Way,
            operation::{CancelState, OperationDetail, Operations},
        },
        engine::ports::{Catalogue, Followed},
    };
    #[async_trait]
    impl Catalogue for Disagrees {
        async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
            self.0.publishers().await
        }
        async fn offers(&self, p: &PublisherId) -> Result<Vec<Offer>, Failure> {
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
                state: Status::new("succeeded"),
                cancel_state: CancelState::Unknown,
                steps: vec![],
                messages: vec![],
            })
        }
        async fn offer_status(&self, p: &PublisherId, o: &OfferId) -> Result<OperationDetail, Failure> {
            self.0.offer_status(p, o).await
        }
        async fn follow(&self, t: &Target, w: &Way) -> Result<Followed, Failure> {
            self.0.follow(t, w).await
        }
    }
    let ids: Vec<String> = (0..30).map(|n| format!("o{n}")).collect();
    let world = World::new(Script {
        offers: ids.iter().map(|id| offer(id, "running")).collect(),
        latency: Duration::from_millis(200),
        ..running()
    });
    let engine = engine(Parts {
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
    let asked = world.fake.count("offers");
    assert!(
        asked <= 13,
        "the list of offers was asked for {asked} times in ten minutes"
    );
}

#[tokio::test(start_paused = true)]
async fn every_offer_in_flight_is_refreshed_however_narrow_the_lanes() {
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

#[tokio::test(start_paused = true)]
async fn a_second_c_after_an_abandoned_claim_of_ours_is_carried_through() {
    // A claim of this very process that nobody follows (its settle could not be recorded).
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
async fn an_answer_after_a_429_is_heard_by_who_joined() {
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
            status,
            location: raw
                .map(|raw| countermand::domain::location::Location::read(raw, &world.request().target)),
            correlation_id: None,
            retry_after: None,
            error: None,
        })
    };
    let Claimed::New(c) = world.journal.claim(&claim, now).await.unwrap() else {
        panic!()
    };
    world
        .journal
        .append(&c.id, Fact::Looked(Sighting::default()), now)
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
async fn a_legacy_location_that_failed_is_not_the_cancels_failure() {
    let world = World::new(Script {
        posts: [Post::Answer(202, Some("/api/operations/contoso$vm$2$preview"))].into(),
        location_state: vec![(0, "failed")],
        cancels_after: Some(20),
        ..running()
    });
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_hangs_does_not_hold_up_quitting() {
    struct Hangs;
    #[async_trait]
    impl Canceller for Hangs {
        async fn send(
            &self,
            _: &Target,
            _: &[Address],
            _: tokio::time::Instant,
        ) -> Result<Answer, SendFailure> {
            Ok(Answer {
                status: 401,
                location: None,
                correlation_id: None,
                retry_after: None,
                error: None,
            })
        }
        async fn renew_sign_in(&self) -> Result<(), Failure> {
            tokio::time::sleep(secs(600)).await;
            Err(failure(Class::SignIn, Some(401), None))
        }
    }
    let world = World::new(running());
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = Engine::new(
        Parts {
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
