//! Each scenario ends in its verdict.

use std::time::Duration;

use countermand::domain::verdict::{Cause, Evidence, Verdict};

use crate::way::{Lead, OFFER, ending};

/// Cancels in `scenario`; returns the verdict, its evidence, and the number of cancels sent and carried out.
async fn ends(scenario: &str) -> (Verdict, Option<Evidence>, usize, usize) {
    let way = Lead::to(scenario).await;
    let tracked = way.cancel().await;
    let ending = ending(&tracked);
    (
        ending.verdict,
        ending.evidence,
        way.posts(),
        way.simulator.carried_out(OFFER),
    )
}

macro_rules! ends {
    ($($name:ident: $scenario:literal => $verdict:ident, $evidence:expr, posts $posts:literal, carried out $carried:literal;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                use Evidence::{Observed, OfferStatus};
                // Not every row needs both words.
                let _ = (Observed, OfferStatus);
                assert_eq!(ends($scenario).await, (Verdict::$verdict, $evidence, $posts, $carried));
            }
        )*
    };
}

ends! {
    synchronous: "synchronous" => Canceled, Some(Observed), posts 1, carried out 1;
    accepted_location: "accepted-location" => Canceled, Some(Observed), posts 1, carried out 1;
    accepted_operation_location: "accepted-operation-location" => Canceled, Some(Observed), posts 1, carried out 1;
    accepted_legacy_location: "accepted-legacy-location" => Canceled, Some(Observed), posts 1, carried out 1;
    accepted_body_location: "accepted-body-location" => Canceled, Some(Observed), posts 1, carried out 1;
    both_locations: "both-locations" => Canceled, Some(Observed), posts 1, carried out 1;
    locations_differ: "locations-differ" => Canceled, Some(Observed), posts 1, carried out 1;
    two_witnesses: "two-witnesses" => Canceled, Some(Observed), posts 1, carried out 1;
    lagging_list: "lagging-list" => Canceled, Some(Observed), posts 1, carried out 1;
    hanging_answer: "hanging-answer" => Canceled, Some(Observed), posts 1, carried out 1;
    accepted_other_operation: "accepted-other-operation" => Canceled, Some(Observed), posts 1, carried out 1;
    accepted_foreign_location: "accepted-foreign-location" => Canceled, Some(Observed), posts 1, carried out 1;
    cancel_operation_fails: "cancel-operation-fails" => Refused, Some(Observed), posts 1, carried out 0;
    accepted_too_late: "accepted-too-late" => FinishedFirst, Some(Observed), posts 1, carried out 0;
    nothing_running_race: "nothing-running-race" => FinishedFirst, Some(Observed), posts 1, carried out 0;
    refused_400: "refused-400" => Refused, Some(Observed), posts 1, carried out 0;
    refused_403: "refused-403" => Refused, Some(Observed), posts 1, carried out 0;
    refused_404: "refused-404" => Refused, Some(Observed), posts 1, carried out 0;
    refused_409: "refused-409" => Refused, Some(Observed), posts 1, carried out 0;
    throttled: "throttled" => Canceled, Some(Observed), posts 2, carried out 1;
    failing_polls: "failing-polls" => Canceled, Some(Observed), posts 1, carried out 1;
    vanishing_polls: "vanishing-polls" => Canceled, Some(Observed), posts 1, carried out 1;
    answer_lost_carried_out: "answer-lost-carried-out" => Canceled, Some(Observed), posts 1, carried out 1;
    answer_lost_not_carried_out: "answer-lost-not-carried-out" => Unknown, Some(Observed), posts 1, carried out 0;
    server_error: "server-error" => Unknown, Some(Observed), posts 1, carried out 0;
    server_error_carried_out: "server-error-carried-out" => Canceled, Some(Observed), posts 1, carried out 1;
    no_submissions: "no-submissions" => Canceled, Some(OfferStatus), posts 1, carried out 1;
    go_live: "go-live" => Canceled, Some(Observed), posts 1, carried out 1;
    superseding: "superseding" => FinishedFirst, Some(Observed), posts 0, carried out 0;
    hostile_text: "hostile-text" => Canceled, Some(Observed), posts 1, carried out 1;
    odd_words: "odd-words" => Canceled, Some(Observed), posts 1, carried out 1;
    proxy_page: "proxy-page" => Unknown, None, posts 1, carried out 0;
    slow: "slow" => Canceled, Some(Observed), posts 1, carried out 1;
}

