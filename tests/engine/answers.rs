//! Every answer in the table leads to its verdict, with exactly the expected requests.

use std::time::Duration;

use countermand::{
    domain::{
        fact::Fact,
        verdict::{Cause, Evidence, Verdict},
    },
    engine::Class,
};

use crate::fake::{ID, OTHER, Post, Script, World, failure, running, transient};

/// Creates a service that answers the cancel with `post` and cancels after `seconds`.
fn answering(post: Post, seconds: Option<u64>) -> Script {
    Script {
        posts: [post].into(),
        cancels_after: seconds,
        ..running()
    }
}

#[tokio::test(start_paused = true)]
async fn answer_200_is_read_back() {
    let world = World::new(answering(Post::Answer(200, None), Some(0)));
    let ending = world.cancel(600).await;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
    let requests: Vec<String> = world.fake.log().into_iter().map(|(_, request)| request).collect();
    assert_eq!(
        requests,
        [
            "connect vm",
            "operations vm",
            "POST vm",
            "operation 5a63deb5",
            "operations vm"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn answer_200_after_an_end_is_too_late() {
    let mut script = answering(Post::Slow(3, 200), None);
    script.operations = vec![(ID, vec![(0, "running"), (2, "succeeded")])];
    let ending = World::new(script).cancel(600).await;
    assert_eq!(ending.verdict, Verdict::FinishedFirst);
    assert_eq!(ending.target_state.unwrap().word().as_str(), "succeeded");
}

#[tokio::test(start_paused = true)]
async fn answer_200_still_running_is_followed_like_a_202() {
    let world = World::new(answering(Post::Answer(200, None), Some(100)));
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(world.fake.instants("operation ")[..4], [0, 2_000, 4_000, 6_000]);
}

#[tokio::test(start_paused = true)]
async fn unreadable_200_counts_by_its_answer() {
    // The service itself denies it three times over ten seconds: the answer has to suffice for now.
    let world = World::new(answering(Post::Slow(3, 200), Some(0)));
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.fake.change(|script| {
        for route in ["operation", "operations", "status"] {
            let gone = || failure(Class::NotFound, Some(404), None);
            script.failing.insert(route, (0..9).map(|_| gone()).collect());
        }
    });
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Answer))
    );
    assert!(ending.is_provisional());
    assert_eq!(world.fake.instants("operation "), [3_000, 5_000, 9_000, 17_000]);

    // The network fails for minutes: that is no information about the operation, and it is read afterwards.
    let world = World::new(answering(Post::Answer(200, None), Some(0)));
    world.fake.change(|script| {
        script.latency = Duration::from_millis(100);
        for route in ["operation", "status"] {
            script
                .failing
                .insert(route, (0..9).map(|_| transient()).collect());
        }
    });
    let id = world.begin(600).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|one| one.cancellation.attempts > 0)
        })
        .await;
    world.fake.change(|script| {
        script
            .failing
            .insert("operations", (0..9).map(|_| transient()).collect());
    });
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
    assert!(world.fake.instants("operation ").last() > Some(&120_000));
}

#[tokio::test(start_paused = true)]
async fn unreadable_200_is_contradicted_only_by_a_running_offer() {
    for (state, verdict) in [("succeeded", Verdict::Canceled), ("running", Verdict::Pending)] {
        let world = World::new(answering(Post::Slow(3, 200), None));
        let id = world.begin(600).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.fake.change(|script| {
            script.offer_state = vec![(0, state)];
            for route in ["operation", "operations"] {
                let gone = || failure(Class::NotFound, Some(404), None);
                script.failing.insert(route, (0..99).map(|_| gone()).collect());
            }
        });
        let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
        assert_eq!(ending.verdict, verdict, "the offer is {state}");
        assert!(ending.is_provisional());
    }
}

#[tokio::test(start_paused = true)]
async fn answer_200_read_back_as_running_needs_a_reading() {
    let world = World::new(answering(Post::Answer(200, None), None));
    let id = world.begin(100).await.unwrap();
    world
        .until(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|tracked| tracked.looked_at.is_some() && tracked.polls > 0)
        })
        .await;
    world.fake.change(|script| {
        script
            .failing
            .insert("operation", (0..99).map(|_| transient()).collect());
    });
    assert_eq!(
        world.ended(&id).await.cancellation.verdict(),
        Some(Verdict::Pending)
    );
}

