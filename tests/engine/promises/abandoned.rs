//! Claims without a working process: each is given up in time, by compare-and-set, and a waiting session continues with
//! its own.

use std::sync::OnceLock;

use countermand::{
    domain::{cancellation::Cancellation, ids::CancellationId},
    engine::Tracked,
};

use super::*;
use crate::trouble::Troubled;

/// Creates a service that carries a cancel out at once.
fn obliging() -> Script {
    Script {
        cancels_after: Some(1),
        ..running()
    }
}

/// Records a claim of a process in an unknown state, made `ago` seconds ago.
async fn claimed(world: &World, ago: u64) -> Cancellation {
    let claim = Claim {
        request: world.request(),
        by: owner(99),
    };
    match world
        .journal
        .claim(&claim, world.fake.now() - secs(ago))
        .await
        .unwrap()
    {
        Claimed::New(cancellation) => cancellation,
        Claimed::Taken(by) => panic!("taken by {by:?}"),
    }
}

async fn unattended(world: &World) -> CancellationId {
    world
        .engine
        .cancel_unattended(world.request(), secs(600))
        .await
        .unwrap()
}

/// Returns the end of the run that requested `id`.
async fn ended(world: &World, id: &CancellationId) -> Arc<Tracked> {
    let snapshot = world
        .until(|snapshot| {
            let carried_on = snapshot.carried_on(id);
            carried_on.is_some_and(|tracked| !tracked.is_followed)
        })
        .await;
    snapshot.carried_on(id).unwrap().clone()
}

async fn verdict_of(world: &World, id: &CancellationId) -> Option<Verdict> {
    let facts = world.journal.facts(id, 0).await.unwrap();
    Cancellation::fold(id.clone(), facts).unwrap().verdict()
}

