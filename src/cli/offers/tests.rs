//! The list of offers in both forms, and what is asked for it.

use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::{
    cli::io::tests::text,
    domain::{
        ids::{OfferId, OperationId},
        lead::Lead,
        operation::{Baseline, Destination, OperationDetail, Source},
        target::Target,
    },
    engine::ports::Reading,
    service::cpp::status,
};

/// An offer with its operations; none where those cannot be read.
pub(crate) type Stocked = (Offer, Option<Vec<Operation>>);

/// A publisher's offers.
pub(crate) struct Shelf {
    pub(crate) offers: Result<Vec<Stocked>, Failure>,
    pub(crate) detail: Option<OperationDetail>,
    /// Of which offers the operations, and which operations, were asked for.
    pub(crate) asked: Mutex<Vec<String>>,
}

pub(crate) fn failure(class: Class) -> Failure {
    Failure {
        class,
        request: "GET it".into(),
        what: "no answer".into(),
        advice: "try again".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

#[async_trait]
impl Catalogue for Shelf {
    fn characteristics(&self) -> &'static crate::engine::Characteristics {
        crate::service::cpp::CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        panic!("no verb asks for publishers")
    }
    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        let offers = self.offers.clone()?;
        let offers: Vec<_> = offers.into_iter().map(|(offer, _)| offer).collect();
        Ok(offers.into())
    }
    async fn operations(&self, _: &PublisherId, id: &OfferId) -> Result<Operations, Failure> {
        self.asked.lock().unwrap().push(id.raw().to_owned());
        let offers = self.offers.clone()?;
        let found = offers.into_iter().find(|(offer, _)| offer.id == *id);
        let list = found.and_then(|(_, operations)| operations);
        Ok(Operations {
            source: Source::Submissions,
            list: list.ok_or_else(|| failure(Class::Transient))?,
            detail: None,
            left_out: 0,
            baseline: None,
        })
    }
    async fn operation(
        &self,
        _: &PublisherId,
        _: &OfferId,
        id: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.asked.lock().unwrap().push(id.raw().to_owned());
        self.detail.clone().ok_or_else(|| failure(Class::NotFound))
    }
    async fn offer_status(&self, _: &PublisherId, _: &OfferId) -> Result<OperationDetail, Failure> {
        panic!("the list of operations has a fall-back of its own")
    }
    async fn track(&self, _: &Target, _: Option<&Lead>, _: Option<&Baseline>) -> Result<Reading, Failure> {
        panic!("nothing is followed")
    }
}

pub(crate) fn offer(id: &str, state: &str) -> Offer {
    Offer {
        id: id.into(),
        publisher: "contoso".into(),
        name: "Contoso 漢字 VM".into(),
        kind: "microsoft-azure-virtualmachines".into(),
        state: status(state),
        version: Some(636_576_975_611_768_314),
        changed_at: Some("2026-11-22T09:12:00Z".parse().unwrap()),
    }
}

pub(crate) fn operation(id: &str, state: &str) -> Operation {
    Operation {
        id: Some(id.into()),
        kind: "publish".into(),
        destination: Destination::Preview,
        state: status(state),
        offer_version: Some(3),
        version: Some(636_576_975_611_768_314),
        changed_at: Some("2026-11-22T09:12:00Z".parse().unwrap()),
    }
}

fn shelf() -> Shelf {
    Shelf {
        offers: Ok(vec![
            (
                offer("contoso-vm", "running"),
                Some(vec![operation("a1", "running"), operation("a0", "succeeded")]),
            ),
            (
                offer("contoso-app", "running"),
                Some(vec![operation("b1", "canceled")]),
            ),
            (offer("contoso-db", "succeeded"), Some(Vec::new())),
            (offer("contoso-odd", "quantum"), None),
            (offer("contoso\u{1b}new", "neverPublished"), Some(Vec::new())),
        ]),
        detail: None,
        asked: Mutex::default(),
    }
}

/// The exit, what was written, and what was told beside it.
async fn list(shelf: &Shelf, in_flight: bool, json: bool) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let args = OffersArgs { in_flight, json };
    let exit = run(shelf, &"contoso".into(), &args, &mut io).await;
    (exit, text(&out).to_owned(), text(&err).to_owned())
}

#[tokio::test]
async fn the_list_is_one_request_and_a_table() {
    let shelf = shelf();
    let (exit, out, err) = list(&shelf, false, false).await;
    assert_eq!((exit, err.as_str()), (Exit::Done, ""));
    assert!(shelf.asked.lock().unwrap().is_empty());
    insta::assert_snapshot!(out);
}

#[tokio::test]
async fn in_flight_asks_what_is_not_at_rest_and_keeps_what_is_not_known() {
    let shelf = shelf();
    let (exit, out, err) = list(&shelf, true, false).await;
    assert_eq!(exit, Exit::Failure);
    assert_eq!(err, "countermand: GET it: no answer; try again\n");
    let mut asked = shelf.asked.lock().unwrap().clone();
    asked.sort();
    assert_eq!(asked, ["contoso-app", "contoso-odd", "contoso-vm"]);
    insta::assert_snapshot!(out);
}

#[tokio::test]
async fn the_json_is_one_array_with_all_keys() {
    let (_, out, _) = list(&shelf(), false, true).await;
    insta::assert_snapshot!(out);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let in_flight: Vec<_> = rows.iter().map(|row| row["in_flight"].as_bool()).collect();
    assert_eq!(in_flight, [None, None, Some(false), None, Some(false)]);
    let (_, out, _) = list(&shelf(), true, true).await;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let in_flight: Vec<_> = rows.iter().map(|row| row["in_flight"].as_bool()).collect();
    assert_eq!(in_flight, [Some(true), None]);
}

#[tokio::test]
async fn a_list_without_rows_says_so_beside_the_table_alone() {
    let shelf = Shelf {
        offers: Ok(Vec::new()),
        ..shelf()
    };
    let as_json = (Exit::Done, "[]\n".to_owned(), String::new());
    assert_eq!(list(&shelf, false, true).await, as_json);
    for (in_flight, said) in [(false, "no offers"), (true, "nothing in flight")] {
        let (exit, out, err) = list(&shelf, in_flight, false).await;
        assert_eq!((exit, out.lines().count()), (Exit::Done, 1), "the header");
        assert_eq!(err, format!("countermand: contoso has {said}\n"));
    }
}

#[tokio::test]
async fn a_failure_is_told_and_nothing_is_written() {
    for (class, exit) in [(Class::SignIn, Exit::SignIn), (Class::Forbidden, Exit::Failure)] {
        let shelf = Shelf {
            offers: Err(failure(class)),
            ..shelf()
        };
        let (exited, out, err) = list(&shelf, false, true).await;
        assert_eq!((exited, out.as_str()), (exit, ""));
        assert!(err.contains("try again"));
    }
}

#[tokio::test]
async fn a_full_disk_is_no_success() {
    use crate::cli::io::tests::Broken;
    let mut io = Io {
        out: &mut Broken(std::io::ErrorKind::StorageFull),
        err: &mut Vec::new(),
        ask: None,
        zone: TimeZone::UTC,
    };
    let exit = run(&shelf(), &"contoso".into(), &OffersArgs::default(), &mut io).await;
    assert_eq!(exit, Exit::Failure);
}
