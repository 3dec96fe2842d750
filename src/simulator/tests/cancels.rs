//! Each scenario's cancel has the answer of its name, and the effect of its summary.

use super::*;

/// The answer to a scenario's first cancel, and the state of the target ten seconds later.
struct Expected {
    scenario: &'static str,
    status: u16,
    carried_out: usize,
    later: &'static str,
}

const fn expected(scenario: &'static str, status: u16, carried_out: usize, later: &'static str) -> Expected {
    Expected {
        scenario,
        status,
        carried_out,
        later,
    }
}

const EXPECTED: [Expected; 28] = [
    expected("synchronous", 200, 1, "canceled"),
    expected("accepted-location", 202, 1, "canceled"),
    expected("accepted-operation-location", 202, 1, "canceled"),
    expected("accepted-legacy-location", 202, 1, "canceled"),
    expected("accepted-body-location", 202, 1, "canceled"),
    expected("both-locations", 202, 1, "canceled"),
    expected("locations-differ", 202, 1, "canceled"),
    expected("accepted-other-operation", 202, 1, "canceled"),
    expected("cancel-operation-fails", 202, 0, "running"),
    expected("accepted-foreign-location", 202, 1, "canceled"),
    expected("accepted-too-late", 202, 0, "succeeded"),
    expected("nothing-running-race", 202, 0, "completed"),
    expected("refused-400", 400, 0, "running"),
    expected("refused-403", 403, 0, "running"),
    expected("refused-404", 404, 0, "running"),
    expected("refused-409", 409, 0, "running"),
    expected("throttled", 429, 0, "running"),
    expected("throttled-forever", 429, 0, "running"),
    expected("failing-polls", 202, 1, "canceled"),
    expected("vanishing-polls", 202, 1, "canceled"),
    expected("two-witnesses", 202, 1, "canceled"),
    expected("proxy-page", 200, 0, "running"),
    expected("server-error", 500, 0, "running"),
    expected("server-error-carried-out", 500, 1, "canceled"),
    expected("sign-in-expired", 401, 0, "running"),
    expected("sign-in-renewed", 401, 0, "running"),
    expected("no-submissions", 202, 1, "canceled"),
    expected("go-live", 202, 1, "canceled"),
];

#[tokio::test]
async fn a_cancel_has_the_answer_and_the_effect_of_its_scenario() {
    for Expected {
        scenario,
        status,
        carried_out,
        later,
    } in EXPECTED
    {
        let bench = Bench::bundled(scenario).await;
        let target = bench.newest();
        assert_eq!(bench.state(&target), "running", "{scenario}");
        assert_eq!(bench.cancel().await.status, status, "{scenario}");
        assert_eq!(bench.carried_out(), carried_out, "{scenario}");
        let requests = bench.simulator.requests();
        assert!(requests[0].is_cancel());
        assert_eq!(requests[0].status(), Some(status), "{scenario}");
        assert_eq!(requests[0].carried_out, carried_out == 1, "{scenario}");
        bench.pass(10);
        assert_eq!(bench.state(&target), later, "{scenario}");
    }
}

#[tokio::test]
async fn an_accepted_cancel_takes_its_time() {
    let bench = Bench::bundled("accepted-location").await;
    let target = bench.newest();
    let path = format!("/contoso-vm/operations/{target}");
    assert_eq!(
        bench.get(&path).await.json()["cancellationRequestState"],
        "canCancel"
    );
    bench.cancel().await;
    let canceling = bench.get(&path).await.json();
    assert_eq!(canceling["status"], "running");
    assert!(canceling.get("cancellationRequestState").is_none());
    bench.pass(6);
    assert_eq!(bench.get(&path).await.json()["status"], "canceled");
    assert_eq!(
        bench.get("/contoso-vm/submissions").await.json()[0]["submissionState"],
        "canceled"
    );
    assert_eq!(bench.get("").await.json()[0]["status"], "canceled");
}

#[tokio::test]
async fn a_second_cancel_is_one_more_and_moves_nothing() {
    let bench = Bench::bundled("accepted-location").await;
    let target = bench.newest();
    bench.cancel().await;
    bench.pass(5);
    bench.cancel().await;
    assert_eq!(bench.carried_out(), 2);
    bench.pass(1);
    assert_eq!(bench.state(&target), "canceled");
}

