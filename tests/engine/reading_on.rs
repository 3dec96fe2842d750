//! What stands for now is read on at the schedule's pace, and only what is read changes it.

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::{
        ids::CancellationId,
        stage::Stage,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::ports::Journal,
    journal::MemoryJournal,
};
use tokio::time::Instant;

use crate::fake::{ID, Post, Script, World, running, transient};

/// What an accepted cancel came to of which neither witness knows until that second: canceled, by its answer alone.
async fn canceled_by_the_answer(unknown_until: u64) -> (World, CancellationId) {
    let world = World::new(Script {
        unknown_until: Some(unknown_until),
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    assert!(standing(&world, &id).await.is_open);
    (world, id)
}

async fn standing(world: &World, id: &CancellationId) -> Ending {
    world.ended(id).await.cancellation.ending.clone().unwrap().1
}

#[tokio::test(start_paused = true)]
async fn what_the_answer_alone_calls_canceled_is_read_for_the_whole_minute() {
    let (world, id) = canceled_by_the_answer(60).await;
    world.engine.follow(&id, Duration::from_mins(10)).await.unwrap();
    assert_eq!(standing(&world, &id).await.verdict, Verdict::Pending);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_down_takes_back_nothing_that_the_answer_said() {
    let (world, id) = canceled_by_the_answer(9_999).await;
    world.fake.change(|script| {
        for route in ["operation", "operations"] {
            let down = (0..99).map(|_| transient()).collect();
            script.failing.insert(route, down);
        }
    });
    world.engine.follow(&id, Duration::from_mins(10)).await.unwrap();
    let ending = standing(&world, &id).await;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Answer))
    );
    assert!(ending.is_open);
}

#[tokio::test(start_paused = true)]
async fn while_the_witnesses_disagree_both_are_read_at_the_pace_of_one() {
    let world = World::new(Script {
        page: Some(vec![(0, "completed")]),
        operations: vec![(ID, vec![(0, "running"), (9, "canceled")])],
        ..running()
    });
    let began = Instant::now();
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(began.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_is_known_waits_for_no_answer_beyond_the_time_out() {
    let world = World::new(Script {
        posts: [Post::Late(90, 202)].into(),
        operations: vec![(ID, vec![(0, "running"), (8, "succeeded")])],
        ..running()
    });
    let began = Instant::now();
    assert_eq!(world.cancel(20).await.verdict, Verdict::FinishedFirst);
    assert_eq!(began.elapsed(), Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn what_is_recorded_in_the_last_moment_counts_for_the_last_word_of_who_waits() {
    let journal: Arc<dyn Journal> = Arc::new(MemoryJournal::new());
    let holder = World::of_process(
        7,
        Script {
            connecting: Duration::from_millis(4_500),
            posts: [Post::Slow(60, 202)].into(),
            ..running()
        },
        journal.clone(),
    );
    let joiner = World::of_process(8, running(), journal);
    let id = holder.begin(600).await.unwrap();
    assert_eq!(joiner.begin(5).await.unwrap(), id);
    let tracked = joiner.ended(&id).await;
    assert_eq!(tracked.cancellation.stage, Stage::Sending);
}
