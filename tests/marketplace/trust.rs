//! The token goes to one origin, and nothing redirects it.

use countermand::{
    domain::answer::Outcome,
    engine::{failure::Class, ports::Catalogue},
};

use crate::{
    Cancels as _, TOKEN, client, contoso, options, sender,
    server::{Reply, Server, header},
    soon, target,
};

#[tokio::test]
async fn redirects_are_not_followed() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let elsewhere = Server::replying(vec![Reply::json("200 OK", "[]")]).await;
        let head = format!("Location: {}/api/publishers\r\n", elsewhere.origin);
        let server = Server::replying(vec![Reply::with(status, &head, "")]).await;

        let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
        assert_eq!(failure.class, Class::Bug);
        assert!(
            failure.advice.as_str().contains("redirects are not followed"),
            "{failure}"
        );

        let answer = sender(&server.origin)
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap();
        assert_eq!(answer.outcome, Outcome::Uncertain);
        assert!(!answer.lead.unwrap().is_callable());

        assert_eq!(
            (server.requests().len(), elsewhere.connections()),
            (2, 0),
            "{status}"
        );
    }
}

#[tokio::test]
async fn reading_request_is_minimal() {
    let server = Server::replying(vec![Reply::json("200 OK", "[]")]).await;
    client(&server.origin).offers(&contoso()).await.unwrap();
    let requests = server.requests();
    let request = &requests[0];
    assert!(request.starts_with("GET /api/publishers/contoso/offers?api-version=2017-10-31 HTTP/1.1\r\n"));
    assert_eq!(
        header(request, "authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(header(request, "accept"), Some("application/json"));
    assert_eq!(header(request, "accept-encoding"), Some("gzip"));
    assert_eq!(header(request, "if-match"), None);
    assert_eq!(header(request, "cookie"), None);
}

#[tokio::test]
async fn reading_reuses_connections() {
    let server = Server::replying(vec![Reply::json("200 OK", "[]")]).await;
    let client = client(&server.origin);
    for _ in 0..5 {
        client.offers(&contoso()).await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (5, 1));
}

#[tokio::test]
async fn debug_options_hide_the_token() {
    let server = Server::replying(vec![Reply::json("200 OK", "[]")]).await;
    let shown = format!("{:?}", options(&server.origin));
    assert!(
        shown.contains(server.origin.as_str()) && !shown.contains("secret"),
        "{shown}"
    );
}
