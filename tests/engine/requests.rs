//! What a cancellation costs the service: every request from the first look to the verdict, and the seconds it takes.

use crate::fake::{ID, Post, Script, World, running};

/// Requests and seconds from the confirmation to the end of the following.
async fn cost(script: Script, timeout: u64) -> (usize, u64) {
    let world = World::new(script);
    let began = tokio::time::Instant::now();
    let id = world.begin(timeout).await.unwrap();
    world.ended(&id).await;
    let asked = world.fake.log().into_iter();
    // A connection without a request on it is none.
    let requests = asked.filter(|(_, request)| !request.starts_with("connect"));
    (requests.count(), began.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn what_ends_soon_costs_no_more_than_it_takes() {
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
async fn what_is_followed_for_long_costs_one_look_in_ten_more() {
    let (requests, seconds) = cost(
        Script {
            cancels_after: Some(200),
            ..running()
        },
        600,
    )
    .await;
    // The look, the request, 15 + 34 + 1 looks at the page, the list at the end; and five times the list on the way.
    assert_eq!(seconds, 200);
    assert!(requests <= 53 + 5, "{requests}");
}
