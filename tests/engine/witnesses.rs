//! What is told after the request rests on what was read: two witnesses, strangers, lag, and answers that are late.

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

/// Begins a cancel, follows it for at most `timeout` seconds, and says how it ended and after how many seconds.
async fn ends(script: Script, timeout: u64) -> (Ending, u64, World) {
    let world = World::new(script);
    let began = tokio::time::Instant::now();
    let id = world.begin(timeout).await.unwrap();
    let tracked = world.ended(&id).await;
    let took = began.elapsed().as_secs();
    let ending = tracked.cancellation.ending.clone().expect("an ending").1;
    (ending, took, world)
}

fn said(ending: &Ending) -> (Verdict, Option<Evidence>) {
    (ending.verdict, ending.evidence)
}

const CANCELED: (Verdict, Option<Evidence>) = (Verdict::Canceled, Some(Evidence::Observed));

#[tokio::test(start_paused = true)]
async fn canceled_in_the_list_counts_whatever_the_page_calls_it() {
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
        assert_eq!(said(&ending), CANCELED, "{page}");
        assert_eq!(took, within, "{page}");
        assert!(world.fake.count("operations ") <= 4, "{:?}", world.fake.log());
    }
}

#[tokio::test(start_paused = true)]
async fn while_the_page_says_active_the_list_is_read_with_every_tenth_look() {
    let (ending, _, world) = ends(running(), 100).await;
    assert_eq!(ending.verdict, Verdict::Pending);
    // The first is the look before the request, the last the one at the time-out.
    assert_eq!(world.fake.instants("operations "), [0, 20_000, 55_000, 100_000]);
}

