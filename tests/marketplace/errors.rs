//! Failures to answer: each description is complete, and names the request.

use std::time::Duration;

use countermand::engine::{
    failure::{Class, Failure},
    ports::Catalogue,
    schedule,
};

use crate::{
    TOKEN, client, contoso, sentence,
    server::{Reply, Server, answer},
    vm,
};

async fn failing(reply: Reply) -> Failure {
    let server = Server::replying(vec![reply]).await;
    let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
    assert_eq!(failure.request.as_str(), "GET offers of contoso");
    assert!(!failure.advice.is_empty(), "{failure}");
    failure
}

#[tokio::test]
async fn every_error_form_is_read() {
    for (status, class, body, expected) in [
        (
            "400 Bad Request",
            Class::Bug,
            r#"{"error":{"code":"InvalidAPIVersion","message":"Invalid api version. Allowed values are [x]"}}"#,
            "InvalidAPIVersion: Invalid api version. Allowed values are [x]",
        ),
        (
            "403 Forbidden",
            Class::Forbidden,
            r#"{"error":{"code":"Forbidden","message":"User does not have the required permissions"}}"#,
            "Forbidden: User does not have the required permissions",
        ),
        (
            "409 Conflict",
            Class::Bug,
            r#"{"error":{"message":"Offer ID already exists."}}"#,
            "Offer ID already exists.",
        ),
        (
            "404 Not Found",
            Class::NotFound,
            r#"{"Message":"No such\noffer"}"#,
            "No such offer",
        ),
        (
            "404 Not Found",
            Class::NotFound,
            r#"{"message":"No such offer"}"#,
            "No such offer",
        ),
        (
            "500 Internal Server Error",
            Class::Transient,
            r#"{"Variant":{"serviceName":"Variant","error":"snapshot() resulted in an internal conflict! Retry is OK.\r\n[x]"}}"#,
            "snapshot() resulted in an internal conflict! Retry is OK. [x]",
        ),
        (
            "502 Bad Gateway",
            Class::Transient,
            "upstream\r\n  died \u{1b}[2J",
            "upstream died ^[[2J",
        ),
        (
            "502 Bad Gateway",
            Class::Transient,
            "<html><style>p{}</style><h1>Bad</h1> gateway</html>",
            "Bad gateway",
        ),
        ("504 Gateway Timeout", Class::Transient, "", "504 Gateway Timeout"),
        (
            "500 Internal Server Error",
            Class::Transient,
            r#"{"other":1}"#,
            r#"{"other":1}"#,
        ),
        ("410 Gone", Class::NotFound, "[]", "[]"),
        ("302 Found", Class::Bug, "", "302 Found"),
    ] {
        let head = "X-Ms-Correlation-Request-Id: 5f3c\r\nContent-Type: application/json\r\n";
        let failure = failing(Reply::with(status, head, body)).await;
        assert_eq!(failure.class, class, "{failure}");
        assert_eq!(failure.correlation_id, Some("5f3c".into()));
        assert_eq!(failure.status.unwrap().to_string(), status[..3]);
        assert!(failure.what.as_str().ends_with(expected), "{failure}");
        assert!(sentence(&failure).contains("[correlation 5f3c]"));
    }
}

#[tokio::test]
async fn long_body_is_cut() {
    let failure = failing(Reply::json("500 Internal Server Error", &"x".repeat(100_000))).await;
    assert!(failure.what.as_str().len() < 400, "{failure}");
}

#[tokio::test]
async fn retry_after_is_read() {
    let dates = "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    for (status, head, class, rest) in [
        (
            "429 Too Many Requests",
            "Retry-After: 7\r\n",
            Class::Throttled,
            Some(7),
        ),
        ("429 Too Many Requests", dates, Class::Throttled, Some(30)),
        ("429 Too Many Requests", "", Class::Throttled, None),
        (
            "503 Service Unavailable",
            "Retry-After: 7\r\n",
            Class::Throttled,
            Some(7),
        ),
        ("503 Service Unavailable", "", Class::Transient, None),
        ("500 Internal Server Error", "", Class::Transient, None),
    ] {
        let failure = failing(Reply::with(status, head, "")).await;
        assert_eq!(failure.class, class, "{status}");
        assert_eq!(
            schedule::cooldown_after(&failure),
            rest.map(Duration::from_secs),
            "{status}"
        );
    }
}

