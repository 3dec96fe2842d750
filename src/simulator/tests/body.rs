//! The body of a cancel is read: nothing, or an object that may say who is mailed.

use super::*;

/// Cancels with this body. How it was answered.
async fn cancel_with(bench: &Bench, body: &str) -> Seen {
    let url = format!("{}{CANCEL}", bench.simulator.origin());
    let request = bench
        .client
        .post(url)
        .bearer_auth(bench.simulator.token())
        .body(body.to_owned());
    let response = soon(request.send()).await.unwrap();
    Seen {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}

#[tokio::test]
async fn a_body_of_the_right_form_is_taken() {
    for body in [
        "",
        "  ",
        "{}",
        r#"{"metadata":null}"#,
        r#"{"metadata":{}}"#,
        r#"{"metadata":{"notification-emails":"a@contoso.com,b@contoso.com"}}"#,
        r#"{"metadata":{"notification-emails":null},"also":1}"#,
    ] {
        let bench = Bench::bundled("accepted-location").await;
        assert_eq!(cancel_with(&bench, body).await.status, 202, "{body}");
    }
}

#[tokio::test]
async fn a_malformed_body_is_400_and_cancels_nothing() {
    let bench = Bench::bundled("accepted-location").await;
    for body in [
        "{",
        "null",
        "[]",
        "'metadata'",
        r#"{"metadata":"a@contoso.com"}"#,
        r#"{"metadata":{"notification-emails":["a@contoso.com"]}}"#,
        r#"{"metadata":{"notification-emails":"a@contoso.com,"}}"#,
        r#"{"metadata":{"notification-emails":"nobody"}}"#,
    ] {
        let seen = cancel_with(&bench, body).await;
        assert_eq!(seen.status, 400, "{body}");
        assert_eq!(seen.json()["error"]["code"], "BadRequest", "{body}");
    }
    assert_eq!(bench.carried_out(), 0);
}
