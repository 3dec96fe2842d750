//! Answers given out of turn.

use super::super::scenario::{Answer, ErrorAnswer, Route, Script, Shape};
use super::*;

#[tokio::test]
async fn who_is_throttled_is_let_through_the_next_time() {
    let bench = Bench::bundled("throttled").await;
    let first = bench.cancel().await;
    assert_eq!((first.status, first.header("retry-after")), (429, "1"));
    assert_eq!(bench.cancel().await.status, 202);
    let path = format!("/contoso-vm/operations/{}", bench.newest());
    assert_eq!(bench.get(&path).await.status, 429);
    assert_eq!(bench.get(&path).await.status, 200);
    assert_eq!(bench.carried_out(), 1);
}

#[tokio::test]
async fn some_answers_never_change() {
    for (scenario, status) in [
        ("throttled-forever", 429),
        ("sign-in-expired", 401),
        ("refused-409", 409),
    ] {
        let bench = Bench::bundled(scenario).await;
        for _ in 0..5 {
            assert_eq!(bench.cancel().await.status, status, "{scenario}");
        }
    }
}

#[tokio::test]
async fn a_renewed_sign_in_is_accepted() {
    let bench = Bench::bundled("sign-in-renewed").await;
    let first = bench.cancel().await;
    assert!(first.status == 401 && first.json()["Message"].is_string());
    assert_eq!(bench.cancel().await.status, 202);
}

#[tokio::test]
async fn polls_fail_after_the_cancel_in_several_shapes_and_recover() {
    let bench = Bench::bundled("failing-polls").await;
    let path = format!("/contoso-vm/operations/{}", bench.newest());
    assert_eq!(bench.get(&path).await.status, 200);
    bench.cancel().await;
    let answers = [
        bench.get(&path).await,
        bench.get(&path).await,
        bench.get(&path).await,
        bench.get(&path).await,
    ];
    assert_eq!(answers.each_ref().map(|seen| seen.status), [500, 503, 500, 200]);
    assert_eq!(answers[0].json()["error"]["code"], "InternalServerError");
    assert!(answers[1].body.contains("<html>"));
    assert_eq!(answers[2].json()["Variant"]["serviceName"], "Variant");
}

#[tokio::test]
async fn polls_vanish_after_the_cancel_and_the_list_has_the_end() {
    let bench = Bench::bundled("vanishing-polls").await;
    let path = format!("/contoso-vm/operations/{}", bench.newest());
    assert_eq!(bench.get(&path).await.status, 200);
    bench.cancel().await;
    bench.pass(10);
    assert_eq!(bench.get(&path).await.status, 404);
    assert_eq!(
        bench.get("/contoso-vm/submissions").await.json()[0]["submissionState"],
        "canceled"
    );
}

#[tokio::test]
async fn without_the_list_of_operations_there_is_the_status() {
    let bench = Bench::bundled("no-submissions").await;
    assert_eq!(bench.get("/contoso-vm/submissions").await.status, 404);
    assert_eq!(bench.get("/contoso-vm/submissions/").await.status, 404);
    assert_eq!(bench.get("/contoso-vm/status").await.json()["status"], "running");
    bench.cancel().await;
    bench.pass(10);
    assert_eq!(bench.get("/contoso-vm/status").await.json()["status"], "canceled");
}

#[tokio::test]
async fn the_list_of_offers_may_be_garbage() {
    let bench = Bench::bundled("garbage").await;
    let good = bench.get("").await;
    let [truncated, page, empty, plain] = [
        bench.get("").await,
        bench.get("").await,
        bench.get("").await,
        bench.get("").await,
    ];
    assert!(good.body.starts_with(&truncated.body) && truncated.body.len() < good.body.len());
    assert!(page.body.contains("<html>") && page.header("content-type") == "text/html");
    assert_eq!(empty.body, "");
    assert_eq!(
        (plain.body.clone(), plain.header("content-type")),
        (good.body.clone(), "text/plain")
    );
    assert_eq!(bench.get("").await.body, good.body);
    assert!(
        [truncated.status, page.status, empty.status, plain.status]
            .iter()
            .all(|status| *status == 200)
    );
}

#[tokio::test]
async fn a_script_may_be_put_in_while_it_runs() {
    let bench = Bench::bundled("accepted-location").await;
    let teapot = Answer::Error(ErrorAnswer {
        shape: Shape::Text,
        message: Some("short and stout".into()),
        ..ErrorAnswer::new(418)
    });
    let once = |on| Script::in_turn(on, vec![teapot.clone()]);
    bench.simulator.play(None, once(Route::Offers));
    bench.simulator.play(Some(VM), once(Route::Status));
    assert_eq!(bench.get("/contoso-db/status").await.status, 200);
    let seen = bench.get("/contoso-vm/status").await;
    assert_eq!((seen.status, seen.body.as_str()), (418, "short and stout"));
    assert_eq!(bench.get("").await.status, 418);
    assert_eq!(bench.get("").await.status, 200);
}

#[tokio::test]
async fn a_redirect_is_a_redirect_and_does_nothing() {
    let bench = Bench::bundled("accepted-location").await;
    let answer = Answer::Redirect {
        status: 307,
        location: Some("/elsewhere".into()),
    };
    let script = Script::for_ever(Route::Cancel, answer);
    bench.simulator.play(Some(VM), script);
    let seen = bench.cancel().await;
    assert_eq!((seen.status, seen.header("location")), (307, "/elsewhere"));
    assert_eq!(bench.carried_out(), 0);
}

#[tokio::test]
async fn a_script_put_in_later_goes_before_the_scenarios_own() {
    let bench = Bench::bundled("refused-409").await;
    bench
        .simulator
        .play(Some(VM), Script::in_turn(Route::Cancel, vec![Answer::error(503)]));
    assert_eq!(bench.cancel().await.status, 503);
    assert_eq!(bench.cancel().await.status, 409);
}
