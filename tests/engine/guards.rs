//! Guards against hitting another operation, and against sending twice.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        cancellation::Cancellation,
        fact::Owner,
        ids::Origin,
        operation::Destination,
        target::{Binding, Fingerprint},
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{Class, Engine, Snapshot, StartError, ports::JournalFailure},
};

use crate::{
    fake::{ID, OTHER, Post, Script, World, failure, running, transient},
    trouble::{Step, Trouble, Troubled, full, troubled},
};

async fn look_only(operations: Vec<(&'static str, crate::fake::Timeline)>) -> (Ending, World) {
    let world = World::new(Script {
        operations,
        ..running()
    });
    (world.cancel(600).await, world)
}

#[tokio::test(start_paused = true)]
async fn only_a_single_confirmed_operation_is_canceled() {
    for (operations, verdict) in [
        (vec![(ID, vec![(0, "succeeded")])], Verdict::FinishedFirst),
        (vec![(ID, vec![(0, "canceled")])], Verdict::Canceled),
        (vec![(OTHER, vec![(0, "succeeded")])], Verdict::NothingRunning),
        (vec![], Verdict::NothingRunning),
        (vec![(OTHER, vec![(0, "running")])], Verdict::Superseded),
        (
            vec![
                (ID, vec![(0, "running")]),
                (OTHER, vec![(0, "waitingForApproval")]),
            ],
            Verdict::Superseded,
        ),
    ] {
        let (ending, world) = look_only(operations).await;
        assert_eq!(ending.verdict, verdict);
        assert_eq!(world.fake.count("POST"), 0);
        assert_eq!(world.fake.count("operations"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn obstacle_after_a_429_mentions_the_earlier_request() {
    let world = World::new(Script {
        operations: vec![
            (ID, vec![(0, "running")]),
            (OTHER, vec![(0, "succeeded"), (3, "running")]),
        ],
        posts: [Post::Throttle(5)].into(),
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    let cancellation = &world.ended(&id).await.cancellation;
    assert_eq!(cancellation.verdict(), Some(Verdict::Superseded));
    assert_eq!(world.fake.count("POST"), 1);
    let (_, ending) = cancellation.ending.as_ref().unwrap();
    let why = ending.error.as_ref().unwrap();
    assert!(why.as_str().starts_with("2 operations are active"), "{why}");
    assert!(cancellation.went_out(), "the timeline says so");
}

#[tokio::test(start_paused = true)]
async fn truncated_list_sends_and_settles_nothing() {
    for operations in [
        vec![],
        vec![(ID, vec![(0, "running")])],
        vec![(ID, vec![(0, "succeeded")])],
        vec![(OTHER, vec![(0, "canceled")])],
    ] {
        let world = World::new(Script {
            operations,
            left_out: 1,
            ..running()
        });
        let ending = world.cancel(600).await;
        assert_eq!(ending.verdict, Verdict::NotSent);
        let why = ending.error.unwrap();
        assert!(why.as_str().contains("1 more operations"), "{why}");
        assert_eq!(world.fake.count("POST"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn failed_look_is_repeated_and_required() {
    let world = World::new(Script {
        cancels_after: Some(0),
        ..running()
    });
    world.fake.change(|script| {
        script
            .failing
            .insert("operations", [transient(), transient()].into());
    });
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(world.fake.instants("POST"), [6_000]);

    for class in [Class::Forbidden, Class::NotFound, Class::Bug, Class::SignIn] {
        let world = World::new(running());
        world.fake.change(|script| {
            script
                .failing
                .insert("operations", [failure(class, Some(400), None)].into());
        });
        assert_eq!(world.cancel(600).await.verdict, Verdict::NotSent);
        assert_eq!(world.fake.count("POST"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn requested_cooldown_is_kept_before_sending() {
    let world = World::new(Script {
        cancels_after: Some(0),
        ..running()
    });
    world.fake.change(|script| {
        script.failing.insert(
            "operations",
            [failure(Class::Throttled, Some(429), Some(20))].into(),
        );
    });
    world.cancel(600).await;
    assert_eq!(world.fake.instants("POST"), [20_000]);
}

#[tokio::test(start_paused = true)]
async fn without_an_id_fingerprint_binds_and_offer_state_settles() {
    let script = Script {
        no_submissions: true,
        operations: Vec::new(),
        offer_state: vec![(0, "running"), (9, "canceled")],
        ..running()
    };
    let world = World::new(script);
    let print = |offer_version| {
        Binding::Fingerprint(Fingerprint {
            destination: Destination::Unknown("".into()),
            offer_version,
            version: None,
            changed_at: None,
        })
    };
    let other = world.request_for(print(Some(6)));
    let id = world.engine.cancel(other, Duration::from_mins(10)).await.unwrap();
    assert_eq!(
        world.ended(&id).await.cancellation.verdict(),
        Some(Verdict::Superseded)
    );

    let same = world.request_for(print(Some(7)));
    let id = world.engine.cancel(same, Duration::from_mins(10)).await.unwrap();
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::OfferStatus))
    );
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn second_cancel_joins_an_open_one() {
    let world = World::new(Script {
        cancels_after: Some(50),
        ..running()
    });
    let first = world.begin(600).await.unwrap();
    let second = world.begin(600).await.unwrap();
    assert_eq!(first, second);

    // Another process on the same journal, which does not know that the first one is alive.
    let other = World::of_process(
        8,
        Script {
            cancels_after: Some(0),
            ..running()
        },
        world.journal.clone(),
    );
    let joined = other.begin(600).await.unwrap();
    assert_eq!(joined, first);
    assert!(other.tracked(&joined).joined);
    let tracked = world.ended(&first).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
    assert_eq!(
        other.ended(&joined).await.cancellation.verdict(),
        Some(Verdict::Canceled)
    );
    assert_eq!((world.fake.count("POST"), other.fake.count("POST")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn ended_cancel_may_be_sent_again() {
    let world = World::new(Script {
        posts: [Post::Answer(409, None), Post::Answer(202, None)].into(),
        cancels_after: Some(1),
        ..running()
    });
    assert_eq!(world.cancel(600).await.verdict, Verdict::Refused);
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(world.fake.count("POST"), 2);
}

#[tokio::test(start_paused = true)]
async fn read_only_engine_and_unsafe_ids_send_nothing() {
    let world = World::new(running());
    let mut request = world.request();
    request.target.offer = "../vm".into();
    assert_eq!(
        world.engine.cancel(request, Duration::from_secs(1)).await,
        Err(StartError::InertId)
    );
    let mut request = world.request();
    request.target.binding = Binding::Operation("a/b".into());
    assert_eq!(
        world.engine.cancel(request, Duration::from_secs(1)).await,
        Err(StartError::InertId)
    );
    assert_eq!(world.fake.log(), []);
}

#[tokio::test(start_paused = true)]
async fn stopped_task_sends_nothing_more_and_reports_its_state() {
    // Before sending.
    let world = World::new(Script {
        latency: Duration::from_secs(3),
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.engine.stop_following(&id);
    assert_eq!(
        world.ended(&id).await.cancellation.verdict(),
        Some(Verdict::NotSent)
    );
    assert_eq!(world.fake.count("POST"), 0);

    // While the answer is outstanding: it is awaited for five seconds.
    for (seconds, verdict) in [(4, Verdict::Pending), (9, Verdict::Unknown)] {
        let world = World::new(Script {
            posts: [Post::Slow(seconds, 202)].into(),
            ..running()
        });
        let id = world.begin(600).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        world.stop.cancel();
        world.tasks.close();
        world.tasks.wait().await;
        assert_eq!(world.tracked(&id).cancellation.verdict(), Some(verdict));
    }

    // While following.
    let world = World::new(running());
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    world.engine.stop_following(&id);
    let (_, ending) = world.ended(&id).await.cancellation.ending.clone().unwrap();
    assert_eq!(
        (ending.verdict, ending.error),
        (Verdict::Pending, None),
        "nothing went wrong"
    );
}

/// Journal trouble that is slow, and refuses some steps until it recovers.
struct Sick {
    slow: Duration,
    refuses: fn(Step) -> bool,
    is_well: AtomicBool,
}

#[async_trait]
impl Trouble for Sick {
    async fn pass(&self, step: Step) -> Result<(), JournalFailure> {
        tokio::time::sleep(self.slow).await;
        if (self.refuses)(step) && !self.is_well.load(Ordering::SeqCst) {
            return Err(full());
        }
        Ok(())
    }
}

fn sick(slow: u64, refuses: fn(Step) -> bool) -> (World, Arc<Troubled<Sick>>) {
    let journal = troubled(Sick {
        slow: Duration::from_secs(slow),
        refuses,
        is_well: AtomicBool::new(false),
    });
    let script = Script {
        cancels_after: Some(9),
        ..running()
    };
    (World::with_journal(script, journal.clone()), journal)
}

#[tokio::test(start_paused = true)]
async fn unrecorded_sending_is_not_sent() {
    let (world, _) = sick(0, |step| step == Step::Claim);
    assert!(matches!(world.begin(600).await, Err(StartError::Journal(_))));
    for refuses in [(|step| step == Step::Looked) as fn(Step) -> bool, |step| {
        step == Step::BeginSending
    }] {
        let (world, _) = sick(0, refuses);
        assert_eq!(world.cancel(600).await.verdict, Verdict::NotSent);
        assert_eq!(world.fake.count("POST"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn unrecorded_answer_is_reported_followed_and_recorded_later() {
    let (world, journal) = sick(0, |step| {
        matches!(step, Step::Answered | Step::Append | Step::Settle)
    });
    let id = world.begin(600).await.unwrap();
    let noted = |snapshot: &Snapshot| {
        snapshot
            .cancellation(&id)
            .is_some_and(|tracked| tracked.note.is_some())
    };
    let snapshot = world.until(noted).await;
    let note = snapshot.cancellation(&id).unwrap().note.clone().unwrap();
    assert!(note.as_str().contains("the disk is full"), "{note}");
    let settled = |snapshot: &Snapshot| {
        snapshot
            .cancellation(&id)
            .is_some_and(|tracked| tracked.cancellation.verdict() == Some(Verdict::Canceled))
    };
    world.until(settled).await;
    assert_eq!(world.fake.count("POST"), 1);
    assert!(world.tracked(&id).is_followed, "it goes on trying to record");
    journal.trouble.is_well.store(true, Ordering::SeqCst);
    let tracked = world.ended(&id).await;
    assert_eq!(
        (tracked.cancellation.verdict(), tracked.note.clone()),
        (Some(Verdict::Canceled), None)
    );
    let facts = world.journal.facts(&id, 0).await.unwrap();
    let recorded = Cancellation::fold(id, facts).unwrap();
    assert_eq!(recorded.verdict(), Some(Verdict::Canceled));
    assert_eq!(recorded.answer.map(|answer| answer.http_status), Some(202));
}

#[tokio::test(start_paused = true)]
async fn look_that_aged_while_recording_sends_nothing() {
    let (world, _) = sick(3, |_| false);
    assert_eq!(world.cancel(600).await.verdict, Verdict::NotSent);
    assert_eq!(world.fake.count("POST"), 0);
}

#[tokio::test(start_paused = true)]
async fn engine_without_a_canceller_is_read_only() {
    let world = World::new(running());
    let parts = countermand::engine::EngineDeps {
        origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
        publisher: "contoso".into(),
        profile: "prod".into(),
        owner: Owner {
            user: "ada".into(),
            host: "jump".into(),
            pid: 7,
            started: "1".into(),
        },
        catalogue: world.fake.clone(),
        canceller: None,
        journal: world.journal.clone(),
        clock: world.fake.clone(),
        poll_intervals: countermand::engine::PollIntervals::default(),
    };
    let engine = Engine::new(parts, world.tasks.clone(), world.stop.clone());
    assert!(engine.is_read_only());
    assert_eq!(
        engine.cancel(world.request(), Duration::from_secs(1)).await,
        Err(StartError::ReadOnly)
    );
    assert_eq!(world.fake.log(), []);
}

#[tokio::test(start_paused = true)]
async fn other_running_operation_is_named_after_the_confirmed_one_ended() {
    let operations = vec![(ID, vec![(0, "succeeded")]), (OTHER, vec![(0, "running")])];
    let (ending, world) = look_only(operations).await;
    assert_eq!(ending.verdict, Verdict::FinishedFirst);
    let error = ending.error.unwrap();
    assert!(error.as_str().contains("77777777"), "{error}");
    assert_eq!(world.fake.count("POST"), 0);
}

#[tokio::test(start_paused = true)]
async fn look_waits_out_a_short_cooldown_and_reports_a_long_one() {
    for (rest, waits) in [(4, true), (60, false)] {
        let world = World::new(running());
        world.fake.change(|script| {
            let throttled = failure(Class::Throttled, Some(429), Some(rest));
            script.failing.insert("operations", [throttled].into());
        });
        assert!(world.engine.look(&"vm".into()).await.is_err());
        assert_eq!(world.engine.look(&"vm".into()).await.is_ok(), waits, "{rest} s");
    }
}
