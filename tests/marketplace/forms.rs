//! Lists and details in undocumented forms.

use countermand::{
    domain::{
        operation::{CancelState, Destination},
        status::Phase,
    },
    engine::ports::Catalogue,
};

use crate::{
    OPERATION, client, contoso,
    server::{Reply, Server, answer},
    vm,
};

async fn answering(body: &str) -> Server {
    Server::replying(vec![Reply::json("200 OK", body)]).await
}

#[tokio::test]
async fn offer_list_loads_with_any_content() {
    let server = answering(
        r#"[
        {"offerTypeId":"microsoft-azure-virtualmachines","publisherId":"contoso","status":"neverPublished",
         "pcMigrationStatus":"migrated","lockStatus":"none","pcRedirectUri":"","isvUpgradeRequest":false,
         "offerTypeChanges":[],"offerTypeVersionsOverride":{},"id":"test-vm","version":0,
         "definition":{"displayText":"Test \u001b[31mVM","plans":[{"deep":[[[]]]}]},
         "changedTime":"2022-06-02T12:25:56.651"},
        {"id":"big","version":636576975611768314,"status":"quantum","changedTime":"2022-06-01T05:41:25.9695742Z"},
        {"id":"text-version","version":"636576975611768314","status":null,"definition":null,"changedTime":"soon"},
        {"id":"wrong","version":1.5,"status":{"a":1},"definition":"none","offerTypeId":[1],"changedTime":7},
        {"id":77,"version":99999999999999999999,"status":true},
        {"ID":"cased","Status":"Running"},
        {"id":"twice","status":"failed","status":"running"},
        {"id":"../evil","status":"running"},
        {"status":"running"}, {"id":null}, {}, null, 7, "text", [1]
        ]"#,
    )
    .await;
    let offers = client(&server.origin).offers(&contoso()).await.unwrap();
    let ids: Vec<&str> = offers.iter().map(|offer| offer.id.raw()).collect();
    let all = [
        "test-vm",
        "big",
        "text-version",
        "wrong",
        "77",
        "cased",
        "twice",
        "../evil",
    ];
    assert_eq!(ids, all);

    let first = &offers[0];
    assert_eq!(first.name.as_str(), "Test ^[[31mVM");
    assert_eq!(first.short_kind(), "virtualmachines");
    assert_eq!(first.state.phase(), Phase::Idle);
    assert_eq!(first.changed_at.unwrap().to_string(), "2022-06-02T12:25:56.651Z");
    assert_eq!(offers[1].version, Some(636_576_975_611_768_314));
    assert_eq!(offers[1].state.word().as_str(), "quantum");
    assert_eq!(
        offers[1].changed_at.unwrap().to_string(),
        "2022-06-01T05:41:25.9695742Z"
    );
    assert_eq!(offers[2].version, Some(636_576_975_611_768_314));
    assert_eq!(offers[2].name.as_str(), "text-version");
    assert_eq!((offers[3].version, offers[3].changed_at), (None, None));
    assert_eq!(offers[3].state.phase(), Phase::Unknown);
    assert_eq!(offers[4].version, None);
    assert_eq!(offers[5].state.phase(), Phase::Running);
    assert_eq!(offers[6].state.phase(), Phase::Running);
    assert!(offers[7].id.is_unsafe_segment(), "shown, and never sent");
}

#[tokio::test]
async fn invalid_utf8_replaces_one_character_and_hides_no_offer() {
    let body =
        br#"[{"id":"vm","definition":{"displayText":"Caf\xe9 \ud800"},"status":"running"},{"id":"db"}]"#;
    let body: Vec<u8> = body.to_vec();
    let latin = body
        .windows(4)
        .position(|part| part == br"\xe9")
        .map(|at| [&body[..at], b"\xe9", &body[at + 4..]].concat())
        .unwrap();
    let head = "Content-Type: application/json\r\n";
    let server = Server::replying(vec![Reply::Bytes(answer("200 OK", head, &latin))]).await;
    let offers = client(&server.origin).offers(&contoso()).await.unwrap();
    assert_eq!(offers.len(), 2);
    assert_eq!(offers[0].name.as_str(), "Caf\u{fffd} \u{fffd}");
    assert_eq!(offers[0].state.phase(), Phase::Running);
}

