//! What a look before the request may rest on: the list, and for an end the operation's own page as well.

use std::time::Duration;

use countermand::{
    domain::verdict::{Cause, Ending, Evidence, Verdict},
    engine::{Class, ports::Clock as _},
};

use crate::fake::{ID, Script, World, failure, running};

async fn ends(script: Script) -> (Ending, World) {
    let world = World::new(script);
    let ending = world.cancel(600).await;
    (ending, world)
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_for_the_list_does_not_tell_whether_what_is_bound_by_its_id_still_runs() {
    for offer in ["running", "succeeded", "canceled"] {
        let (ending, world) = ends(Script {
            no_submissions: true,
            offer_state: vec![(0, offer)],
            ..running()
        })
        .await;
        assert_eq!(
            (ending.verdict, ending.cause),
            (Verdict::NotSent, Cause::Other),
            "{offer}"
        );
        let error = ending.error.unwrap();
        assert!(error.as_str().contains("cannot be read now"), "{error}");
        assert!(world.fake.count("operations ") > 2, "it is looked again");
        assert_eq!(world.fake.count("POST"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_comes_back_while_the_confirmation_holds_is_looked_at() {
    let world = World::new(Script {
        no_submissions: true,
        cancels_after: Some(0),
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    world.fake.change(|script| script.no_submissions = false);
    let tracked = world.ended(&id).await;
    assert_eq!(tracked.cancellation.verdict(), Some(Verdict::Canceled));
    assert_eq!(world.fake.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_end_on_the_list_alone_is_held_against_the_page() {
    for (page, verdict) in [
        ("canceled", Verdict::Canceled),
        ("failed", Verdict::FinishedFirst),
        ("completed", Verdict::FinishedFirst),
        ("running", Verdict::NotSent),
    ] {
        let (ending, world) = ends(Script {
            operations: vec![(ID, vec![(0, "failed")])],
            page: Some(vec![(0, page)]),
            ..running()
        })
        .await;
        assert_eq!(ending.verdict, verdict, "{page}");
        let is_end = verdict != Verdict::NotSent;
        assert_eq!(ending.evidence, is_end.then_some(Evidence::Observed), "{page}");
        assert_eq!(world.fake.count("operation ") == 1, is_end, "{page}");
        assert_eq!(world.fake.count("POST"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_not_there_does_not_speak_against_an_end() {
    for (class, status, reads) in [(Class::NotFound, Some(404), 1), (Class::Transient, None, 2)] {
        let (ending, world) = ends(Script {
            operations: vec![(ID, vec![(0, "succeeded")])],
            failing: [("operation", [failure(class, status, None)].into())].into(),
            ..running()
        })
        .await;
        assert_eq!(ending.verdict, Verdict::FinishedFirst);
        assert_eq!(world.fake.count("operation "), reads);
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_was_given_up_meanwhile_sends_nothing_and_stands_as_it_was_ended() {
    let world = World::new(Script {
        connecting: Duration::from_secs(3),
        ..running()
    });
    let id = world.begin(600).await.unwrap();
    let given_up = Ending {
        abandoned: true,
        ..Ending::new(Verdict::NotSent)
    };
    let settled = world.journal.settle(&id, given_up.clone(), world.fake.now());
    settled.await.unwrap();
    let ending = world.ended(&id).await.cancellation.ending.clone().unwrap().1;
    assert_eq!(ending, given_up);
    assert_eq!(world.fake.count("POST"), 0);
}