#[tokio::test]
async fn non_json_is_described_with_its_position() {
    const JSON: &str = "Content-Type: application/json\r\n";
    const HTML: &str = "Content-Type: text/html\r\n";
    for (head, body, expected) in [
        (
            JSON,
            "[{\"id\":\"a\",\n \"sta",
            &["breaks off at line 2 column 5", "application/json"][..],
        ),
        (JSON, "[{\"id\":\"a\"}", &["breaks off at line 1"]),
        (JSON, "[{\"id\" \"a\"}]", &["no valid JSON", "line 1 column 8"]),
        (JSON, "[] []", &["no valid JSON", "trailing characters"]),
        (JSON, "{\"value\":[]}", &["of another form where a list was due"]),
        (JSON, "null", &["of another form"]),
        (
            JSON,
            "<html>\u{1b}]0;x</html>",
            &[
                "no valid JSON",
                "begins with `<html>^[]0;x</html>`",
                "sign-in page",
            ],
        ),
        (
            HTML,
            "<!doctype html><p>Sign in",
            &[
                "text/html came where JSON was due",
                "<!doctype html>",
                "sign-in page",
            ],
        ),
        (HTML, "[]", &["text/html came where JSON was due"]),
        (
            "Content-Type: text/plain\r\n",
            "[]",
            &["text/plain came where JSON was due"],
        ),
        (JSON, "", &["200 OK with an empty body (application/json)"]),
        ("", " \r\n", &["empty body (no content type)"]),
    ] {
        let failure = failing(Reply::with("200 OK", head, body)).await;
        assert_eq!(failure.class, Class::Foreign, "{failure}");
        for expected in expected {
            assert!(
                sentence(&failure).contains(expected),
                "{failure}\nlacks: {expected}"
            );
        }
    }
}

#[tokio::test]
async fn answer_without_a_content_type_is_read() {
    let server = Server::replying(vec![Reply::with("200 OK", "", "[{\"id\":\"a\"}]")]).await;
    assert_eq!(client(&server.origin).offers(&contoso()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn single_object_is_required() {
    for body in ["[]", "7", "\"running\"", "null"] {
        let server = Server::replying(vec![Reply::json("200 OK", body)]).await;
        let failure = client(&server.origin)
            .offer_status(&contoso(), &vm())
            .await
            .unwrap_err();
        assert_eq!(failure.request.as_str(), "GET status of contoso/contoso-vm");
        assert!(
            sentence(&failure).contains("where one object was due"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn deep_nesting_is_harmless() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let unknown = format!(r#"[{{"id":"a","new":{deep},"definition":{deep},"version":{deep}}}]"#);
    let server = Server::replying(vec![Reply::json("200 OK", &unknown)]).await;
    assert_eq!(client(&server.origin).offers(&contoso()).await.unwrap().len(), 1);
    let objects = r#"{"error":"#.repeat(100_000);
    for body in [deep, objects] {
        assert_eq!(
            failing(Reply::json("500 Internal Server Error", &body))
                .await
                .class,
            Class::Transient
        );
    }
}

#[tokio::test]
async fn truncated_answer_is_reported() {
    let whole = answer(
        "200 OK",
        "Content-Type: application/json\r\n",
        b"[{\"id\":\"a\"}]",
    );
    let failure = failing(Reply::Last(whole[..whole.len() - 4].to_vec())).await;
    assert_eq!((failure.class, failure.status), (Class::Transient, Some(200)));
    assert!(sentence(&failure).contains("broke off"), "{failure}");
    let failure = failing(Reply::Last(Vec::new())).await;
    assert_eq!((failure.class, failure.status), (Class::Transient, None));
    assert!(sentence(&failure).contains("ended before an answer"), "{failure}");
    let failure = failing(Reply::Last(b"SSH-2.0-x\r\n\r\n".to_vec())).await;
    assert_eq!(failure.class, Class::Transient);
}

#[tokio::test]
async fn echoed_token_is_hidden() {
    for reply in [
        Reply::json(
            "500 Internal Server Error",
            &format!("{{\"message\":\"Bearer {TOKEN}\"}}"),
        ),
        Reply::json("500 Internal Server Error", &format!("you sent {TOKEN}")),
        Reply::with(
            "200 OK",
            "Content-Type: text/plain\r\n",
            &format!("you sent {TOKEN}"),
        ),
        Reply::json("200 OK", &format!("{}{TOKEN}", "x".repeat(70))),
        Reply::json(
            "500 Internal Server Error",
            &format!("{{\"message\":\"Bearer \\u0065{}\"}}", &TOKEN[1..]),
        ),
        Reply::with(
            "500 Internal Server Error",
            "Content-Type: text/html\r\n",
            &format!("<p>you sent &#101;{}", &TOKEN[1..]),
        ),
        Reply::with(
            "500 Internal Server Error",
            &format!("x-ms-correlation-request-id: {TOKEN}\r\n"),
            "",
        ),
        Reply::with("200 OK", &format!("Content-Type: {TOKEN}\r\n"), "x"),
    ] {
        let failure = failing(reply).await;
        assert!(!format!("{failure:?}").contains("eyJ0"), "{failure:?}");
    }
}
