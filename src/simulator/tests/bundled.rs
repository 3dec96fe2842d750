//! Every scenario that comes with the program can be started and has a summary.

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_scenario_is_well_formed_and_has_a_summary() {
    for name in Scenario::names() {
        let text = super::super::scenario::bundled_text(name).unwrap();
        let scenario = Scenario::parse(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!scenario.publishers.is_empty(), "{name}");
        assert!(
            Scenario::summary(name).is_some_and(|line| line.len() > 20),
            "{name}"
        );
        assert_eq!(Scenario::bundled(name).unwrap().name(), name);
    }
    assert!(Scenario::bundled("no-such").is_none());
}

#[test]
fn every_file_is_bundled_once() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenarios")).unwrap();
    let files: BTreeSet<_> = folder
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let names: Vec<_> = Scenario::names().map(|name| format!("{name}.toml")).collect();
    assert_eq!(names.len(), files.len());
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), files);
}

#[test]
fn the_offer_that_matters_comes_first() {
    for name in Scenario::names().filter(|name| !matches!(*name, "empty")) {
        assert_eq!(Scenario::bundled(name).unwrap().offers[0].id, VM, "{name}");
    }
}

#[tokio::test]
async fn an_empty_publisher_has_an_empty_list() {
    let bench = Bench::bundled("empty").await;
    assert_eq!(bench.get("").await.body, "[]");
}

#[tokio::test]
async fn the_large_catalogue_is_ten_thousand_with_fifty_in_flight() {
    let bench = Bench::bundled("large").await;
    let list = bench.get("").await.json();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 10_000);
    let at_rest = ["neverPublished", "failed", "canceled", "succeeded"];
    let in_flight = list
        .iter()
        .filter(|offer| !at_rest.iter().any(|rests| offer["status"] == *rests));
    assert_eq!(in_flight.count(), 50);
}
