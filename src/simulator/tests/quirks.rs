//! The oddities of the real service are there.

use super::*;

#[tokio::test]
async fn entries_of_the_list_have_fields_nobody_documents_and_times_in_two_forms() {
    let bench = Bench::bundled("accepted-location").await;
    let list = bench.get("").await.json();
    let (vm, db) = (&list[0], &list[1]);
    for field in [
        "lockStatus",
        "pcMigrationStatus",
        "pcRedirectUri",
        "isvUpgradeRequest",
        "offerTypeChanges",
    ] {
        assert!(vm.get(field).is_some(), "{field}");
    }
    let precise = vm["changedTime"].as_str().unwrap();
    assert!(
        precise.ends_with('Z') && precise.split_once('.').unwrap().1.len() == 8,
        "{precise}"
    );
    let zoneless = db["changedTime"].as_str().unwrap();
    assert!(
        !zoneless.ends_with('Z') && zoneless.split_once('.').unwrap().1.len() == 3,
        "{zoneless}"
    );
}

#[tokio::test]
async fn a_submission_has_a_version_past_any_float_and_an_offer_id_that_is_no_name() {
    let bench = Bench::bundled("accepted-location").await;
    let entry = bench.get("/contoso-vm/submissions/").await.json()[0].clone();
    assert!(entry["version"].as_i64().unwrap() > 1 << 53, "{entry}");
    assert_eq!(entry["offerId"].as_str().unwrap().len(), 36);
    assert_ne!(entry["offerId"], entry["id"]);
}

#[tokio::test]
async fn a_single_operation_is_an_object_or_an_array_of_one() {
    let bench = Bench::bundled("accepted-location").await;
    let vm = bench
        .get(&format!("/contoso-vm/operations/{}", bench.newest()))
        .await
        .json();
    let steps = vm["steps"].as_array().unwrap();
    assert!(steps[0].get("estimatedTimeFrame").is_some());
    assert!(steps.iter().any(|step| step.get("estimatedTimeFrame").is_none()));
    assert!(vm["messages"][0]["messageHtml"].as_str().unwrap().contains("<b>"));
    assert!(vm.get("id").is_none());
    let db = bench.simulator.operations("contoso-db")[0].clone();
    let db = bench.get(&format!("/contoso-db/operations/{db}/")).await.json();
    assert_eq!(db.as_array().unwrap().len(), 1);
    assert_eq!(db[0]["status"], "succeeded");
}

#[tokio::test]
async fn an_offer_that_waits_for_its_publisher_is_called_running_by_its_status() {
    let bench = Bench::bundled("demo").await;
    let status = bench.get("/contoso-erp/status").await.json();
    assert_eq!(status["status"], "running");
    let waiting: Vec<_> = status["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["status"])
        .collect();
    assert!(
        waiting.contains(&&Value::from("waitingForPublisherReview")),
        "{waiting:?}"
    );
}

#[tokio::test]
async fn odd_words_are_odd() {
    let bench = Bench::bundled("odd-words").await;
    let list = bench.get("").await.json();
    let entry = |id: &str| {
        list.as_array()
            .unwrap()
            .iter()
            .find(|offer| offer["id"] == id)
            .unwrap()
            .clone()
    };
    let vm = entry(VM);
    assert_eq!(vm["status"], "Quiescing");
    assert_eq!(vm["version"], Value::Null);
    assert!(vm.get("definition").is_none() && vm["rolloutRing"]["ring"] == 3);
    assert_eq!(entry("contoso-bare").as_object().unwrap().len(), 8);
    assert_eq!(entry("contoso-paused")["status"], "hibernating");
    let operation = bench
        .get(&format!("/contoso-vm/operations/{}", bench.newest()))
        .await
        .json();
    assert_eq!(operation[0]["cancellationRequestState"], "askNicely");
    bench.cancel().await;
    bench.pass(10);
    assert_eq!(
        bench.get("/contoso-vm/submissions").await.json()[0]["submissionState"],
        "canceled"
    );
}

#[tokio::test]
async fn hostile_text_arrives_as_it_is() {
    let bench = Bench::bundled("hostile-text").await;
    let list = bench.get("").await.json();
    let name = list[0]["definition"]["displayText"].as_str().unwrap();
    for hostile in ['\u{1b}', '\u{9b}', '\u{202e}', '\u{200b}', '\u{7}'] {
        assert!(name.contains(hostile), "{hostile:?}");
    }
    assert_eq!(list[1]["id"], "../../publishers/fabrikam/offers/fabrikam-vm");
}
