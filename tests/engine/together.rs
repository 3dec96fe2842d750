//! Many concurrent cancels, as after a bulk confirmation: none becomes stale while waiting for the others.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use countermand::{
    domain::{confirmation::Request, ids::OfferId, target::Binding, verdict::Verdict},
    engine::ports::JournalFailure,
};
use futures_util::future::join_all;
use tokio::sync::Mutex;

use crate::{
    fake::{ID, Post, Script, World, running},
    trouble::{Step, Trouble, troubled},
};

/// Journal trouble of a slow disk, which records one fact after the other.
struct Disk {
    record: Duration,
    arm: Mutex<()>,
}

#[async_trait]
impl Trouble for Disk {
    async fn pass(&self, step: Step) -> Result<(), JournalFailure> {
        if !matches!(step, Step::Begun | Step::Facts) {
            let _arm = self.arm.lock().await;
            tokio::time::sleep(self.record).await;
        }
        Ok(())
    }
}

/// Creates a service with 300 ms latency, and a disk that takes `record` a fact.
fn slow(script: Script, record: Duration) -> World {
    slower(script, Duration::from_millis(300), record)
}

/// Creates a service with `latency`, and a disk that takes `record` a fact.
fn slower(script: Script, latency: Duration, record: Duration) -> World {
    let script = Script { latency, ..script };
    let disk = troubled(Disk {
        record,
        arm: Mutex::default(),
    });
    World::with_journal(script, disk)
}

/// Confirms a cancel on `count` offers at once, and waits until all of them have a verdict.
async fn cancel(world: &World, count: usize) -> Vec<Arc<countermand::engine::Tracked>> {
    let request = |n: usize| Request {
        target: world
            .engine
            .target(OfferId::new(&format!("vm-{n:02}")), Binding::Operation(ID.into())),
        ..world.request()
    };
    let begun = (0..count).map(|n| world.engine.cancel(request(n), Duration::from_mins(30)));
    let ids = join_all(begun).await.into_iter().map(Result::unwrap);
    let mut ended = Vec::new();
    for id in ids.collect::<Vec<_>>() {
        ended.push(world.ended(&id).await);
    }
    ended
}

#[tokio::test(start_paused = true)]
async fn fifty_cancels_on_a_slow_disk_are_sent_once_on_fresh_looks() {
    let script = Script {
        cancels_after: Some(300),
        ..running()
    };
    let world = slow(script, Duration::from_millis(60));
    for tracked in cancel(&world, 50).await {
        let cancellation = &tracked.cancellation;
        let offer = &cancellation.request.target.offer;
        assert_eq!(cancellation.verdict(), Some(Verdict::Canceled), "{offer}");
        assert_eq!(cancellation.attempts, 1, "{offer} grew stale on its way");
        assert_eq!(world.fake.count(&format!("POST {offer}")), 1, "{offer}");
    }
}

#[tokio::test(start_paused = true)]
async fn fifty_cancels_after_a_cooldown_keep_their_looks_fresh() {
    let script = Script {
        posts: [Post::Throttle(10), Post::Answer(202, None)].into(),
        cancels_after: Some(300),
        ..running()
    };
    let world = slow(script, Duration::from_millis(100));
    let ended = cancel(&world, 50).await;
    for tracked in &ended {
        assert_eq!(
            tracked.cancellation.verdict(),
            Some(Verdict::Canceled),
            "{:?}",
            tracked.cancellation.ending
        );
    }
    let attempts: u32 = ended.iter().map(|tracked| tracked.cancellation.attempts).sum();
    assert_eq!(attempts, 51, "only the one that was throttled is sent again");
    assert_eq!(world.fake.count("POST"), 51);
}

#[tokio::test(start_paused = true)]
async fn few_are_sent_concurrently_and_expired_ones_not_at_all() {
    let script = Script {
        posts: [Post::Slow(50, 202)].into(),
        cancels_after: Some(300),
        ..running()
    };
    let world = slow(script, Duration::ZERO);
    let ended = cancel(&world, 40).await;
    let verdicts = |verdict| {
        let is =
            |tracked: &&Arc<countermand::engine::Tracked>| tracked.cancellation.verdict() == Some(verdict);
        ended.iter().filter(is).count()
    };
    assert_eq!((verdicts(Verdict::Canceled), verdicts(Verdict::NotSent)), (32, 8));
    let posts = world.fake.instants("POST");
    assert_eq!(posts.len(), 32);
    let at_once = |at: u64| {
        posts
            .iter()
            .filter(|other| (at..at + 50_000).contains(other))
            .count()
    };
    assert!(posts.iter().all(|at| at_once(*at) <= 16), "{posts:?}");
    assert!(posts.iter().all(|at| *at <= 60_000), "{posts:?}");
}

#[tokio::test(start_paused = true)]
async fn waiting_cancel_ends_when_stopped() {
    let script = Script {
        posts: [Post::Slow(50, 202)].into(),
        ..running()
    };
    let world = slow(script, Duration::ZERO);
    let stop = world.stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        stop.cancel();
    });
    let began = tokio::time::Instant::now();
    let ended = cancel(&world, 20).await;
    let not_sent = ended
        .iter()
        .filter(|tracked| tracked.cancellation.verdict() == Some(Verdict::NotSent));
    assert_eq!(not_sent.count(), 4);
    assert!(
        began.elapsed() <= Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn hundred_cancels_at_a_slow_service_are_sent_within_their_confirmation() {
    let script = Script {
        cancels_after: Some(300),
        ..running()
    };
    let world = slower(script, Duration::from_secs(3), Duration::from_millis(20));
    for tracked in cancel(&world, 100).await {
        let cancellation = &tracked.cancellation;
        let offer = &cancellation.request.target.offer;
        assert_eq!(
            cancellation.verdict(),
            Some(Verdict::Canceled),
            "{offer}: {:?}",
            cancellation.ending
        );
        assert_eq!(cancellation.attempts, 1, "{offer} grew stale on its way");
    }
    let posts = world.fake.instants("POST");
    assert!(posts.iter().all(|at| *at <= 60_000), "{posts:?}");
}
