//! The history from outside: it needs no service, and keeps no secret.

use serde_json::Value;

use crate::{CANCEL, runner::Market};

/// Runs the program without any settings of a service.
fn without_settings(market: &Market, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = market.command(args);
    for name in ["BASE_URL", "TOKEN", "PUBLISHER"] {
        command.env_remove(format!("COUNTERMAND_{name}"));
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_what_was_asked_and_how_it_ended() {
    let market = Market::open("synchronous").await;
    let verdict = market.run(CANCEL).await.verdict();
    let (code, out, err) = without_settings(&market, &["history", "--json"]);
    assert_eq!((code, &*err), (Some(0), ""));
    let records: Vec<Value> = serde_json::from_str(&out).unwrap();
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
        "{out}"
    );

    let (_, table, _) = without_settings(&market, &["history"]);
    assert!(table.contains("canceled · observed"), "{table}");
    let id = verdict["cancellation"].as_str().unwrap();
    let (code, story, _) = without_settings(&market, &["history", id]);
    assert_eq!(code, Some(0));
    assert!(story.contains("answered 200"), "{story}");
    for told in [&out, &table, &story] {
        assert!(!told.contains(market.simulator.token()), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_cannot_be_read_is_an_error() {
    let market = Market::open("empty").await;
    let (code, out, _) = without_settings(&market, &["history", "--json"]);
    assert_eq!((code, &*out), (Some(0), "[]\n"));
    let mut command = market.command(&["history"]);
    command.env("HOME", "/dev/null/nowhere");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("journal"));
}
