//! Concurrent processes and concurrent cancellations.

use std::collections::BTreeSet;

use countermand::simulator::Scenario;
use serde_json::Value;

use crate::{CANCEL, runner::Market};

const AT_ONCE: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn ten_simultaneous_processes_send_one_cancel() {
    let (market, gate) = Market::gated("accepted-location").await;
    // All processes wait at their first look until the last has come.
    gate.gather(AT_ONCE, "GET", "/submissions");
    let all = (0..AT_ONCE).map(|_| market.start(CANCEL)).collect::<Vec<_>>();
    let all = all
        .into_iter()
        .map(|one| one.reach(&["\"event\":\"joined\"", "\"event\":\"answered\""]));
    let all = futures_util::future::join_all(all).await;
    market.advance_time();
    let ended = futures_util::future::join_all(all.into_iter().map(crate::runner::Running::end)).await;
    let (mut joined, mut ids) = (0, BTreeSet::new());
    for ran in ended {
        let verdict = ran.verdict();
        assert_eq!(verdict["verdict"], "canceled", "{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(0));
        ids.insert(verdict["cancellation"].as_str().unwrap().to_owned());
        joined += ran
            .lines()
            .iter()
            .filter(|line| line["event"] == "joined")
            .count();
    }
    assert_eq!(market.cancels(), 1);
    assert_eq!(joined, AT_ONCE - 1);
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn follower_gets_the_same_verdict_as_the_sender() {
    let market = Market::open_at("accepted-location", 1e-9).await;
    let sender = market.start(CANCEL).reach(&["\"event\":\"answered\""]).await;
    let beside = market.start(&["follow", "--json"]);
    let beside = beside.reach(&["\"event\":\"joined\""]).await;
    market.advance_time();
    let (sender, beside) = (sender.end().await, beside.end().await);
    for ran in [&sender, &beside] {
        assert_eq!(ran.verdict()["verdict"], "canceled", "{}{}", ran.out, ran.err);
    }
    assert_eq!(sender.verdict()["cancellation"], beside.verdict()["cancellation"]);
    assert_eq!(market.cancels(), 1);
}

/// Two offers that are being published; a cancel of the second comes too late.
const TWO: &str = r#"
[[offers]]
id = "contoso-vm"
cancel = { takes = "6s" }
[[offers.operations]]
started = "20m"
lasts = "6h"

[[offers]]
id = "contoso-app"
cancel = { outcome = "too-late", takes = "6s" }
[[offers.operations]]
started = "20m"
lasts = "1h"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn all_open_ones_are_followed_and_the_most_severe_exit_code_wins() {
    let market = Market::of(Scenario::parse(TWO).unwrap(), 1e-9).await;
    for offer in ["contoso-vm", "contoso-app"] {
        let ran = market
            .run(&["cancel", offer, "--yes", "--no-wait", "--json"])
            .await;
        assert_eq!(ran.verdict()["verdict"], "pending", "{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(0));
    }
    market.simulator.advance(std::time::Duration::from_hours(3));
    let ran = market.run(&["follow", "--json", "--read-only"]).await;
    let lines = ran.lines();
    let mut verdicts: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] == "verdict")
        .map(|line| (line["offer"].as_str().unwrap(), line["verdict"].as_str().unwrap()))
        .collect();
    verdicts.sort_unstable();
    assert_eq!(
        verdicts,
        [("contoso-app", "finished_first"), ("contoso-vm", "canceled")],
        "{}",
        ran.out
    );
    assert_eq!(ran.code, Some(3));
    assert_eq!(market.cancels(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_cancellation_is_followed_by_its_id() {
    let market = Market::open("synchronous").await;
    let verdict = market.run(CANCEL).await.verdict();
    let id = verdict["cancellation"].as_str().unwrap();
    let ran = market.run(&["follow", id, "--json"]).await;
    assert_eq!(ran.verdict()["verdict"], "canceled", "{}", ran.out);
    assert_eq!(ran.code, Some(0));
    let events: Vec<Value> = ran
        .lines()
        .into_iter()
        .map(|line| line["event"].clone())
        .collect();
    assert!(
        events.contains(&"sending".into()),
        "all facts are reported: {events:?}"
    );
    let requests = market.simulator.request_count();

    let ran = market.run(&["follow", "nobody"]).await;
    assert_eq!((ran.code, &*ran.out), (Some(2), ""));
    assert!(ran.err.contains("countermand history"), "{}", ran.err);
    let ran = market
        .run(&["follow", id, "--publisher", "fabrikam", "--json"])
        .await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(ran.lines()[0]["event"], "error");
    assert!(ran.err.contains("--publisher"), "{}", ran.err);
    assert_eq!(market.simulator.request_count(), requests, "nobody was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn local_follow_needs_no_sign_in() {
    let market = Market::open("synchronous").await;
    let cancelled = market.run(CANCEL).await.verdict();
    let id = cancelled["cancellation"].as_str().unwrap();
    for (args, code, expected) in [
        (&["follow"][..], 0, "nothing is open at https://"),
        (
            &["follow", "--publisher", "contoso"],
            0,
            "nothing is open for contoso",
        ),
        (&["follow", "nope"], 2, "there is no cancellation nope"),
        (&["follow", id], 2, "name them with --publisher and --base-url"),
    ] {
        let ran = market.run_without_settings(args).await;
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(code), ""),
            "{args:?}: {}",
            ran.err
        );
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
    }
}
