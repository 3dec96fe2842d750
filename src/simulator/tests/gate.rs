//! The gate: what lacks the token or the version, or names no route, gets the answer that goes with it.

use super::*;

const OFFERS: &str = "/api/publishers/contoso/offers";

#[tokio::test]
async fn without_the_token_it_is_401_with_a_top_level_message() {
    let bench = Bench::bundled("accepted-location").await;
    let url = format!("{}{OFFERS}?api-version=2017-10-31", bench.simulator.origin());
    for request in [
        bench.client.get(&url),
        bench.client.get(&url).bearer_auth("another"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert!(
            body["Message"].is_string() && body.get("error").is_none(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn without_the_version_it_is_400_that_names_the_allowed_one() {
    let bench = Bench::bundled("accepted-location").await;
    for query in ["", "?api-version=2016-08-01-preview", "?api-version="] {
        let seen = bench.ask(Method::GET, &format!("{OFFERS}{query}")).await;
        assert_eq!(seen.status, 400);
        assert_eq!(seen.json()["error"]["code"], "InvalidAPIVersion");
        assert!(seen.body.contains("[2017-10-31]"), "{}", seen.body);
    }
}

#[tokio::test]
async fn an_operations_own_path_may_lack_the_version_and_not_have_another() {
    let bench = Bench::bundled("accepted-operation-location").await;
    let location = bench.cancel().await.header("operation-location").to_owned();
    let own = location.strip_prefix(&bench.simulator.origin()).unwrap();
    assert_eq!(bench.ask(Method::GET, own).await.json()["status"], "running");
    for query in ["?api-version=2016-08-01-preview", "?api-version="] {
        let seen = bench.ask(Method::GET, &format!("{own}{query}")).await;
        assert_eq!(seen.json()["error"]["code"], "InvalidAPIVersion", "{query}");
    }
}

#[tokio::test]
async fn each_unknown_name_has_its_own_status() {
    let bench = Bench::bundled("accepted-location").await;
    let version = "api-version=2017-10-31";
    for (method, path, status) in [
        (Method::GET, "/api/publishers/adatum/offers", 403),
        (
            Method::GET,
            "/api/publishers/adatum/offers/contoso-vm/status",
            403,
        ),
        (Method::POST, "/api/publishers/contoso/offers/no-such/cancel", 404),
        (
            Method::GET,
            "/api/publishers/contoso/offers/contoso-vm/operations/no-such",
            404,
        ),
        (
            Method::GET,
            "/api/publishers/contoso/offers/contoso-vm/nowhere",
            404,
        ),
        (Method::GET, "/api/operations/contoso$contoso-vm$3$preview", 404),
        (
            Method::GET,
            "/api/publishers/contoso/offers/contoso-vm/cancel",
            405,
        ),
        (Method::DELETE, "/api/publishers/contoso/offers", 405),
    ] {
        let seen = bench.ask(method, &format!("{path}?{version}")).await;
        assert_eq!(seen.status, status, "{path}: {}", seen.body);
        assert!(seen.json().is_object(), "{path}");
    }
    assert_eq!(bench.carried_out(), 0);
}

#[tokio::test]
async fn every_answer_has_a_correlation_id_of_its_own_which_is_the_same_in_every_run() {
    let ids = async || {
        let bench = Bench::bundled("accepted-location").await;
        let mut ids = Vec::new();
        for target in [OFFERS, "/nowhere", CANCEL] {
            ids.push(
                bench
                    .ask(Method::GET, target)
                    .await
                    .header("x-ms-correlation-request-id")
                    .to_owned(),
            );
        }
        ids
    };
    let first = ids().await;
    assert!(first.iter().all(|id| id.len() == 36), "{first:?}");
    assert!(first[0] != first[1] && first[1] != first[2]);
    assert_eq!(first, ids().await);
}
