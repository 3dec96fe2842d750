//! The demo: each cancel ends another way, within a minute of use.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::super::Answered;
use super::*;

/// The demo, with answers that come at once.
async fn demo() -> Bench {
    let mut scenario = Scenario::bundled("demo").unwrap();
    scenario.latency = SignedDuration::ZERO;
    for offer in &mut scenario.offers {
        offer.cancel.latency = SignedDuration::ZERO;
    }
    Bench::of(scenario).await
}

/// Cancels an offer; gives how it was answered first, and its state half a minute later.
async fn cancel(bench: &Bench, offer: &str) -> (Option<u16>, String) {
    let target = bench.simulator.operations(offer)[0].clone();
    let path = format!("/api/publishers/contoso/offers/{offer}/cancel?api-version=2017-10-31");
    let answer = bench.send(Method::POST, &path).await.ok();
    bench.pass(30);
    (
        answer.map(|answer| answer.status().as_u16()),
        bench.simulator.operation_state(offer, &target).unwrap(),
    )
}

#[tokio::test]
async fn each_cancel_ends_its_own_way() {
    for (offer, status, later) in [
        ("contoso-vm", Some(202), "canceled"),
        ("contoso-analytics", Some(200), "canceled"),
        ("contoso-portal", Some(202), "succeeded"),
        ("contoso-warehouse", Some(409), "running"),
        ("contoso-gateway", Some(429), "running"),
        ("contoso-ledger", None, "canceled"),
        ("contoso-monitor", Some(202), "canceled"),
        ("fabrikam-backup", Some(202), "running"),
    ] {
        let bench = demo().await;
        bench.pass(40);
        assert_eq!(cancel(&bench, offer).await, (status, later.to_owned()), "{offer}");
    }
}

#[tokio::test]
async fn who_is_turned_away_is_accepted_the_next_time() {
    let bench = demo().await;
    assert_eq!(cancel(&bench, "contoso-gateway").await.0, Some(429));
    assert_eq!(
        cancel(&bench, "contoso-gateway").await,
        (Some(202), "canceled".into())
    );
}

#[tokio::test]
async fn the_answer_that_is_lost_is_lost_after_a_restart_too() {
    let bench = demo().await;
    for cancels in 1..=2 {
        bench.pass(300);
        assert_eq!(cancel(&bench, "contoso-ledger").await.0, None);
        assert_eq!(bench.simulator.carried_out("contoso-ledger"), cancels);
    }
    assert!(
        bench
            .simulator
            .requests()
            .iter()
            .all(|request| request.answered == Answered::Lost)
    );
}

#[tokio::test]
async fn after_hours_of_cancels_everything_can_be_canceled_again() {
    let bench = demo().await;
    for _ in 0..40 {
        bench.pass(300);
        cancel(&bench, VM).await;
    }
    assert_eq!(bench.carried_out(), 40);
    assert!(bench.simulator.operations(VM).len() <= 12);
}

#[tokio::test]
async fn the_demo_has_something_in_flight_now_and_an_hour_later() {
    let bench = demo().await;
    let in_flight = async || {
        let list = bench.get("").await.json();
        let active = |offer: &&Value| matches!(offer["status"].as_str(), Some("running" | "notStarted"));
        list.as_array().unwrap().iter().filter(active).count()
    };
    assert!((4..=6).contains(&in_flight().await), "{}", in_flight().await);
    for _ in 0..12 {
        bench.pass(300);
        let later = in_flight().await;
        assert!((3..=9).contains(&later), "{later}");
    }
}

#[tokio::test]
async fn the_demo_shows_every_state() {
    let bench = demo().await;
    let list = bench.get("").await.json();
    let seen: BTreeSet<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["status"].as_str().unwrap())
        .collect();
    let all = [
        "canceled",
        "failed",
        "neverPublished",
        "notStarted",
        "running",
        "succeeded",
        "waitingForPublisherReview",
    ];
    assert_eq!(seen, BTreeSet::from(all));
}
