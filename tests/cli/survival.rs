//! Processes killed at each stage, as by `SIGKILL` or a loss of power, and resumed by a new one: the verdict, and the
//! number of cancels that the marketplace received.

use std::time::Duration;

use countermand::{
    domain::{
        confirmation::{Request, Shown},
        fact::{Claim, Owner},
        ids::Origin,
        operation::Destination,
        target::{Binding, Target},
    },
    engine::ports::{Claimed, Journal as _},
    journal::SqliteJournal,
    service::cpp::status,
};
use jiff::Timestamp;

use crate::{
    CANCEL,
    gate::What,
    runner::{Market, Ran},
};

/// Arguments with a timeout, so that a broken test ends.
const FOLLOW: &[&str] = &["follow", "--json", "--timeout", "90s"];

/// Follows the open cancellation in a new process, and checks its verdict.
async fn followed(market: &Market, verdict: &str, code: i32) -> Ran {
    let ran = market.run(FOLLOW).await;
    assert_eq!(ran.verdict()["verdict"], verdict, "{}{}", ran.out, ran.err);
    assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
    assert_eq!(ran.lines()[0]["event"], "joined", "{}", ran.out);
    assert_nothing_is_open(market).await;
    ran
}

async fn assert_nothing_is_open(market: &Market) {
    let ran = market.run(FOLLOW).await;
    assert_eq!((ran.code, &*ran.out), (Some(0), ""), "{}", ran.err);
    assert!(ran.err.contains("nothing is open"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_sending_sends_nothing() {
    let (market, gate) = Market::gated("accepted-location").await;
    // The first look is before the claim, the second right after it.
    let mut look = gate.hold(What::Request, "GET", "/submissions", 1);
    let running = market.start(CANCEL);
    look.arrived().await;
    running.kill();
    drop(look);
    followed(&market, "not_sent", 1).await;
    assert_eq!(market.cancels(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn claim_of_a_killed_process_blocks_no_other() {
    let (market, gate) = Market::gated("synchronous").await;
    let mut look = gate.hold(What::Request, "GET", "/submissions", 1);
    let running = market.start(CANCEL);
    look.arrived().await;
    running.kill();
    drop(look);
    let ran = market.run(CANCEL).await;
    assert_eq!(ran.verdict()["verdict"], "canceled", "{}{}", ran.out, ran.err);
    assert_eq!(market.cancels(), 1);
    assert_nothing_is_open(&market).await;
}

/// Claims the active operation on `contoso-vm`, `ago` in the past, as a process of this machine under an earlier name.
#[expect(
    clippy::disallowed_methods,
    reason = "the program that finds it tells the time by the same clock"
)]
async fn claim_of_another_name(market: &Market, ago: Duration) {
    let listed = market.run(&["operations", "contoso-vm", "--json"]).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let operation = listed[0]["operation"].as_str().unwrap();
    let journal = SqliteJournal::open(&market.journal(), countermand::service::cpp::MEANING).unwrap();
    let request = Request {
        target: Target {
            origin: Origin::parse(market.origin()).unwrap(),
            publisher: market.simulator.publisher().into(),
            offer: "contoso-vm".into(),
            binding: Binding::Operation(operation.into()),
        },
        profile: "default".into(),
        shown: Shown {
            kind: "publish".into(),
            destination: Destination::Preview,
            state: status("running"),
            step: None,
            changed_at: None,
        },
        notify: Vec::new(),
        again_of: None,
    };
    let by = Owner {
        user: "ada".into(),
        host: "jump-before-it-was-renamed".into(),
        pid: 4711,
        started: "1".into(),
    };
    let claimed = journal
        .claim(&Claim { request, by }, Timestamp::now() - ago)
        .await;
    assert!(matches!(claimed, Ok(Claimed::New(_))), "{claimed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_claim_of_a_renamed_machine_blocks_no_other() {
    let market = Market::open("synchronous").await;
    claim_of_another_name(&market, Duration::from_secs(150)).await;
    let ran = market.run(CANCEL).await;
    assert_eq!(ran.verdict()["verdict"], "canceled", "{}{}", ran.out, ran.err);
    assert_eq!(market.cancels(), 1);
    assert_nothing_is_open(&market).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_claim_of_a_renamed_machine_is_settled_by_follow() {
    let market = Market::open("synchronous").await;
    claim_of_another_name(&market, Duration::from_secs(150)).await;
    followed(&market, "not_sent", 1).await;
    assert_eq!(market.cancels(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_answer_it_is_read_and_not_resent() {
    let (market, gate) = Market::gated("accepted-location").await;
    let mut answer = gate.hold(What::Answer, "POST", "/cancel", 0);
    let running = market.start(CANCEL);
    answer.arrived().await;
    running.kill();
    market.advance_time();
    let ran = followed(&market, "canceled", 0).await;
    assert_eq!(ran.verdict()["evidence"], "observed");
    assert_eq!(ran.verdict()["http_status"], serde_json::Value::Null);
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_the_request_in_transit_it_is_unknown_until_resent() {
    let (market, gate) = Market::gated("accepted-location").await;
    let mut request = gate.hold(What::Request, "POST", "/cancel", 0);
    let running = market.start(CANCEL);
    request.arrived().await;
    running.kill();
    drop(request);
    let ran = market.run(&["follow", "--json", "--timeout", "3s"]).await;
    assert_eq!(ran.verdict()["verdict"], "unknown", "{}", ran.out);
    assert_eq!(ran.code, Some(6));
    assert_eq!(market.cancels(), 0, "following never sends");

    let refused = market.run(CANCEL).await;
    assert_eq!(refused.code, Some(2), "{}", refused.out);
    assert!(refused.err.contains("--again"), "{}", refused.err);
    let running = market.start(&[CANCEL, &["--again"]].concat());
    let running = running.reach(&["\"event\":\"answered\""]).await;
    market.advance_time();
    let again = running.end().await;
    assert_eq!(
        again.verdict()["verdict"],
        "canceled",
        "{}{}",
        again.out,
        again.err
    );
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_answer_it_is_followed_by_the_next_run() {
    let (market, gate) = Market::gated("accepted-location").await;
    // The operation is read for the confirmation, and again when it is followed.
    let mut look = gate.hold(What::Request, "GET", "/operations/", 1);
    let running = market.start(CANCEL).reach(&["\"event\":\"answered\""]).await;
    look.arrived().await;
    running.kill();
    drop(look);
    market.advance_time();
    let ran = followed(&market, "canceled", 0).await;
    assert_eq!(ran.verdict()["http_status"], 202);
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeatedly_killed_while_following_it_is_followed_to_the_end() {
    let market = Market::open_at("accepted-location", 1e-9).await;
    market
        .start(CANCEL)
        .reach(&["\"event\":\"observed\""])
        .await
        .kill();
    for _ in 0..2 {
        market
            .start(FOLLOW)
            .reach(&["\"event\":\"observed\""])
            .await
            .kill();
    }
    let running = market.start(FOLLOW).reach(&["\"event\":\"observed\""]).await;
    market.advance_time();
    let ran = running.end().await;
    assert_eq!(ran.verdict()["verdict"], "canceled", "{}{}", ran.out, ran.err);
    assert_eq!(market.cancels(), 1);
    assert_nothing_is_open(&market).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settled_operation_is_found_by_one_read_of_each_witness() {
    let market = Market::open_at("accepted-too-late", 1e-9).await;
    market
        .start(CANCEL)
        .reach(&["\"event\":\"observed\""])
        .await
        .kill();
    market.simulator.advance(std::time::Duration::from_hours(24));
    let ran = followed(&market, "finished_first", 3).await;
    assert_eq!(ran.verdict()["polls"], 2, "{}", ran.out);
    assert_eq!(market.cancels(), 1);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_follow_prints_how_to_resume() {
    use rustix::process::Signal;
    let market = Market::open_at("accepted-location", 1e-9).await;
    market.run(&[CANCEL, &["--no-wait"]].concat()).await;
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let ran = market.run_until(FOLLOW, "\"event\":\"observed\"", signal).await;
        assert_eq!(ran.verdict()["verdict"], "pending", "{}", ran.out);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        assert!(ran.err.contains("countermand follow"), "{}", ran.err);
    }
    market.advance_time();
    followed(&market, "canceled", 0).await;
}
