//! Verdicts after the request rest on readings: two witnesses, foreign answers, lag, and late answers.

use std::time::Duration;

use countermand::{
    domain::{
        fact::Fact,
        operation::Destination,
        target::{Binding, Fingerprint},
        verdict::{Ending, Evidence, Verdict},
    },
    engine::Class,
};

use crate::fake::{ID, NO_ID, OTHER, Post, Script, World, failure, running, transient};

/// Starts a cancel and follows it for at most `timeout` seconds; returns its ending and the seconds it took.
async fn ends(script: Script, timeout: u64) -> (Ending, u64, World) {
    let world = World::new(script);
    let began = tokio::time::Instant::now();
    let id = world.begin(timeout).await.unwrap();
    let tracked = world.ended(&id).await;
    let took = began.elapsed().as_secs();
    let ending = tracked.cancellation.ending.clone().expect("an ending").1;
    (ending, took, world)
}

fn verdict_and_evidence(ending: &Ending) -> (Verdict, Option<Evidence>) {
    (ending.verdict, ending.evidence)
}

const CANCELED: (Verdict, Option<Evidence>) = (Verdict::Canceled, Some(Evidence::Observed));

#[tokio::test(start_paused = true)]
async fn canceled_in_the_list_counts_whatever_the_page_shows() {
    for (page, within) in [("completed", 0), ("failed", 0), ("running", 20)] {
        let (ending, took, world) = ends(
            Script {
                page: Some(vec![(0, page)]),
                cancels_after: Some(0),
                ..running()
            },
            600,
        )
        .await;
        assert_eq!(verdict_and_evidence(&ending), CANCELED, "{page}");
        assert_eq!(took, within, "{page}");
        assert!(world.fake.count("operations ") <= 4, "{:?}", world.fake.log());
    }
}

#[tokio::test(start_paused = true)]
async fn active_page_reads_the_list_with_every_tenth_look() {
    let (ending, _, world) = ends(running(), 100).await;
    assert_eq!(ending.verdict, Verdict::Pending);
    // The first is the preflight look, the last the one at the timeout.
    assert_eq!(world.fake.instants("operations "), [0, 20_000, 55_000, 100_000]);
}

