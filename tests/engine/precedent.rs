//! Durations of earlier cancellations, from the journal, per service and publisher.

use std::time::Duration;

use countermand::{
    domain::{
        fact::{Claim, Fact, Owner},
        target::Target,
        verdict::{Ending, Verdict},
    },
    engine::ports::{Claimed, Clock},
    service::cpp,
};

use crate::fake::{Script, World, running};

/// Records a cancel of another publisher's offer, from the claim to the verdict.
async fn of_another_publisher(world: &World) {
    let mut request = world.request();
    request.target = Target {
        publisher: "fabrikam".into(),
        ..request.target
    };
    let by = Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid: 8,
        started: "1".into(),
    };
    let claim = Claim {
        request,
        by: by.clone(),
    };
    let (journal, now) = (&world.journal, world.fake.now());
    let Ok(Claimed::New(claimed)) = journal.claim(&claim, now).await else {
        panic!("nobody else claims it")
    };
    let id = claimed.id;
    journal.begin_sending(&id, 1, &by, now).await.unwrap();
    let answer = cpp::answer(202, false);
    journal.append(&id, Fact::Answered(answer), now).await.unwrap();
    let settled = journal.settle(&id, Ending::new(Verdict::Canceled), now).await;
    assert!(matches!(settled.unwrap().fact, Fact::Settled(_)));
}

#[tokio::test(start_paused = true)]
async fn only_own_publishers_cancels_followed_to_the_end_count() {
    let world = World::new(Script {
        cancels_after: Some(200),
        ..running()
    });
    assert_eq!(world.engine.precedent().await.unwrap().count(), 0);
    of_another_publisher(&world).await;
    assert_eq!(world.cancel(600).await.verdict, Verdict::Canceled);
    let precedent = world.engine.precedent().await.unwrap();
    assert_eq!(precedent.count(), 1);
    assert_eq!(precedent.longest(), Some(Duration::from_secs(200)));
}

#[tokio::test(start_paused = true)]
async fn cancel_no_longer_followed_does_not_count() {
    let world = World::new(Script {
        cancels_after: Some(200),
        ..running()
    });
    assert_eq!(world.cancel(60).await.verdict, Verdict::Pending);
    tokio::time::sleep(Duration::from_hours(9)).await;
    let resumed = world.engine.resume(Duration::from_mins(1)).await.unwrap();
    assert_eq!(
        world.ended(&resumed[0]).await.cancellation.verdict(),
        Some(Verdict::Canceled)
    );
    assert_eq!(world.engine.precedent().await.unwrap().count(), 0);
}