#[tokio::test(start_paused = true)]
async fn where_the_witnesses_disagree_nothing_is_final_and_both_words_are_told() {
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
async fn where_they_disagree_after_a_lost_answer_a_person_may_ask_again_from_a_minute_on() {
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
async fn a_refusal_rests_on_both() {
    let (ending, took, world) = ends(
        Script {
            posts: [Post::Answer(409, None)].into(),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(said(&ending), (Verdict::Refused, Some(Evidence::Observed)));
    assert_eq!(
        (
            took,
            world.fake.count("operation "),
            world.fake.count("operations ")
        ),
        (0, 1, 2)
    );

    // The page goes on saying active, and the list knows better.
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
    assert_eq!(said(&ending), CANCELED);
}

#[tokio::test(start_paused = true)]
async fn what_the_offer_says_settles_nothing_while_the_list_can_be_read() {
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
        assert_eq!(said(&ending), CANCELED, "{earlier}");
        assert!((3..=10).contains(&took), "{took}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_offer_said_before_is_not_the_end_of_what_has_no_id_and_is_missing_for_a_moment() {
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
async fn the_look_before_the_request_tells_the_first_word_of_what_has_no_id() {
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
        said(&ending),
        (Verdict::FinishedFirst, Some(Evidence::OfferStatus))
    );
}

#[tokio::test(start_paused = true)]
async fn the_look_before_the_request_says_nothing_of_the_offer_where_there_is_an_id() {
    let world = World::new(Script {
        // Of an earlier operation, all along.
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
async fn what_neither_witness_knows_any_more_is_canceled_by_the_answer_for_now() {
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
            said(&ending),
            (Verdict::Canceled, Some(Evidence::Answer)),
            "{status}"
        );
        assert!(ending.is_provisional());
        assert!((10..=30).contains(&took), "{took}");
    }
}

#[tokio::test(start_paused = true)]
async fn canceled_by_the_answer_holds_no_claim_and_is_pending_again_once_it_is_read_as_active() {
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
    // Whoever asks again joins nobody.
    let first = world.engine.history(1).await.unwrap().remove(0).id;
    let again = world.begin(5).await.unwrap();
    assert_ne!(first, again);
    world.ended(&again).await;
    // Whoever follows it looks, and finds it active.
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
async fn after_a_day_canceled_by_the_answer_is_final() {
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
    let asked = world.fake.log().len();
    let [id] = &world.engine.resume(Duration::from_mins(10)).await.unwrap()[..] else {
        panic!("it is open until then");
    };
    let tracked = world.ended(id).await;
    assert!(!tracked.cancellation.is_open());
    assert_eq!(world.fake.log().len(), asked, "nobody looks any more");
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
async fn a_line_that_is_down_settles_nothing() {
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
async fn a_page_of_a_stranger_is_no_property_of_the_operation() {
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
async fn a_strangers_answer_is_uncertain_and_never_sent_again() {
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
async fn reading_begins_beside_an_answer_that_does_not_come() {
    let (ending, took, world) = ends(
        Script {
            posts: [Post::Late(100, 202)].into(),
            cancels_after: Some(3),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(said(&ending), CANCELED);
    assert_eq!(world.fake.instants("operation ")[0], 5_000);
    // Five seconds more for the answer.
    assert_eq!(took, 10);
    assert!(ending.error.unwrap().as_str().contains("still out"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_home_is_kept_and_changes_nothing() {
    let world = World::new(Script {
        posts: [Post::Late(8, 429)].into(),
        operations: vec![(ID, vec![(0, "running"), (4, "canceled")])],
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    let (_, ending) = tracked.cancellation.ending.clone().unwrap();
    assert_eq!(said(&ending), CANCELED);
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
async fn an_end_beside_a_waiting_answer_settles_when_that_is_there_and_tells_what_it_hit() {
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
async fn what_is_throttled_late_is_sent_again() {
    let (ending, _, world) = ends(
        Script {
            posts: [Post::Slow(8, 429), Post::Answer(202, None)].into(),
            cancels_after: Some(0),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(said(&ending), CANCELED);
    assert_eq!(world.fake.count("POST"), 2);
}

#[tokio::test(start_paused = true)]
async fn unknown_is_recorded_at_a_minute_and_read_on() {
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
async fn at_the_time_out_both_are_looked_at_once_more() {
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
    assert_eq!(said(&ending), CANCELED);
    assert_eq!(took, 7);
    assert_eq!(world.fake.instants("operations "), [0, 7_000]);
    // The page was looked at less than two seconds before.
    assert_eq!(world.fake.instants("operation ").last(), Some(&6_000));
}

#[tokio::test(start_paused = true)]
async fn the_last_look_takes_ten_seconds_at_the_most() {
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
async fn the_last_look_ends_with_the_first_word_that_it_is_canceled() {
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
    assert_eq!((said(&ending), took), (CANCELED, 5));
}

#[tokio::test(start_paused = true)]
async fn who_is_told_to_leave_takes_no_last_look() {
    let world = World::new(running());
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_millis(4_500)).await;
    let asked = world.fake.log().len();
    world.engine.let_go(&id);
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Pending));
    assert_eq!(world.fake.log().len(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_hangs_is_no_reason_not_to_ask_the_list() {
    let (ending, took, _) = ends(
        Script {
            silent: [("operation", (0, 99))].into(),
            cancels_after: Some(2),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(said(&ending), CANCELED);
    assert_eq!(took, 5);

    // For as long as it hangs the list is read on, and not once alone.
    let (ending, took, _) = ends(
        Script {
            silent: [("operation", (0, 99))].into(),
            cancels_after: Some(8),
            ..running()
        },
        600,
    )
    .await;
    assert_eq!(said(&ending), CANCELED);
    assert_eq!(took, 9);
}

#[tokio::test(start_paused = true)]
async fn after_ten_minutes_of_being_read_as_active_a_person_may_ask_again() {
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
    // By itself nobody takes the claim; a person who names it does.
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
async fn what_another_session_still_waits_for_is_told_and_not_recorded() {
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
async fn an_answer_that_another_session_waits_for_is_lost_after_three_minutes() {
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