#[tokio::test(start_paused = true)]
async fn old_claim_at_first_sight_blocks_no_one() {
    let world = World::new(obliging());
    let dead = claimed(&world, 121).await;
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(verdict_of(&world, &dead.id).await, Some(Verdict::NotSent));
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn unchanged_claim_is_given_up_and_a_script_continues() {
    let world = World::new(obliging());
    let dead = claimed(&world, 0).await;
    let id = unattended(&world).await;
    assert_eq!(id, dead.id, "it is joined first");
    let own = ended(&world, &id).await;
    assert_eq!(own.cancellation.verdict(), Some(Verdict::Canceled));
    assert_ne!(own.cancellation.id, dead.id);
    assert_eq!(own.cancellation.by, owner(7));
    let posts = world.fake.instants("POST");
    assert!(
        matches!(posts[..], [at] if (120_000..130_000).contains(&at)),
        "{posts:?}"
    );
    assert_eq!(verdict_of(&world, &dead.id).await, Some(Verdict::NotSent));
    let note = world.tracked(&dead.id).note.clone().unwrap();
    assert!(note.as_str().contains("a claim of our own"), "{note}");
}

#[tokio::test(start_paused = true)]
async fn activity_of_the_holder_restarts_the_two_minutes() {
    let world = World::new(obliging());
    let slow = claimed(&world, 0).await;
    let id = unattended(&world).await;
    tokio::time::sleep(secs(100)).await;
    let looked = Fact::Looked(PreflightResult::default());
    world
        .journal
        .append(&slow.id, looked, world.fake.now())
        .await
        .unwrap();
    ended(&world, &id).await;
    let posts = world.fake.instants("POST");
    assert!(matches!(posts[..], [at] if at >= 220_000), "{posts:?}");
}

#[tokio::test(start_paused = true)]
async fn expired_confirmation_must_be_repeated_after_a_wait() {
    let world = World::new(obliging());
    let dead = claimed(&world, 0).await;
    let id = world.begin(600).await.unwrap();
    let own = ended(&world, &id).await;
    assert_ne!(own.cancellation.id, dead.id);
    let (_, ending) = own.cancellation.ending.clone().unwrap();
    assert_eq!(ending.verdict, Verdict::NotSent);
    assert!(ending.error.unwrap().as_str().contains("confirm it again"));
    assert_eq!(world.fake.log(), [], "nobody is asked for what may not be sent");
}

/// Journal trouble of a process that ends after so many seconds.
struct Mortal {
    began: tokio::time::Instant,
    lives: Duration,
}

#[async_trait]
impl Trouble for Mortal {
    async fn pass(&self, _: Step) -> Result<(), JournalFailure> {
        Ok(())
    }

    fn life(&self, _: &Owner) -> Life {
        if self.began.elapsed() < self.lives {
            Life::Lives
        } else {
            Life::Gone
        }
    }
}

#[tokio::test(start_paused = true)]
async fn valid_confirmation_continues_when_the_other_session_ends() {
    let (began, lives) = (tokio::time::Instant::now(), secs(30));
    let world = World::with_journal(obliging(), troubled(Mortal { began, lives }));
    // Its age does not matter: its process is alive.
    claimed(&world, 3_600).await;
    let id = world.begin(600).await.unwrap();
    let own = ended(&world, &id).await;
    assert_eq!(own.cancellation.verdict(), Some(Verdict::Canceled));
    let posts = world.fake.instants("POST");
    assert!(
        matches!(posts[..], [at] if (30_000..40_000).contains(&at)),
        "{posts:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn local_request_during_a_wait_is_kept() {
    let (began, lives) = (tokio::time::Instant::now(), secs(90));
    let world = World::with_journal(obliging(), troubled(Mortal { began, lives }));
    let dead = claimed(&world, 0).await;
    let resumed = world.engine.resume(secs(600)).await.unwrap();
    assert_eq!(resumed, std::slice::from_ref(&dead.id));
    tokio::time::sleep(secs(60)).await;
    assert_eq!(world.begin(600).await.unwrap(), dead.id);
    let own = ended(&world, &dead.id).await;
    assert_eq!(own.cancellation.verdict(), Some(Verdict::Canceled));
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn follower_reports_not_sent_and_sends_nothing() {
    let world = World::new(obliging());
    let dead = claimed(&world, 0).await;
    world.engine.follow(&dead.id, secs(600)).await.unwrap();
    let tracked = world.ended(&dead.id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::NotSent));
    assert_eq!(tracked.successor, None);
    assert_eq!(world.fake.log(), []);
    // At first sight it is given up at once.
    let old = claimed(&world, 121).await;
    let began = tokio::time::Instant::now();
    world.engine.resume(secs(600)).await.unwrap();
    world.ended(&old.id).await;
    assert!(began.elapsed() < secs(5));
}

#[tokio::test(start_paused = true)]
async fn of_two_waiting_one_claims_and_the_other_joins() {
    let journal: Arc<dyn Journal> = Arc::new(MemoryJournal::new());
    let first = World::of_process(7, obliging(), journal.clone());
    let second = World::of_process(8, obliging(), journal);
    let dead = claimed(&first, 0).await;
    let id = unattended(&first).await;
    // It has seen the claim for a shorter time, and must not take its end for its own.
    tokio::time::sleep(secs(60)).await;
    assert_eq!(unattended(&second).await, dead.id);
    let (ours, theirs) = (ended(&first, &id).await, ended(&second, &id).await);
    assert_eq!(ours.cancellation.id, theirs.cancellation.id);
    for tracked in [&ours, &theirs] {
        assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
    }
    assert!(theirs.joined);
    assert_eq!(first.fake.count("POST") + second.fake.count("POST"), 1);
}

/// Journal trouble in which the holder wakes up at the very moment its claim is given up.
#[derive(Default)]
struct WakesLast(OnceLock<(Arc<Troubled<WakesLast>>, CancellationId)>);

#[async_trait]
impl Trouble for WakesLast {
    async fn pass(&self, step: Step) -> Result<(), JournalFailure> {
        if let (Step::Settle, Some((journal, id))) = (step, self.0.get()) {
            let at = Timestamp::UNIX_EPOCH;
            // Only once: then it is under way.
            journal.begin_sending(id, 1, &owner(99), at).await.unwrap();
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn claim_found_to_be_sent_is_joined() {
    for ago in [0, 121] {
        let journal = troubled(WakesLast::default());
        let world = World::with_journal(
            Script {
                operations: vec![(ID, vec![(0, "running"), (150, "canceled")])],
                ..running()
            },
            journal.clone(),
        );
        let held = claimed(&world, ago).await;
        let set = journal.trouble.0.set((journal.clone(), held.id.clone()));
        assert!(set.is_ok());
        let id = unattended(&world).await;
        let tracked = ended(&world, &id).await;
        assert_eq!(tracked.cancellation.id, held.id, "{ago}");
        assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled), "{ago}");
        assert_eq!(world.fake.count("POST"), 0, "{ago}");
    }
}

#[tokio::test(start_paused = true)]
async fn frozen_holder_sends_nothing_afterwards() {
    let world = World::new(obliging());
    let frozen = claimed(&world, 0).await;
    let id = unattended(&world).await;
    ended(&world, &id).await;
    let begun = world
        .journal
        .begin_sending(&frozen.id, 1, &owner(99), world.fake.now())
        .await;
    assert_eq!(begun, Ok(None));
}
