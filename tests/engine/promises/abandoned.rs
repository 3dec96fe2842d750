//! Claims that nobody works on: each is given up in time, by compare-and-set, and who waited goes on with one of its own.

use std::sync::OnceLock;

use countermand::{
    domain::{cancellation::Cancellation, ids::CancellationId},
    engine::Tracked,
};

use super::*;
use crate::trouble::Troubled;

/// The service carries a cancel out at once.
fn obliging() -> Script {
    Script {
        cancels_after: Some(1),
        ..running()
    }
}

/// A claim of a process that nobody can tell anything of, made `ago` seconds ago.
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

/// What the run that was asked for `id` ends with.
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
async fn one_that_is_old_at_first_sight_holds_nobody_up() {
    let world = World::new(obliging());
    let dead = claimed(&world, 121).await;
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(verdict_of(&world, &dead.id).await, Some(Verdict::NotSent));
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_stands_unchanged_is_given_up_by_who_waits_and_a_script_goes_on() {
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
async fn what_its_holder_still_does_begins_the_two_minutes_anew() {
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
async fn a_person_who_waited_longer_than_a_confirmation_holds_is_asked_to_confirm_again() {
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

/// A process that ends after so many seconds.
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
async fn a_person_whose_confirmation_holds_goes_on_when_the_other_session_ends() {
    let (began, lives) = (tokio::time::Instant::now(), secs(30));
    let world = World::with_journal(obliging(), troubled(Mortal { began, lives }));
    // However old it is: its process lives.
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
async fn a_person_who_asks_here_for_what_is_waited_for_already_is_not_forgotten() {
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
async fn who_only_follows_hears_that_nothing_was_sent_and_sends_nothing() {
    let world = World::new(obliging());
    let dead = claimed(&world, 0).await;
    world.engine.follow(&dead.id, secs(600)).await.unwrap();
    let tracked = world.ended(&dead.id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::NotSent));
    assert_eq!(tracked.successor, None);
    assert_eq!(world.fake.log(), []);
    // And at first sight at once.
    let old = claimed(&world, 121).await;
    let began = tokio::time::Instant::now();
    world.engine.resume(secs(600)).await.unwrap();
    world.ended(&old.id).await;
    assert!(began.elapsed() < secs(5));
}

#[tokio::test(start_paused = true)]
async fn of_two_that_wait_one_claims_and_the_other_joins() {
    let journal: Arc<dyn Journal> = Arc::new(MemoryJournal::new());
    let first = World::of_process(7, obliging(), journal.clone());
    let second = World::of_process(8, obliging(), journal);
    let dead = claimed(&first, 0).await;
    let id = unattended(&first).await;
    // It sees the claim for a shorter time, and must not take the end of it for its own.
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

/// The holder wakes up in the very moment in which its claim is given up.
#[derive(Default)]
struct WakesLast(OnceLock<(Arc<Troubled<WakesLast>>, CancellationId)>);

#[async_trait]
impl Trouble for WakesLast {
    async fn pass(&self, step: Step) -> Result<(), JournalFailure> {
        if let (Step::Settle, Some((journal, id))) = (step, self.0.get()) {
            let at = Timestamp::UNIX_EPOCH;
            // Only once: then it is on its way.
            journal.begin_sending(id, 1, &owner(99), at).await.unwrap();
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_turns_out_to_be_sent_is_joined() {
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
        let told = journal.trouble.0.set((journal.clone(), held.id.clone()));
        assert!(told.is_ok());
        let id = unattended(&world).await;
        let tracked = ended(&world, &id).await;
        assert_eq!(tracked.cancellation.id, held.id, "{ago}");
        assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled), "{ago}");
        assert_eq!(world.fake.count("POST"), 0, "{ago}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_was_only_frozen_sends_nothing_afterwards() {
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
