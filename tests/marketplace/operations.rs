//! Operations of an offer, with and without the list route, and the targets of locations.

use std::time::Duration;

use countermand::{
    domain::{
        lead::{Lead, LeadsTo, UntrustedReason},
        operation::Source,
        status::Phase,
    },
    engine::{failure::Class, ports::Catalogue},
};

use crate::{
    OPERATION, client, contoso,
    server::{Reply, Server},
    target, vm,
};

const MISSING: &str = r#"{"Message":"No HTTP resource was found"}"#;

fn path(request: &str) -> &str {
    let path = request.split(' ').nth(1).unwrap();
    path.strip_suffix("?api-version=2017-10-31").unwrap()
}

/// Starts a service without the list of submissions, whose offer has the state `status`.
async fn without_list(gone: &'static str, status: &'static str) -> Server {
    Server::start(move |_, request| match path(request) {
        "/api/publishers/contoso/offers/contoso-vm" => Reply::json(
            "200 OK",
            r#"{"id":"contoso-vm","version":7,"changedTime":"2022-06-02T12:25:56.651"}"#,
        ),
        "/api/publishers/contoso/offers/contoso-vm/status" => Reply::json(
            "200 OK",
            &format!(r#"{{"status":"{status}","steps":[{{"id":"live","status":"notStarted"}}]}}"#),
        ),
        _ => Reply::json(gone, MISSING),
    })
    .await
}

#[tokio::test]
async fn operation_listed_twice_is_one_and_active_if_any_row_is() {
    let row = |id: &str, state: &str| {
        format!(r#"{{"id":"{id}","slot":"Draft","submissionType":"Publish","submissionState":"{state}"}}"#)
    };
    let rows = [
        row("a", "Completed"),
        row("b", "Running"),
        row("a", "Running"),
        row("b", "Running"),
    ];
    let body = format!("[{}]", rows.join(","));
    let server = Server::start(move |_, _| Reply::json("200 OK", &body)).await;
    let operations = client(&server.origin)
        .operations(&contoso(), &vm())
        .await
        .unwrap();
    let read: Vec<_> = operations
        .list
        .iter()
        .map(|operation| (operation.id.as_ref().unwrap().raw(), operation.state.is_active()))
        .collect();
    assert_eq!(read, [("a", true), ("b", true)]);
}

#[tokio::test]
async fn missing_list_falls_back_to_the_offer_status() {
    for gone in ["404 Not Found", "405 Method Not Allowed"] {
        let server = without_list(gone, "running").await;
        let client = client(&server.origin);
        let operations = client.operations(&contoso(), &vm()).await.unwrap();
        assert_eq!(operations.source, Source::OfferStatus);
        let [operation] = &operations.list[..] else {
            panic!("{operations:?}");
        };
        assert_eq!(operation.id, None);
        assert_eq!(operation.offer_version, Some(7));
        assert_eq!(
            operation.changed_at.unwrap().to_string(),
            "2022-06-02T12:25:56.651Z"
        );
        assert_eq!(operation.state.phase(), Phase::Running);
        assert_eq!(operations.detail.unwrap().steps.len(), 1);

        client.operations(&contoso(), &vm()).await.unwrap();
        let requested = server.lines();
        let lists = requested
            .iter()
            .filter(|line| line.contains("/submissions/?"))
            .count();
        assert_eq!(
            (requested.len(), lists),
            (5, 1),
            "a route that is gone is not requested each time: {requested:?}"
        );
    }
}

#[tokio::test]
async fn unpublished_offer_has_no_operation() {
    let server = without_list("404 Not Found", "neverPublished").await;
    let operations = client(&server.origin)
        .operations(&contoso(), &vm())
        .await
        .unwrap();
    assert!(operations.list.is_empty());
}

#[tokio::test]
async fn listed_operation_is_read_again_at_once() {
    let server = without_list("404 Not Found", "running").await;
    let client = client(&server.origin);
    for listed in 1..=3 {
        let read = client.operations_with(&contoso(), &vm(), &OPERATION.into()).await;
        assert_eq!(read.unwrap().source, Source::OfferStatus);
        let requests = server.requests();
        let requested = requests
            .iter()
            .filter(|request| path(request).contains("/submissions"));
        assert_eq!(requested.count(), listed);
    }
}

#[tokio::test]
async fn missing_offer_is_not_a_missing_route() {
    let server = Server::start(|_, request| match path(request) {
        "/api/publishers/contoso/offers/contoso-vm/submissions/" => Reply::json("200 OK", "[]"),
        _ => Reply::json("404 Not Found", MISSING),
    })
    .await;
    let client = client(&server.origin);
    let failure = client.operations(&contoso(), &"gone".into()).await.unwrap_err();
    assert_eq!(failure.class, Class::NotFound);
    assert_eq!(failure.request.as_str(), "GET offer contoso/gone");
    let operations = client.operations(&contoso(), &vm()).await.unwrap();
    assert_eq!(operations.source, Source::Submissions);
}

#[tokio::test]
async fn other_list_failures_are_not_a_missing_route() {
    let server = Server::replying(vec![Reply::json("500 Internal Server Error", "")]).await;
    let failure = client(&server.origin)
        .operations(&contoso(), &vm())
        .await
        .unwrap_err();
    assert_eq!(failure.request.as_str(), "GET operations of contoso/contoso-vm");
    assert_eq!(server.lines().len(), 1);
}

fn lead(to: LeadsTo) -> Lead {
    Lead {
        shown: "as it came".into(),
        to,
    }
}

#[tokio::test]
async fn location_is_rebuilt_and_its_retry_after_is_read() {
    let older = [("number", "2"), ("slot", "preview")].map(|(name, part)| (name.into(), part.into()));
    let id = format!("/api/publishers/contoso/offers/contoso-vm/operations/{OPERATION}");
    for (to, line) in [
        (LeadsTo::Operation(OPERATION.into()), id.as_str()),
        (
            LeadsTo::Parts(older.into()),
            "/api/operations/contoso$contoso-vm$2$preview",
        ),
    ] {
        let head = "Content-Type: application/json\r\nRetry-After: 9\r\n";
        let server = Server::replying(vec![Reply::with("200 OK", head, r#"[{"status":"canceled"}]"#)]).await;
        let followed = client(&server.origin)
            .track(&target(&server.origin), Some(&lead(to)), None)
            .await
            .unwrap();
        assert_eq!(followed.detail.state.phase(), Phase::Canceled);
        assert_eq!(followed.retry_after, Some(Duration::from_secs(9)));
        assert_eq!(
            server.lines(),
            [format!("GET {line}?api-version=2017-10-31 HTTP/1.1")]
        );
    }
}

#[tokio::test]
async fn untrusted_or_foreign_locations_are_not_called() {
    let server = Server::replying(vec![Reply::json("200 OK", "{}")]).await;
    let other = Server::replying(vec![Reply::json("200 OK", "{}")]).await;
    let client = client(&server.origin);
    let ours = target(&server.origin);
    let inert = client
        .track(
            &ours,
            Some(&lead(LeadsTo::Untrusted(UntrustedReason::OtherOrigin))),
            None,
        )
        .await;
    let theirs = client
        .track(
            &target(&other.origin),
            Some(&lead(LeadsTo::Operation("1".into()))),
            None,
        )
        .await;
    let evil = client.operation(&contoso(), &vm(), &"../../x".into()).await;
    let slashed = client.offers(&"a/b".into()).await;
    for failure in [
        inert.unwrap_err(),
        theirs.unwrap_err(),
        evil.unwrap_err(),
        slashed.unwrap_err(),
    ] {
        assert_eq!(failure.class, Class::Bug);
        assert!(failure.request.as_str().starts_with("GET "), "{failure}");
        assert!(failure.what.as_str().starts_with("not called"), "{failure}");
    }
    assert_eq!((server.connections(), other.connections()), (0, 0));
}