#[tokio::test]
async fn empty_lists_are_read() {
    let server = answering("[]").await;
    let client = client(&server.origin);
    assert!(client.offers(&contoso()).await.unwrap().is_empty());
    assert!(client.publishers().await.unwrap().is_empty());
    assert!(
        client
            .operations(&contoso(), &vm())
            .await
            .unwrap()
            .list
            .is_empty()
    );
}

#[tokio::test]
async fn only_publishers_with_an_id_are_listed() {
    let server = answering(
        r#"[{"version":1,"id":"contoso","definition":{"displayText":"Contoso","sellerId":5}},{"version":2}]"#,
    )
    .await;
    assert_eq!(client(&server.origin).publishers().await.unwrap(), [contoso()]);
    assert_eq!(
        server.lines(),
        ["GET /api/publishers?api-version=2017-10-31 HTTP/1.1"]
    );
}

#[tokio::test]
async fn submissions_load_with_any_content() {
    let body = format!(
        r#"[{{"id":"{OPERATION}","offerId":"a-guid","offerVersion":3,"submissionType":"publish","slot":"staging",
            "submissionState":"running","publishingVersion":1,"version":636576975611768314,
            "definition":{{"metadata":{{"emails":"a@x"}}}},"changedTime":"2018-03-26T21:46:01.179948+00:00"}},
           {{"id":"b","slot":"production","status":"completed","createdDateTime":"2018-03-26"}},
           {{"submissionState":"running"}}, {{"id":"c","slot":5,"submissionState":["running"]}}]"#
    );
    let server = answering(&body).await;
    let operations = client(&server.origin)
        .operations(&contoso(), &vm())
        .await
        .unwrap();
    let [first, second, nameless, third] = &operations.list[..] else {
        panic!("{operations:?}");
    };
    assert_eq!(first.id.as_ref().unwrap().raw(), OPERATION);
    assert_eq!(first.destination, Destination::Preview);
    assert_eq!(
        (first.offer_version, first.version),
        (Some(3), Some(636_576_975_611_768_314))
    );
    assert_eq!(second.destination, Destination::Live);
    assert_eq!(second.state.phase(), Phase::Succeeded);
    assert!(second.changed_at.is_some());
    assert!(
        nameless.id.is_none() && nameless.state.is_active(),
        "a cancel would hit it like any other"
    );
    assert!(
        third.state.is_active(),
        "an unreadable state is not known to have ended"
    );
    assert!(third.destination.may_be_production());
}

#[tokio::test]
async fn operation_is_an_object_or_a_single_element_list() {
    let object = r#"{"status":"running","cancellationRequestState":"canCancel","publishingVersion":2,
        "messages":[{"messageHtml":"<b>Hi</b> &amp; bye\u202e","level":"information","timestamp":"2018-03-26T21:46:01.1768123Z"},
                    {"messageHtml":null}, 7],
        "steps":[{"id":"displaycertify","stepName":"Certification","status":"inProgress","estimatedTimeFrame":"< 5 days",
                  "progressPercentage":5,"messages":null},
                 {"id":"publisher-signoff","status":"notStarted"}, {"status":"complete"}, null],
        "previewLinks":[{"displayText":"x","Uri":"y"}],"liveLinks":[{}],"new":{"a":[1,{"b":2}]}}"#;
    for body in [
        object.to_owned(),
        format!("[{object}]"),
        format!("\u{feff}{object}"),
    ] {
        let server = answering(&body).await;
        let detail = client(&server.origin)
            .operation(&contoso(), &vm(), &OPERATION.into())
            .await
            .unwrap();
        assert_eq!(detail.state.phase(), Phase::Running);
        assert_eq!(detail.cancel_state, CancelState::CanCancel);
        assert_eq!(detail.messages.len(), 1);
        assert_eq!(detail.messages[0].text.as_str(), "Hi & bye<U+202E>");
        assert!(detail.messages[0].at.is_some());
        let steps: Vec<&str> = detail.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(steps, ["Certification", "publisher-signoff"]);
        assert_eq!(detail.steps[0].estimate.as_str(), "< 5 days");
    }
}