#[tokio::test(start_paused = true)]
async fn disagreeing_witnesses_are_not_final_and_both_are_shown() {
    let world = World::new(Script {
        page: Some(vec![(0, "completed")]),
        ..running()
    });
    let id = world.begin(120).await.unwrap();
    world
        .until(|snapshot| {
            let note = snapshot.cancellation(&id).and_then(|one| one.note.clone());
            note.is_some_and(|note| note.as_str().contains("the list of submissions says running"))
        })
        .await;
    assert_eq!(world.tracked(&id).cancellation.verdict(), None);
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(ending.verdict, Verdict::Pending);
    let error = ending.error.unwrap();
    assert!(error.as_str().contains("page says completed"), "{error}");
    assert!(
        error.as_str().contains("list of submissions says running"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn disagreement_after_a_lost_answer_allows_a_repeat_after_a_minute() {
    let world = World::new(Script {
        posts: [Post::Lose].into(),
        page: Some(vec![(0, "completed")]),
        ..running()
    });
    let id = world.begin(120).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.may_be_asked_again())
        })
        .await;
    assert!(world.tracked(&id).is_watched());
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(ending.verdict, Verdict::Unknown);
    let error = ending.error.unwrap();
    assert!(
        error.as_str().contains("list of submissions says running"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn refusal_needs_both_witnesses() {
    let (ending, took, world) = ends(
        Script {
            posts: [Post::Answer(409, None)].into(),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(
        verdict_and_evidence(&ending),
        (Verdict::Refused, Some(Evidence::Observed))
    );
    assert_eq!(
        (
            took,
            world.fake.count("operation "),
            world.fake.count("operations ")
        ),
        (0, 1, 2)
    );

    // The page stays active, and the list is right.
    let (ending, ..) = ends(
        Script {
            posts: [Post::Answer(409, None)].into(),
            page: Some(vec![(0, "running")]),
            operations: vec![(ID, vec![(0, "running"), (1, "canceled")])],
            latency: Duration::from_secs(1),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
}

#[tokio::test(start_paused = true)]
async fn offer_state_settles_nothing_while_the_list_is_readable() {
    for earlier in ["succeeded", "failed", "canceled"] {
        let (ending, took, _) = ends(
            Script {
                unknown_until: Some(3),
                cancels_after: Some(0),
                offer_state: vec![(0, earlier)],
                ..running()
            },
            600,
        )
        .await;
        assert_eq!(verdict_and_evidence(&ending), CANCELED, "{earlier}");
        assert!((3..=10).contains(&took), "{took}");
    }
}

#[tokio::test(start_paused = true)]
async fn unchanged_offer_state_does_not_end_a_missing_operation_without_id() {
    for earlier in ["succeeded", "failed", "canceled"] {
        for (offer, verdict) in [
            (vec![(0, earlier)], Verdict::Pending),
            (
                vec![(0, earlier), (4, "running"), (8, "canceled")],
                Verdict::Canceled,
            ),
        ] {
            let world = World::new(Script {
                operations: vec![(NO_ID, vec![(0, "running")])],
                offer_state: offer,
                unknown_until: Some(100),
                ..running()
            });
            let request = world.request_for(Binding::Fingerprint(Fingerprint {
                destination: Destination::Preview,
                offer_version: Some(1),
                version: Some(1),
                changed_at: None,
            }));
            let id = world.engine.cancel(request, Duration::from_secs(30)).await;
            let tracked = world.ended(&id.unwrap()).await;
            assert_eq!(tracked.cancellation.verdict(), Some(verdict), "{earlier}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn preflight_look_is_the_first_word_without_an_id() {
    let world = World::new(Script {
        no_submissions: true,
        offer_state: vec![(0, "running"), (2, "failed")],
        latency: Duration::from_secs(1),
        ..running()
    });
    let request = world.request_for(Binding::Fingerprint(Fingerprint {
        destination: Destination::Unknown("".into()),
        offer_version: Some(7),
        version: None,
        changed_at: None,
    }));
    let id = world.engine.cancel(request, Duration::from_secs(30)).await;
    let tracked = world.ended(&id.unwrap()).await;
    let ending = tracked.cancellation.ending.clone().unwrap().1;
    // It had ended by the first reading after the request.
    assert_eq!(
        verdict_and_evidence(&ending),
        (Verdict::FinishedFirst, Some(Evidence::OfferStatus))
    );
}

#[tokio::test(start_paused = true)]
async fn preflight_look_is_no_offer_state_with_an_id() {
    let world = World::new(Script {
        // The state is of an earlier operation, all along.
        offer_state: vec![(0, "canceled")],
        unknown_until: Some(9_999),
        ..running()
    });
    let id = world.begin(60).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    world.fake.change(|script| script.no_submissions = true);
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Pending));
}

#[tokio::test(start_paused = true)]
async fn operation_missing_at_both_witnesses_is_canceled_by_answer() {
    for status in [200, 202] {
        let (ending, took, _) = ends(
            Script {
                posts: [Post::Answer(status, None)].into(),
                unknown_until: Some(9_999),
                ..running()
            },
            600,
        )
        .await;
        assert_eq!(
            verdict_and_evidence(&ending),
            (Verdict::Canceled, Some(Evidence::Answer)),
            "{status}"
        );
        assert!(ending.is_provisional());
        assert!((10..=30).contains(&took), "{took}");
    }
}

#[tokio::test(start_paused = true)]
async fn canceled_by_answer_holds_no_claim_and_reverts_to_pending() {
    let (ending, _, world) = ends(
        Script {
            unknown_until: Some(60),
            ..running()
        },
        600,
    )
    .await;
    assert!(ending.is_open);
    tokio::time::sleep(Duration::from_mins(1)).await;
    // A repeat joins no other cancellation.
    let first = world.engine.history(1).await.unwrap().remove(0).id;
    let again = world.begin(5).await.unwrap();
    assert_ne!(first, again);
    world.ended(&again).await;
    // A follower looks, and finds it active.
    world
        .engine
        .follow(&first, Duration::from_mins(10))
        .await
        .unwrap();
    let began = tokio::time::Instant::now();
    let tracked = world.ended(&first).await;
    assert_eq!(began.elapsed(), Duration::from_mins(1), "a minute is enough");
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Pending));
}

#[tokio::test(start_paused = true)]
async fn canceled_by_answer_is_final_after_a_day() {
    let (ending, _, world) = ends(
        Script {
            unknown_until: Some(9_999_999),
            ..running()
        },
        600,
    )
    .await;
    assert!(ending.is_open);
    tokio::time::sleep(Duration::from_hours(24)).await;
    let requests = world.fake.log().len();
    let [id] = &world.engine.resume(Duration::from_mins(10)).await.unwrap()[..] else {
        panic!("it is open until then");
    };
    let tracked = world.ended(id).await;
    assert!(!tracked.cancellation.is_open());
    assert_eq!(world.fake.log().len(), requests, "nobody looks any more");
    assert!(
        world
            .engine
            .resume(Duration::from_mins(10))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn network_outage_settles_nothing() {
    let world = World::new(Script {
        posts: [Post::Answer(200, None)].into(),
        latency: Duration::from_millis(10),
        ..running()
    });
    let id = world.begin(180).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    world.fake.change(|script| {
        for route in ["operation", "operations", "status"] {
            script
                .failing
                .insert(route, (0..99).map(|_| transient()).collect());
        }
    });
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(ending.verdict, Verdict::Pending);
}

#[tokio::test(start_paused = true)]
async fn foreign_page_is_no_state_of_the_operation() {
    let world = World::new(Script {
        posts: [Post::Answer(200, None)].into(),
        latency: Duration::from_millis(10),
        ..running()
    });
    let id = world.begin(180).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    world.fake.change(|script| {
        let page = || failure(Class::Foreign, Some(404), None);
        for route in ["operation", "operations", "status"] {
            script.failing.insert(route, (0..99).map(|_| page()).collect());
        }
    });
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(ending.verdict, Verdict::Pending);
}

#[tokio::test(start_paused = true)]
async fn foreign_answer_is_uncertain_and_never_resent() {
    for (status, ended_at) in [
        (200, 300),
        (202, 300),
        (401, 60),
        (403, 60),
        (429, 60),
        (502, 300),
    ] {
        let (ending, took, world) = ends(
            Script {
                posts: [Post::Stranger(status)].into(),
                ..running()
            },
            300,
        )
        .await;
        assert_eq!(ending.verdict, Verdict::Unknown, "{status}");
        assert_eq!(world.fake.count("POST"), 1, "{status}");
        assert!((ended_at..ended_at + 10).contains(&took), "{status}: {took}");
    }
}

#[tokio::test(start_paused = true)]
async fn reading_starts_while_an_answer_is_outstanding() {
    let (ending, took, world) = ends(
        Script {
            posts: [Post::Late(100, 202)].into(),
            cancels_after: Some(3),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
    assert_eq!(world.fake.instants("operation ")[0], 5_000);
    // Five more seconds for the answer.
    assert_eq!(took, 10);
    assert!(ending.error.unwrap().as_str().contains("still out"));
}

#[tokio::test(start_paused = true)]
async fn late_answer_is_kept_without_effect() {
    let world = World::new(Script {
        posts: [Post::Late(8, 429)].into(),
        operations: vec![(ID, vec![(0, "running"), (4, "canceled")])],
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    let (_, ending) = tracked.cancellation.ending.clone().unwrap();
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
    assert_eq!(
        tracked
            .cancellation
            .answer
            .as_ref()
            .map(|answer| answer.http_status),
        Some(429)
    );
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn end_during_an_outstanding_answer_settles_with_it() {
    let world = World::new(Script {
        posts: [Post::Late(12, 200)].into(),
        operations: vec![
            (ID, vec![(0, "running"), (1, "succeeded")]),
            (OTHER, vec![(0, "succeeded"), (10, "canceled")]),
        ],
        ..running()
    });
    let began = tokio::time::Instant::now();
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    let (_, ending) = tracked.cancellation.ending.clone().unwrap();
    assert_eq!(began.elapsed().as_secs(), 12);
    assert_eq!(ending.verdict, Verdict::FinishedFirst);
    assert_eq!(ending.also_canceled, [OTHER.into()]);
}

#[tokio::test(start_paused = true)]
async fn late_throttled_cancel_is_sent_again() {
    let (ending, _, world) = ends(
        Script {
            posts: [Post::Slow(8, 429), Post::Answer(202, None)].into(),
            cancels_after: Some(0),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
    assert_eq!(world.fake.count("POST"), 2);
}

#[tokio::test(start_paused = true)]
async fn unknown_is_recorded_after_a_minute_and_read_on() {
    let world = World::new(Script {
        posts: [Post::Lose].into(),
        cancels_after: Some(90),
        ..running()
    });
    let id = world.begin(1_800).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.verdict() == Some(Verdict::Unknown))
        })
        .await;
    let tracked = world.tracked(&id);
    assert!(
        tracked.is_watched() && !tracked.is_in_progress(),
        "a person may ask again"
    );
    let ended = world.ended(&id).await;
    assert_eq!(ended.cancellation.verdict(), Some(Verdict::Canceled));
}

#[tokio::test(start_paused = true)]
async fn timeout_reads_both_witnesses_once_more() {
    let (ending, took, world) = ends(
        Script {
            posts: [Post::Answer(202, None)].into(),
            page: Some(vec![(0, "running")]),
            operations: vec![(ID, vec![(0, "running"), (6, "canceled")])],
            ..running()
        },
        7,
    )
    .await;
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
    assert_eq!(took, 7);
    assert_eq!(world.fake.instants("operations "), [0, 7_000]);
    // The page was looked at less than two seconds before.
    assert_eq!(world.fake.instants("operation ").last(), Some(&6_000));
}

#[tokio::test(start_paused = true)]
async fn last_look_takes_ten_seconds_at_most() {
    let (ending, took, _) = ends(
        Script {
            silent: [("operation", (3, 99)), ("operations", (1, 99))].into(),
            ..running()
        },
        5,
    )
    .await;
    assert_eq!((ending.verdict, took), (Verdict::Pending, 15));
}

#[tokio::test(start_paused = true)]
async fn last_look_ends_with_the_first_canceled_word() {
    let (ending, took, _) = ends(
        Script {
            silent: [("operation", (3, 99))].into(),
            operations: vec![(ID, vec![(0, "running"), (5, "canceled")])],
            page: Some(vec![(0, "running")]),
            ..running()
        },
        5,
    )
    .await;
    assert_eq!((verdict_and_evidence(&ending), took), (CANCELED, 5));
}

#[tokio::test(start_paused = true)]
async fn stopped_task_takes_no_last_look() {
    let world = World::new(running());
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_millis(4_500)).await;
    let requests = world.fake.log().len();
    world.engine.stop_following(&id);
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Pending));
    assert_eq!(world.fake.log().len(), requests);
}

#[tokio::test(start_paused = true)]
async fn hanging_page_does_not_block_the_list() {
    let (ending, took, _) = ends(
        Script {
            silent: [("operation", (0, 99))].into(),
            cancels_after: Some(2),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
    assert_eq!(took, 5);

    // The list is read repeatedly for as long as it hangs.
    let (ending, took, _) = ends(
        Script {
            silent: [("operation", (0, 99))].into(),
            cancels_after: Some(8),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(verdict_and_evidence(&ending), CANCELED);
    assert_eq!(took, 9);
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_active_allows_a_repeat() {
    let world = World::new(running());
    let id = world.begin(3_600).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.may_be_asked_again())
        })
        .await;
    assert!(world.tracked(&id).is_watched());
    // No session takes the claim by itself; a person who names it does.
    assert_eq!(world.begin(5).await.unwrap(), id);
    let mut request = world.request();
    request.again_of = Some(id.clone());
    let again = world
        .engine
        .cancel(request, Duration::from_secs(5))
        .await
        .unwrap();
    assert_ne!(again, id);
    world.ended(&again).await;
    assert_eq!(world.fake.count("POST"), 2);
}

#[tokio::test(start_paused = true)]
async fn answer_awaited_by_another_session_is_reported_and_not_recorded() {
    let journal: std::sync::Arc<dyn countermand::engine::ports::Journal> =
        std::sync::Arc::new(countermand::journal::MemoryJournal::new());
    let holder = World::of_process(
        7,
        Script {
            posts: [Post::Late(90, 202)].into(),
            ..running()
        },
        journal.clone(),
    );
    let joiner = World::of_process(8, running(), journal.clone());
    let id = holder.begin(600).await.unwrap();
    holder
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    assert_eq!(joiner.begin(70).await.unwrap(), id);
    let tracked = joiner.ended(&id).await;
    assert!(tracked.joined);
    assert_eq!(tracked.cancellation.verdict(), None);
    let facts = journal.facts(&id, 0).await.unwrap();
    let settled = facts
        .iter()
        .any(|recorded| matches!(recorded.fact, Fact::Settled(_)));
    assert!(!settled, "{facts:?}");
}

#[tokio::test(start_paused = true)]
async fn answer_awaited_by_another_session_is_lost_after_three_minutes() {
    let journal: std::sync::Arc<dyn countermand::engine::ports::Journal> =
        std::sync::Arc::new(countermand::journal::MemoryJournal::new());
    let script = |post| Script {
        posts: [post].into(),
        operations: vec![(ID, vec![(0, "running"), (8, "succeeded")])],
        ..running()
    };
    let holder = World::of_process(7, script(Post::Late(400, 202)), journal.clone());
    let joiner = World::of_process(8, script(Post::Lose), journal.clone());
    let began = tokio::time::Instant::now();
    let id = holder.begin(600).await.unwrap();
    holder
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    assert_eq!(joiner.begin(600).await.unwrap(), id);
    let tracked = joiner.ended(&id).await;
    let took = began.elapsed().as_secs();
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::FinishedFirst));
    assert!((180..200).contains(&took), "{took}");
}