#[tokio::test]
async fn two_running_operations_are_not_canceled() {
    let way = Lead::to("two-running").await;
    let look = way.look().await;
    assert_eq!(look.active.len(), 2);
    let tracked = way.cancel().await;
    assert_eq!((ending(&tracked).verdict, way.posts()), (Verdict::Superseded, 0));
}

#[tokio::test]
async fn idle_offer_needs_only_a_look() {
    let way = Lead::to("nothing-running").await;
    let look = way.look().await;
    assert!(look.active.is_empty());
    assert_eq!(way.posts(), 0);
}

#[tokio::test]
async fn operation_ended_after_confirmation_is_not_canceled() {
    let way = Lead::to("accepted-location").await;
    let request = way.confirm(&way.look().await);
    way.simulator.supersede(OFFER);
    let id = way.engine.cancel(request, Duration::from_mins(1)).await.unwrap();
    let mut snapshots = way.engine.snapshots();
    let snapshot = snapshots
        .wait_for(|snapshot| {
            snapshot
                .cancellation(&id)
                .is_some_and(|tracked| !tracked.is_followed)
        })
        .await
        .unwrap()
        .clone();
    let verdict = snapshot
        .cancellation(&id)
        .unwrap()
        .cancellation
        .verdict()
        .unwrap();
    assert!(
        matches!(verdict, Verdict::FinishedFirst | Verdict::Superseded),
        "{verdict:?}"
    );
    assert_eq!(way.posts(), 0);
}

#[tokio::test]
async fn permanent_throttling_is_not_sent() {
    let way = Lead::to("throttled-forever").await;
    let tracked = way.cancel_within(Duration::from_secs(3)).await;
    assert_eq!(
        (ending(&tracked).verdict, ending(&tracked).cause),
        (Verdict::NotSent, Cause::Other)
    );
    assert_eq!(way.simulator.carried_out(OFFER), 0);
}

#[tokio::test]
async fn rejected_token_fails_the_sign_in() {
    for scenario in ["sign-in-expired", "sign-in-renewed"] {
        // The token is fixed here, so there is no new one to send again with.
        let way = Lead::to(scenario).await;
        let tracked = way.cancel().await;
        assert_eq!(
            (ending(&tracked).verdict, ending(&tracked).cause),
            (Verdict::NotSent, Cause::SignIn)
        );
        assert_eq!((way.posts(), way.simulator.carried_out(OFFER)), (1, 0));
    }
}

#[tokio::test]
async fn leaving_waits_for_the_answer_and_reports_the_state() {
    let way = Lead::to("accepted-location").await;
    let request = way.confirm(&way.look().await);
    let id = way.engine.cancel(request, Duration::from_mins(1)).await.unwrap();
    let mut snapshots = way.engine.snapshots();
    let answered = |snapshot: &std::sync::Arc<countermand::engine::Snapshot>| {
        snapshot
            .cancellation(&id)
            .is_some_and(|tracked| tracked.cancellation.answer.is_some())
    };
    snapshots.wait_for(answered).await.unwrap();
    way.stop.cancel();
    way.tasks.close();
    way.tasks.wait().await;
    let snapshot = snapshots.borrow().clone();
    let tracked = snapshot.cancellation(&id).unwrap();
    assert!(matches!(
        tracked.cancellation.verdict(),
        Some(Verdict::Pending | Verdict::Canceled)
    ));
}
