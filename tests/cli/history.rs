//! The history verb: it needs no service, and reveals no secret.

use serde_json::Value;

use crate::{CANCEL, runner::Market};

#[tokio::test(flavor = "multi_thread")]
async fn history_shows_request_and_verdict() {
    let market = Market::open("synchronous").await;
    let verdict = market.run(CANCEL).await.verdict();
    let ran = market.run_without_settings(&["history", "--json"]).await;
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    let records: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(records.len(), 1);
    let record = &records[0];
    for key in [
        "cancellation",
        "publisher",
        "offer",
        "operation",
        "verdict",
        "evidence",
        "http_status",
        "correlation_id",
        "elapsed_ms",
        "polls",
    ] {
        assert_eq!(record[key], verdict[key], "{key}");
    }
    let facts = record["facts"].as_array().unwrap();
    let words: Vec<_> = facts.iter().map(|fact| fact["fact"].as_str().unwrap()).collect();
    assert_eq!(
        words,
        ["claimed", "looked", "sending", "answered", "observed", "verdict"],
        "{}",
        ran.out
    );

    let table = market.run_without_settings(&["history"]).await.out;
    assert!(table.contains("canceled · observed"), "{table}");
    let id = verdict["cancellation"].as_str().unwrap();
    let story = market.run_without_settings(&["history", id]).await.out;
    assert!(story.contains("200 OK"), "{story}");
    for output in [&ran.out, &table, &story] {
        assert!(!output.contains(market.simulator.token()), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_journal_is_an_error() {
    let market = Market::open("empty").await;
    let ran = market.run_without_settings(&["history", "--json"]).await;
    assert_eq!((ran.code, &*ran.out), (Some(0), "[]\n"));
    let ran = market.run_homeless(&["history"]).await;
    assert_eq!((ran.code, &*ran.out), (Some(1), ""));
    assert!(ran.err.contains("journal"), "{}", ran.err);
}
