//! Late answers of a sender that is alive after all: each counts from when it is read, and once.

use std::{slice, time::Duration};

use countermand::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        fact::{Claim, Fact, Observation, Owner, Via},
        ids::CancellationId,
        verdict::{Evidence, Verdict},
    },
    engine::ports::{Claimed, Clock as _},
    service::cpp::{self, status},
};

use crate::fake::{ID, Script, World, running, transient};

const LEGACY: &str = "/api/operations/contoso$vm$2$preview?api-version=2017-10-31";

fn owner() -> Owner {
    Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid: 7,
        started: "1".into(),
    }
}

/// Starts a process that resumes a request in transit without a live sender.
async fn resumed(script: Script, timeout: Duration) -> (World, CancellationId) {
    let world = World::new(script);
    let claim = Claim {
        request: world.request(),
        by: owner(),
    };
    let now = world.fake.now();
    let Ok(Claimed::New(Cancellation { id, .. })) = world.journal.claim(&claim, now).await else {
        panic!("nobody else has claimed it");
    };
    world.journal.begin_sending(&id, 1, &claim.by, now).await.unwrap();
    assert_eq!(world.engine.resume(timeout).await.unwrap(), slice::from_ref(&id));
    assert!(world.tracked(&id).resumed);
    (world, id)
}

/// Records a fact of the sender after so many seconds.
async fn records(world: &World, id: &CancellationId, after: u64, fact: Fact) {
    tokio::time::sleep(Duration::from_secs(after)).await;
    world.journal.append(id, fact, world.fake.now()).await.unwrap();
}

fn answered(world: &World, status: u16, location: Option<&str>) -> Fact {
    let target = world.request().target;
    Fact::Answered(Answer {
        lead: location.map(|raw| cpp::read_location(raw, &target)),
        ..cpp::answer(status, false)
    })
}

#[tokio::test(start_paused = true)]
async fn late_answer_leads_to_its_location_once() {
    let (world, id) = resumed(
        Script {
            location_state: vec![(0, "running"), (8, "succeeded")],
            ..running()
        },
        Duration::from_mins(1),
    )
    .await;
    records(&world, &id, 5, answered(&world, 202, Some(LEGACY))).await;
    let other = Fact::Observed(Observation {
        state: status("publishing"),
        via: Via::Submissions,
    });
    records(&world, &id, 4, other).await;
    world.ended(&id).await;
    assert_eq!(
        world.fake.instants("location"),
        [6_000, 8_000],
        "it is left alone once it has ended, whatever else is heard of others"
    );
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_after_a_late_acceptance_a_cancel_may_be_sent_again() {
    let (world, id) = resumed(running(), Duration::from_mins(14)).await;
    records(&world, &id, 5, answered(&world, 202, None)).await;
    let may_be_asked_again = |cancellation: &Cancellation| cancellation.may_be_asked_again();
    tokio::time::sleep(Duration::from_mins(9)).await;
    assert!(!may_be_asked_again(&world.tracked(&id).cancellation));
    tokio::time::sleep(Duration::from_mins(4)).await;
    assert!(may_be_asked_again(&world.tracked(&id).cancellation));
    assert_eq!(
        world.ended(&id).await.cancellation.verdict(),
        Some(Verdict::Pending)
    );
}

#[tokio::test(start_paused = true)]
async fn readings_before_a_late_refusal_do_not_prove_it_is_running() {
    let (world, id) = resumed(
        Script {
            operations: vec![(ID, vec![(0, "running"), (5, "canceled")])],
            // A failing page triggers a list read as well.
            failing: [("operation", [transient()].into())].into(),
            ..running()
        },
        Duration::from_mins(1),
    )
    .await;
    records(&world, &id, 5, answered(&world, 409, None)).await;
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
}
