//! The verbs from outside: the built binary against a practice marketplace on a real socket.

#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "cli/config.rs"]
mod config;
#[cfg(unix)]
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "credentials/entra.rs"]
mod entra;
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "cli/gate.rs"]
mod gate;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/lines.rs"]
mod lines;
#[cfg(unix)]
#[path = "cli/process.rs"]
mod process;
#[cfg(unix)]
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "cli/reading.rs"]
mod reading;
#[expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a step that fails is to fail its test"
)]
#[path = "cli/runner.rs"]
mod runner;
#[cfg(unix)]
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "cli/sign_in.rs"]
mod sign_in;
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "cli/survival.rs"]
mod survival;
#[path = "cli/taken_away.rs"]
mod taken_away;
#[path = "cli/together.rs"]
mod together;
#[cfg(unix)]
#[expect(clippy::unwrap_used, reason = "a step that fails is to fail its test")]
#[path = "cli/trust.rs"]
mod trust;

use runner::Market;
use serde_json::Value;

/// Cancels `contoso-vm` without a prompt, followed to its end.
const CANCEL: &[&str] = &["cancel", "contoso-vm", "--yes", "--json"];

/// Each scenario with its verdict, its exit code, and the number of cancels sent.
const ENDINGS: &[(&str, &str, i32, usize)] = &[
    ("synchronous", "canceled", 0, 1),
    ("accepted-location", "canceled", 0, 1),
    ("accepted-operation-location", "canceled", 0, 1),
    ("accepted-legacy-location", "canceled", 0, 1),
    ("accepted-body-location", "canceled", 0, 1),
    ("both-locations", "canceled", 0, 1),
    ("locations-differ", "canceled", 0, 1),
    ("two-witnesses", "canceled", 0, 1),
    ("lagging-list", "canceled", 0, 1),
    ("hanging-answer", "canceled", 0, 1),
    ("accepted-other-operation", "canceled", 0, 1),
    ("accepted-foreign-location", "canceled", 0, 1),
    ("cancel-operation-fails", "refused", 4, 1),
    ("accepted-too-late", "finished_first", 3, 1),
    ("nothing-running", "nothing_running", 8, 0),
    ("nothing-running-race", "finished_first", 3, 1),
    ("refused-400", "refused", 4, 1),
    ("refused-403", "refused", 4, 1),
    ("refused-404", "refused", 4, 1),
    ("refused-409", "refused", 4, 1),
    ("throttled", "canceled", 0, 2),
    ("failing-polls", "canceled", 0, 1),
    ("vanishing-polls", "canceled", 0, 1),
    ("answer-lost-carried-out", "canceled", 0, 1),
    ("server-error-carried-out", "canceled", 0, 1),
    // A token of the environment cannot be renewed, so there is no second request.
    ("sign-in-expired", "not_sent", 5, 1),
    ("two-running", "superseded", 9, 0),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_ends_in_its_verdict() {
    let runs = ENDINGS
        .iter()
        .map(|&(scenario, verdict, code, cancels)| async move {
            let market = Market::open(scenario).await;
            let ran = market.run(CANCEL).await;
            let what = format!("{scenario}\n{}{}", ran.out, ran.err);
            assert_eq!(ran.verdict()["verdict"], verdict, "{what}");
            assert_eq!(ran.code, Some(code), "{what}");
            assert_eq!(market.cancels(), cancels, "{what}");
            assert!(!market.other_origin_was_called(), "{what}");
        });
    // A few run at once: each spends its time waiting.
    for run in futures_util::future::join_all(runs.map(tokio::spawn)).await {
        run.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answer_without_evidence_is_unknown_and_sent_once() {
    for scenario in ["answer-lost-not-carried-out", "server-error"] {
        let market = Market::open(scenario).await;
        let ran = market.run(&[CANCEL, &["--timeout", "3s"]].concat()).await;
        assert_eq!(ran.verdict()["verdict"], "unknown", "{}", ran.out);
        assert_eq!(ran.code, Some(6));
        assert_eq!(market.cancels(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_cancel_is_sent_again_only_on_request() {
    for (scenario, verdict) in [
        ("refused-409", "refused"),
        ("answer-lost-not-carried-out", "unknown"),
    ] {
        let market = Market::open(scenario).await;
        let cancel = [CANCEL, &["--timeout", "3s"]].concat();
        let first = market.run(&cancel).await.verdict();
        assert_eq!(first["verdict"], verdict);
        let second = market.run(&cancel).await;
        assert_eq!(second.code, Some(2), "{}", second.out);
        assert!(second.err.contains("--again"), "{}", second.err);
        assert_eq!(market.cancels(), 1);
        let third = market.run(&[&cancel[..], &["--again"]].concat()).await.verdict();
        assert_eq!(market.cancels(), 2, "{third}");
        assert_ne!(third["cancellation"], first["cancellation"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fingerprint_names_operations_without_ids() {
    let market = Market::open("no-submissions").await;
    let refused = market.run(CANCEL).await;
    assert_eq!(refused.code, Some(2), "it may go to production: {}", refused.out);
    let print = refused.verdict()["operation"].as_str().unwrap().to_owned();
    assert!(print.starts_with("fp:"), "{print}");
    assert!(
        refused
            .err
            .contains(&format!("--yes needs --operation {print} too")),
        "{}",
        refused.err
    );

    let listed = market.run(&["operations", "contoso-vm", "--json"]).await;
    let rows: Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(rows[0]["operation"], print.as_str());
    let dry = market
        .run(&[
            "cancel",
            "contoso-vm",
            "--dry-run",
            "--json",
            "--operation",
            &print,
        ])
        .await;
    assert_eq!(dry.code, Some(0), "{}{}", dry.out, dry.err);
    let wrong = market
        .run(&[CANCEL, &["--operation", "fp:000000000000"]].concat())
        .await;
    assert_eq!(wrong.verdict()["verdict"], "superseded", "{}", wrong.out);
    assert!(
        wrong.err.contains(&print),
        "what is there is named: {}",
        wrong.err
    );
    assert_eq!(market.cancels(), 0);

    let done = market.run(&[CANCEL, &["--operation", &print]].concat()).await;
    assert_eq!(done.verdict()["verdict"], "canceled", "{}{}", done.out, done.err);
    assert_eq!(market.cancels(), 1);
    for ran in [&dry, &done] {
        for line in ran.out.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["operation"], print.as_str(), "{line}");
        }
    }
    let history = market.run(&["history", "--json"]).await;
    let rows: Value = serde_json::from_str(&history.out).unwrap();
    assert_eq!(rows[0]["operation"], print.as_str(), "{}", history.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_wait_ends_with_the_answer() {
    let market = Market::open("accepted-location").await;
    let ran = market.run(&[CANCEL, &["--no-wait"]].concat()).await;
    assert_eq!(ran.verdict()["verdict"], "pending", "{}", ran.out);
    assert_eq!(ran.verdict()["http_status"], 202);
    assert_eq!(ran.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn live_cancel_must_be_confirmed_by_name() {
    let market = Market::open("go-live").await;
    let ran = market.run(CANCEL).await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(market.cancels(), 0);

    let operations = market.run(&["operations", "contoso-vm", "--json"]).await;
    let operations: Value = serde_json::from_str(&operations.out).unwrap();
    assert_eq!(operations[0]["destination"], "live");
    let id = operations[0]["operation"].as_str().unwrap();
    let ran = market.run(&[CANCEL, &["--operation", id]].concat()).await;
    assert_eq!(ran.verdict()["verdict"], "canceled", "{}", ran.out);
    assert_eq!(ran.verdict()["operation"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_confirmation_and_dry_run_send_nothing() {
    let market = Market::open("accepted-location").await;
    let ran = market.run(&["cancel", "contoso-vm", "--json"]).await;
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.verdict()["verdict"], "not_sent");
    let ran = market.run(&["cancel", "contoso-vm", "--dry-run", "--json"]).await;
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.lines().last().unwrap()["event"], "would_cancel");
    let ran = market.run(&[CANCEL, &["--read-only"]].concat()).await;
    assert_eq!(ran.code, Some(2));
    assert_eq!(market.cancels(), 0);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn signal_while_waiting_prints_a_verdict_line() {
    use rustix::process::Signal;
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        // Slow enough to be canceling still, however long the signal takes.
        let market = Market::open_at("accepted-location", 0.001).await;
        let ran = market.run_until(CANCEL, "\"event\":\"answered\"", signal).await;
        assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
        assert_eq!(ran.verdict()["verdict"], "pending", "{}", ran.out);
        let id = ran.verdict()["cancellation"].as_str().unwrap().to_owned();
        assert!(
            ran.err.contains(&format!("countermand follow {id}")),
            "{}",
            ran.err
        );
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn closed_output_ends_silently_after_recording() {
    let market = Market::open("accepted-location").await;
    let ran = market.run_closing(CANCEL, "\"event\":\"sending\"").await;
    assert_eq!(ran.err, "");
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_json_is_one_array() {
    let market = Market::open("demo").await;
    let ran = market.run(&["offers", "--json"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let all: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let ran = market.run(&["offers", "--in-flight", "--json"]).await;
    let in_flight: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert!(!in_flight.is_empty() && in_flight.len() < all.len());
    assert!(in_flight.iter().all(|offer| offer["in_flight"] == true));
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_that_cannot_start_prints_a_verdict_line() {
    let market = Market::open("accepted-location").await;
    for wrong in [
        &["--base-url", "http://example.com"][..],
        &["--config", "/nowhere/settings.toml"],
        &["--profile", "nobody"],
    ] {
        let ran = market.run(&[CANCEL, wrong].concat()).await;
        assert_eq!(ran.code, Some(2), "{wrong:?} {}", ran.err);
        assert_eq!(ran.verdict()["verdict"], "not_sent", "{wrong:?}");
        assert!(ran.verdict()["error"].is_string(), "{wrong:?}");
        assert_eq!(ran.err.lines().count(), 1, "{wrong:?} {}", ran.err);
    }
    let ran = market.run_without_settings(CANCEL).await;
    assert_eq!(ran.verdict()["verdict"], "not_sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn verdict_names_the_chosen_operation() {
    let market = Market::open("refused-409").await;
    let _ = market.run(CANCEL).await;
    let ran = market.run(CANCEL).await;
    assert!(ran.lines()[0]["operation"].is_string());
    assert_eq!(
        ran.verdict()["operation"],
        ran.lines()[0]["operation"],
        "{}",
        ran.out
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn inherited_ignored_hang_up_ends_nothing() {
    let market = Market::open("accepted-location").await;
    let hang_up = rustix::process::Signal::HUP;
    let ran = market
        .run_unhung_until(CANCEL, "\"event\":\"answered\"", hang_up)
        .await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(ran.verdict()["verdict"], "canceled");
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_run_needs_no_journal_and_has_the_same_verdict() {
    let market = Market::open("accepted-location").await;
    let dry = &["cancel", "contoso-vm", "--dry-run", "--json"][..];
    // A file in place of the journal's folder.
    std::fs::create_dir(market.home.path().join(".local")).unwrap();
    std::fs::write(market.home.path().join(".local/state"), "").unwrap();
    let ran = market.run(CANCEL).await;
    assert!(ran.err.contains("journal"), "{}", ran.err);
    let ran = market.run(dry).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = market.run(&[dry, &["--read-only"]].concat()).await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(ran.verdict()["verdict"], "not_sent");
    assert!(ran.out.contains("would_cancel"), "{}", ran.out);
    assert_eq!(market.cancels(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn very_long_timeout_is_accepted() {
    let market = Market::open("accepted-location").await;
    let ran = market
        .run(&[CANCEL, &["--timeout", "2562047788015215h"]].concat())
        .await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("30 days"), "{}", ran.err);
    assert_eq!(market.cancels(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn profile_sets_the_following_time() {
    let market = Market::open("answer-lost-not-carried-out").await;
    let settings = market.home.path().join("settings.toml");
    std::fs::write(&settings, "[profiles.prod]\ntimeout = '3s'").unwrap();
    let settings = settings.to_str().unwrap();
    let ran = market.run(&[CANCEL, &["--config", settings]].concat()).await;
    assert_eq!(ran.verdict()["verdict"], "unknown", "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_neutralized_in_all_verbs() {
    let market = Market::open("hostile-text").await;
    for verb in [
        &["offers"][..],
        &["offers", "--json"],
        &["operations", "contoso-vm", "--json"],
        CANCEL,
    ] {
        let ran = market.run(verb).await;
        for text in [&ran.out, &ran.err] {
            let hostile = |c: char| c != '\n' && countermand::domain::text::is_unsafe(c);
            assert!(!text.chars().any(hostile), "{verb:?}: {text:?}");
        }
    }
}
