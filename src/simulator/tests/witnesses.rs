//! Reads after a cancel may come late, from an intermediary, or in two sets of words.

use super::*;

/// The state of the target by three routes: its own, the list of operations, the offer's status.
async fn read(bench: &Bench, offer: &str, target: &str) -> [String; 3] {
    let page = bench.get(&format!("/{offer}/operations/{target}")).await;
    let list = bench.get(&format!("/{offer}/submissions")).await.json();
    let mut entries = list.as_array().unwrap().iter();
    let entry = entries.find(|entry| entry["id"] == target);
    let status = bench.get(&format!("/{offer}/status")).await.json();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    [
        if page.status == 404 {
            "-".to_owned()
        } else {
            word(&page.json()["status"])
        },
        entry.map_or_else(|| "-".to_owned(), |entry| word(&entry["submissionState"])),
        word(&status["status"]),
    ]
}

#[tokio::test]
async fn two_witnesses_have_two_vocabularies() {
    let bench = Bench::bundled("two-witnesses").await;
    for (offer, page) in [
        (VM, "completed"),
        ("contoso-app", "failed"),
        ("contoso-iot", "running"),
    ] {
        let target = bench.simulator.operations(offer)[0].clone();
        assert_eq!(
            read(&bench, offer, &target).await,
            ["running", "running", "running"],
            "{offer}"
        );
        let cancel = format!("/api/publishers/contoso/offers/{offer}/cancel?api-version=2017-10-31");
        assert_eq!(bench.ask(Method::POST, &cancel).await.status, 202, "{offer}");
        bench.pass(10);
        assert_eq!(
            read(&bench, offer, &target).await,
            [page, "canceled", "canceled"],
            "{offer}"
        );
        assert_eq!(bench.simulator.carried_out(offer), 1, "{offer}");
    }
}

#[tokio::test]
async fn a_copy_that_lags_knows_nothing_of_the_target_and_the_offer_tells_of_an_earlier_one() {
    let bench = Bench::bundled("lagging-list").await;
    let target = bench.newest();
    assert_eq!(read(&bench, VM, &target).await, ["running"; 3]);
    let location = bench.cancel().await.header("location").to_owned();
    assert!(location.contains(&target), "{location}");
    for second in 0..5 {
        assert_eq!(
            read(&bench, VM, &target).await,
            ["-", "-", "succeeded"],
            "{second}"
        );
        let listed = bench.get("/contoso-vm/submissions").await.json();
        assert_eq!(
            listed.as_array().unwrap().len(),
            1,
            "the list can be read: {listed}"
        );
        assert_eq!(bench.get("").await.json()[0]["status"], "succeeded");
        let truth = if second < 3 { "running" } else { "canceled" };
        assert_eq!(bench.state(&target), truth);
        bench.pass(1);
    }
    assert_eq!(read(&bench, VM, &target).await, ["canceled"; 3]);
    assert_eq!(bench.carried_out(), 1);
}

#[tokio::test]
async fn from_the_cancel_on_a_page_of_the_network_stands_in_for_every_answer() {
    let bench = Bench::bundled("proxy-page").await;
    let target = bench.newest();
    assert_eq!(read(&bench, VM, &target).await, ["running"; 3]);
    let mut pages = vec![bench.cancel().await, bench.cancel().await];
    let operation = format!("/contoso-vm/operations/{target}");
    for path in [
        "",
        "/contoso-vm/submissions",
        &operation,
        "/contoso-vm/status",
        "/contoso-db/status",
    ] {
        pages.push(bench.get(path).await);
    }
    for page in pages {
        assert_eq!((page.status, page.header("content-type")), (200, "text/html"));
        assert!(page.body.contains("Sign in"), "{}", page.body);
        assert_eq!(page.header("x-ms-correlation-request-id"), "");
    }
    bench.pass(60);
    assert_eq!(
        (bench.carried_out(), bench.state(&target).as_str()),
        (0, "running")
    );
}

#[tokio::test]
async fn both_locations_lead_to_the_target_as_they_are() {
    let bench = Bench::bundled("both-locations").await;
    let target = bench.newest();
    let answer = bench.cancel().await;
    let (location, absolute) = (answer.header("location"), answer.header("operation-location"));
    assert!(
        location.starts_with("/api/") && location.contains(&target),
        "{location}"
    );
    let own = absolute.strip_prefix(&bench.simulator.origin()).unwrap();
    assert!(own.ends_with(&target), "{absolute}");
    for place in [location, own] {
        assert_eq!(
            bench.ask(Method::GET, place).await.json()["status"],
            "running",
            "{place}"
        );
    }
}

#[tokio::test]
async fn locations_that_differ_name_what_carries_the_cancel_and_the_target() {
    let bench = Bench::bundled("locations-differ").await;
    let target = bench.newest();
    let answer = bench.cancel().await;
    let (location, absolute) = (answer.header("location"), answer.header("operation-location"));
    assert!(!location.contains(&target), "{location}");
    let own = absolute.strip_prefix(&bench.simulator.origin()).unwrap();
    assert!(own.ends_with(&target), "{absolute}");
    bench.pass(10);
    assert_eq!(
        bench.ask(Method::GET, location).await.json()["status"],
        "succeeded"
    );
    assert_eq!(bench.ask(Method::GET, own).await.json()["status"], "canceled");
}