#[tokio::test]
async fn each_form_of_location_leads_to_the_target() {
    for (scenario, name, absolute, versioned) in [
        ("accepted-location", "location", false, true),
        ("accepted-operation-location", "operation-location", true, false),
        ("accepted-legacy-location", "location", false, true),
    ] {
        let bench = Bench::bundled(scenario).await;
        let answer = bench.cancel().await;
        assert_eq!(
            ["location", "operation-location"]
                .iter()
                .filter(|h| answer.headers.contains_key(**h))
                .count(),
            1
        );
        let location = answer.header(name);
        assert_eq!(
            location.starts_with(&bench.simulator.origin()),
            absolute,
            "{location}"
        );
        assert_eq!(
            location.ends_with("?api-version=2017-10-31"),
            versioned,
            "{location}"
        );
        let target = location
            .strip_prefix(&bench.simulator.origin())
            .unwrap_or(location);
        let target = if versioned {
            target.to_owned()
        } else {
            format!("{target}?api-version=2017-10-31")
        };
        assert_eq!(
            bench.ask(Method::GET, &target).await.json()["status"],
            "running",
            "{location}"
        );
        bench.pass(10);
        assert_eq!(
            bench.ask(Method::GET, &target).await.json()["status"],
            "canceled",
            "{location}"
        );
    }
}

#[tokio::test]
async fn the_older_location_has_dollar_signs() {
    let bench = Bench::bundled("accepted-legacy-location").await;
    let location = bench.cancel().await.header("location").to_owned();
    assert_eq!(
        location,
        "/api/operations/contoso$contoso-vm$2$preview?api-version=2017-10-31"
    );
}

#[tokio::test]
async fn a_location_may_be_only_in_the_body() {
    let bench = Bench::bundled("accepted-body-location").await;
    let answer = bench.cancel().await;
    assert!(!answer.headers.contains_key("location"));
    let location = answer.json()["location"].as_str().unwrap().to_owned();
    assert!(location.contains(&bench.newest()), "{location}");
}

#[tokio::test]
async fn an_operation_that_carries_the_cancel_is_not_the_target_and_not_in_the_list() {
    for (scenario, ends) in [
        ("accepted-other-operation", "succeeded"),
        ("cancel-operation-fails", "failed"),
    ] {
        let bench = Bench::bundled(scenario).await;
        let target = bench.newest();
        let location = bench.cancel().await.header("location").to_owned();
        assert!(!location.contains(&target), "{location}");
        assert_eq!(
            bench
                .get("/contoso-vm/submissions")
                .await
                .json()
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            bench.ask(Method::GET, &location).await.json()["status"],
            "running"
        );
        bench.pass(10);
        assert_eq!(bench.ask(Method::GET, &location).await.json()["status"], ends);
    }
}

#[tokio::test]
async fn who_goes_astray_is_seen() {
    let bench = Bench::bundled("accepted-foreign-location").await;
    let location = bench.cancel().await.header("location").to_owned();
    assert!(!location.starts_with(&bench.simulator.origin()), "{location}");
    bench.client.get(&location).send().await.unwrap();
    let strays: Vec<_> = bench
        .simulator
        .requests()
        .into_iter()
        .filter(|request| request.stray)
        .collect();
    assert_eq!(strays.len(), 1);
    assert!(location.ends_with(&strays[0].target));
}

#[tokio::test]
async fn with_nothing_running_a_cancel_is_accepted_and_does_nothing() {
    let bench = Bench::bundled("nothing-running").await;
    let before = bench.get("/contoso-vm/submissions").await.json();
    assert_eq!(before.as_array().unwrap().len(), 3);
    let answer = bench.cancel().await;
    assert_eq!(answer.status, 202);
    assert!(answer.header("location").contains(&bench.newest()));
    bench.pass(60);
    assert_eq!(bench.get("/contoso-vm/submissions").await.json(), before);
    assert_eq!(bench.carried_out(), 0);
}

#[tokio::test]
async fn of_two_running_operations_the_newer_is_canceled() {
    let bench = Bench::bundled("two-running").await;
    let ids = bench.simulator.operations(VM);
    bench.cancel().await;
    bench.pass(10);
    assert_eq!(
        (bench.state(&ids[0]), bench.state(&ids[1])),
        ("canceled".into(), "running".into())
    );
}

#[tokio::test]
async fn what_goes_to_production_says_so() {
    let bench = Bench::bundled("go-live").await;
    let newest = &bench.get("/contoso-vm/submissions").await.json()[0];
    assert_eq!(
        (&newest["submissionType"], &newest["slot"]),
        (&"GoLive".into(), &"production".into())
    );
}

#[tokio::test]
async fn a_location_may_be_any_words() {
    let mut scenario = Scenario::bundled("accepted-location").unwrap();
    let elsewhere = "/api/publishers/fabrikam/offers/fabrikam-vm/operations/1";
    scenario.offer_mut(VM).unwrap().cancel.location_verbatim = Some(elsewhere.into());
    let bench = Bench::of(scenario).await;
    assert_eq!(bench.cancel().await.header("location"), elsewhere);
}
