//! The routes that only look.

use super::*;

#[tokio::test]
async fn publishers_and_offer_types_are_listed() {
    let bench = Bench::bundled("demo").await;
    let publishers = bench
        .ask(Method::GET, "/api/publishers?api-version=2017-10-31")
        .await
        .json();
    assert_eq!(publishers[0]["id"], bench.simulator.publisher());
    assert_eq!(publishers[0]["definition"]["displayText"], "Contoso Ltd.");
    let types = bench
        .ask(Method::GET, "/api/offerTypes?api-version=2017-10-31")
        .await
        .json();
    assert!(!types.as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_publisher_sees_its_own_offers_only() {
    let bench = Bench::bundled("demo").await;
    let seen = bench
        .ask(
            Method::GET,
            "/api/publishers/fabrikam/offers?api-version=2017-10-31",
        )
        .await
        .json();
    assert_eq!(seen.as_array().unwrap().len(), 1);
    assert_eq!(seen[0]["id"], "fabrikam-vm");
}

#[tokio::test]
async fn operations_are_listed_newest_first_and_by_state() {
    let bench = Bench::bundled("go-live").await;
    let states = async |query: &str| {
        let list = bench.get(&format!("/contoso-vm/submissions{query}")).await.json();
        let states = list
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["submissionState"].as_str().unwrap().to_owned());
        states.collect::<Vec<_>>()
    };
    assert_eq!(states("").await, ["running", "succeeded"]);
    assert_eq!(states("/").await, ["running", "succeeded"]);
    assert_eq!(states("/?status=Running").await, ["running"]);
    assert_eq!(states("?status=succeeded").await, ["succeeded"]);
    assert_eq!(states("?status=failed").await, Vec::<String>::new());
    assert_eq!(states("?submissionState=running").await, ["running"]);
    assert_eq!(states("?submissionState=failed").await, Vec::<String>::new());
    assert_eq!(
        states("?status=running&submissionState=succeeded").await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn offers_are_listed_by_a_filter() {
    let bench = Bench::bundled("accepted-location").await;
    let ids = async |filter: &str| {
        let list = bench.get(&format!("?$filter={filter}")).await.json();
        let ids = list.as_array().unwrap().iter();
        ids.map(|entry| entry["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids("offerTypeId%20eq%20'microsoft-azure-saas'").await,
        ["contoso-db"]
    );
    assert_eq!(
        ids("offerTypeId+eq+'microsoft-azure-virtualmachines'").await,
        [VM]
    );
    assert_eq!(ids("status%20eq%20'no-such'").await, Vec::<String>::new());
    assert_eq!(bench.get("?$filter=offerTypeId").await.status, 400);
}

#[tokio::test]
async fn an_offer_has_slots_and_versions() {
    let bench = Bench::bundled("accepted-location").await;
    let whole = bench.get("/contoso-db").await.json();
    assert!(whole["definition"]["plans"].is_array());
    let version = whole["version"].as_i64().unwrap();
    for (path, status) in [
        (format!("/contoso-db/versions/{version}"), 200),
        ("/contoso-db/versions/7".into(), 404),
        ("/contoso-db/slot/production".into(), 200),
        ("/contoso-vm/slot/Draft".into(), 200),
        ("/contoso-vm/slot/production".into(), 404),
        ("/contoso-vm/slot/moon".into(), 404),
    ] {
        assert_eq!(bench.get(&path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn between_two_looks_another_operation_may_start() {
    let bench = Bench::bundled("superseding").await;
    let first = bench.newest();
    assert_eq!(
        bench.get("/contoso-vm/submissions").await.json()[0]["id"],
        first.as_str()
    );
    let second = bench.get("/contoso-vm/submissions").await.json();
    assert_ne!(second[0]["id"], first.as_str());
    assert_eq!(second[0]["submissionState"], "running");
    assert_eq!(bench.state(&first), "succeeded");
}

#[tokio::test]
async fn another_operation_may_start_at_will() {
    let bench = Bench::bundled("accepted-location").await;
    let first = bench.newest();
    bench.simulator.supersede(VM);
    assert_eq!(bench.state(&first), "succeeded");
    assert_eq!(bench.state(&bench.newest()), "running");
}