#[tokio::test(start_paused = true)]
async fn answer_202_is_followed_until_canceled() {
    let world = World::new(answering(Post::Answer(202, None), Some(70)));
    let ending = world.cancel(1800).await;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
    let instants = world.fake.instants("operation ");
    let early: Vec<u64> = (0..=15).map(|beat| beat * 2_000).collect();
    let later: Vec<u64> = (1..=8).map(|beat| 30_000 + beat * 5_000).collect();
    assert_eq!(instants, [early, later].concat());
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn answer_202_without_effect_is_pending_at_the_timeout() {
    let world = World::new(answering(Post::Answer(202, None), None));
    let ending = world.cancel(100).await;
    assert_eq!(ending.verdict, Verdict::Pending);
    assert_eq!(ending.target_state.unwrap().word().as_str(), "running");
}

#[tokio::test(start_paused = true)]
async fn answer_202_before_a_natural_end_finished_first() {
    let mut script = answering(Post::Answer(204, None), None);
    script.operations = vec![(ID, vec![(0, "running"), (20, "completed")])];
    assert_eq!(
        World::new(script).cancel(1800).await.verdict,
        Verdict::FinishedFirst
    );
}

#[tokio::test(start_paused = true)]
async fn answer_4xx_is_refused_while_the_operation_runs() {
    for status in [400, 403, 404, 405, 409, 410, 412, 422] {
        let world = World::new(answering(Post::Answer(status, None), None));
        let ending = world.cancel(600).await;
        assert_eq!(ending.verdict, Verdict::Refused, "{status}");
        assert_eq!(
            ending.error.unwrap().as_str(),
            format!("the service answered {status}: no")
        );
        assert_eq!((world.fake.count("POST"), world.fake.count("operation ")), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn answer_4xx_takes_the_state_of_an_ended_operation() {
    for (state, verdict) in [
        ("canceled", Verdict::Canceled),
        ("succeeded", Verdict::FinishedFirst),
    ] {
        let mut script = answering(Post::Slow(3, 409), None);
        script.operations = vec![(ID, vec![(0, "running"), (1, state)])];
        assert_eq!(World::new(script).cancel(600).await.verdict, verdict);
    }
}

#[tokio::test(start_paused = true)]
async fn unreadable_4xx_is_not_called_refused() {
    let world = World::new(answering(Post::Answer(403, None), None));
    world.fake.change(|script| {
        script
            .failing
            .insert("operation", (0..99).map(|_| transient()).collect());
    });
    assert_eq!(world.cancel(600).await.verdict, Verdict::Unknown);
}

#[tokio::test(start_paused = true)]
async fn meaningless_answer_is_unknown_after_a_minute_of_reading() {
    for post in [408, 302, 307, 308, 500, 502, 503]
        .map(|status| Post::Answer(status, None))
        .into_iter()
        .chain([Post::Lose])
    {
        let world = World::new(answering(post, None));
        let ending = world.cancel(600).await;
        assert_eq!(ending.verdict, Verdict::Unknown);
        assert!(ending.error.is_some());
        assert_eq!(world.fake.count("POST"), 1, "never sent again by itself");
        assert_eq!(world.fake.instants("operation ").last(), Some(&60_000));
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_is_read_on_and_replaced() {
    let mut script = answering(Post::Lose, None);
    script.operations = vec![(ID, vec![(0, "running"), (200, "canceled")])];
    let world = World::new(script);
    let id = world.begin(600).await.unwrap();
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
    let verdicts: Vec<Verdict> = tracked
        .cancellation
        .facts
        .iter()
        .filter_map(|recorded| match &recorded.fact {
            Fact::Settled(ending) => Some(ending.verdict),
            _ => None,
        })
        .collect();
    assert_eq!(
        verdicts,
        [Verdict::Unknown, Verdict::Canceled],
        "said once, and kept"
    );
}

#[tokio::test(start_paused = true)]
async fn lost_answer_of_an_effective_cancel_is_detected() {
    let world = World::new(answering(Post::Lose, Some(10)));
    let ending = world.cancel(600).await;
    assert_eq!(
        (ending.verdict, ending.evidence),
        (Verdict::Canceled, Some(Evidence::Observed))
    );
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn first_401_renews_the_token_and_resends_after_a_new_look() {
    let mut script = answering(Post::Answer(401, None), Some(1));
    script.posts.push_back(Post::Answer(202, None));
    script.can_renew = true;
    let world = World::new(script);
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    let requests: Vec<String> = world
        .fake
        .log()
        .into_iter()
        .map(|(_, request)| request)
        .take(7)
        .collect();
    assert_eq!(
        requests,
        [
            "connect vm",
            "operations vm",
            "POST vm",
            "renew",
            "connect vm",
            "operations vm",
            "POST vm"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn second_401_or_failed_renewal_needs_sign_in() {
    for (can_renew, posts) in [(true, 2), (false, 1)] {
        let world = World::new(Script {
            can_renew,
            ..answering(Post::Answer(401, None), None)
        });
        let ending = world.cancel(600).await;
        assert_eq!((ending.verdict, ending.cause), (Verdict::NotSent, Cause::SignIn));
        assert_eq!(world.fake.count("POST"), posts);
    }
}

#[tokio::test(start_paused = true)]
async fn answer_429_is_resent_after_retry_after_and_a_new_look() {
    let mut script = answering(Post::Throttle(7), Some(1));
    script.posts.push_back(Post::Answer(202, None));
    let world = World::new(script);
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(world.fake.instants("POST"), [0, 7_000]);
    assert_eq!(world.fake.instants("operations")[..2], [0, 7_000]);
}

#[tokio::test(start_paused = true)]
async fn answer_429_beyond_the_confirmation_is_not_resent() {
    for post in [Post::Throttle(61), Post::Throttle(9)] {
        let world = World::new(answering(post, None));
        let ending = world.cancel(600).await;
        assert_eq!((ending.verdict, ending.cause), (Verdict::NotSent, Cause::Other));
        assert!(world.fake.instants("POST").iter().all(|at| *at <= 60_000));
    }
}

#[tokio::test(start_paused = true)]
async fn failed_connection_is_retried_while_the_confirmation_lasts() {
    let mut script = answering(Post::Unreachable, Some(1));
    script.posts = [Post::Unreachable, Post::Unreachable, Post::Answer(202, None)].into();
    let world = World::new(script);
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    assert_eq!(world.fake.instants("connect"), [0, 2_000, 6_000]);
    assert_eq!(world.fake.instants("POST"), [6_000]);

    let world = World::new(answering(Post::Unreachable, None));
    assert_eq!(world.cancel(600).await.verdict, Verdict::NotSent);
}

#[tokio::test(start_paused = true)]
async fn other_canceled_operations_are_named() {
    let mut script = answering(Post::Answer(202, None), None);
    script.operations = vec![
        (ID, vec![(0, "running"), (3, "succeeded")]),
        (OTHER, vec![(0, "succeeded"), (4, "canceled")]),
        ("99999999-old", vec![(0, "canceled")]),
    ];
    let ending = World::new(script).cancel(600).await;
    assert_eq!(ending.verdict, Verdict::FinishedFirst);
    assert_eq!(ending.also_canceled, [OTHER.into()]);
}

#[tokio::test(start_paused = true)]
async fn token_lost_while_following_is_awaited() {
    let world = World::new(answering(Post::Answer(202, None), Some(5)));
    world.fake.change(|script| {
        let lost = || failure(Class::SignIn, Some(401), None);
        script
            .failing
            .insert("operation", (0..3).map(|_| lost()).collect());
    });
    let id = world.begin(600).await.unwrap();
    world.until(|snapshot| snapshot.sign_in.is_some()).await;
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));

    let world = World::new(answering(Post::Answer(202, None), None));
    world.fake.change(|script| {
        let lost = || failure(Class::SignIn, Some(401), None);
        script
            .failing
            .insert("operation", (0..999).map(|_| lost()).collect());
    });
    assert_eq!(world.cancel(100).await.verdict, Verdict::Pending);
}

#[tokio::test(start_paused = true)]
async fn timeout_never_interrupts_a_request_in_transit() {
    let world = World::new(answering(Post::Slow(20, 202), Some(0)));
    let id = world
        .engine
        .cancel(world.request(), Duration::from_secs(5))
        .await
        .unwrap();
    let tracked = world.ended(&id).await;
    assert_eq!(
        tracked
            .cancellation
            .answer
            .as_ref()
            .map(|answer| answer.http_status),
        Some(202)
    );
    // The last look finds the promised state.
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
}
