//! Requests of a cancellation: every one from the first look to the verdict, and its duration in seconds.

use crate::fake::{ID, Post, Script, World, running};

/// Returns the number of requests and the seconds from the confirmation to the end of following.
async fn cost(script: Script, timeout: u64) -> (usize, u64) {
    let world = World::new(script);
    let began = tokio::time::Instant::now();
    let id = world.begin(timeout).await.unwrap();
    world.ended(&id).await;
    let log = world.fake.log().into_iter();
    // A connection without a request does not count.
    let requests = log.filter(|(_, request)| !request.starts_with("connect"));
    (requests.count(), began.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn quick_end_needs_few_requests() {
    let ended_by_itself = vec![(ID, vec![(0, "running"), (4, "succeeded")])];
    for (name, script, requests, seconds) in [
        (
            "a 200 that is read back",
            Script {
                posts: [Post::Answer(200, None)].into(),
                cancels_after: Some(0),
                ..running()
            },
            4,
            0,
        ),
        (
            "a 202, canceled after ten seconds",
            Script {
                cancels_after: Some(10),
                ..running()
            },
            9,
            10,
        ),
        (
            "too late",
            Script {
                operations: ended_by_itself,
                ..running()
            },
            6,
            4,
        ),
        (
            "refused",
            Script {
                posts: [Post::Answer(409, None)].into(),
                ..running()
            },
            4,
            0,
        ),
    ] {
        assert_eq!(cost(script, 600).await, (requests, seconds), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn long_following_adds_one_list_per_ten_looks() {
    let (requests, seconds) = cost(
        Script {
            cancels_after: Some(200),
            ..running()
        },
        600,
    )
    .await;
    // The look, the request, 15 + 34 + 1 looks at the page, the list at the end; and five times the list in between.
    assert_eq!(seconds, 200);
    assert!(requests <= 53 + 5, "{requests}");
}
