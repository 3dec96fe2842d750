//! The cancel request on the wire, and the parts of its answer that are kept.

use std::time::Duration;

use countermand::{
    domain::{
        answer::Outcome,
        confirmation::Address,
        ids::Origin,
        lead::{LeadsTo, UntrustedReason},
        text::SafeText,
    },
    engine::{
        failure::Class,
        ports::{Canceller as _, SendFailure},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    Cancels as _, OPERATION, TOKEN, sender, sentence,
    server::{Reply, Server, answer, header},
    soon, target,
};

fn addresses(raw: &[&str]) -> Vec<Address> {
    raw.iter().map(|raw| raw.parse().unwrap()).collect()
}

#[tokio::test]
async fn cancel_request_is_exact() {
    for (notify, body) in [
        (&[][..], "{}"),
        (
            &["a@x", "b+c@y.example"],
            r#"{"metadata":{"notification-emails":"a@x,b+c@y.example"}}"#,
        ),
    ] {
        let server = Server::replying(vec![Reply::json("200 OK", "")]).await;
        let (target, notify) = (target(&server.origin), addresses(notify));
        let answer = sender(&server.origin)
            .send(&target, &notify, soon())
            .await
            .unwrap();
        assert_eq!(answer.outcome, Outcome::Done);
        let requests = server.requests();
        let [request] = &requests[..] else {
            panic!("{requests:?}");
        };
        let (head, sent_body) = request.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        assert_eq!(
            lines.next(),
            Some("POST /api/publishers/contoso/offers/contoso-vm/cancel?api-version=2017-10-31 HTTP/1.1")
        );
        let mut headers: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
        headers.sort();
        let host = server.origin.as_str().strip_prefix("http://").unwrap();
        let token = TOKEN.to_ascii_lowercase();
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            headers,
            [
                "accept: application/json".to_owned(),
                format!("authorization: bearer {token}"),
                format!("content-length: {}", body.len()),
                "content-type: application/json".to_owned(),
                format!("host: {host}"),
                format!("user-agent: countermand/{version}"),
            ],
            "and no If-Match among them"
        );
        assert_eq!(
            header(head, "authorization"),
            Some(format!("Bearer {TOKEN}").as_str())
        );
        assert_eq!(sent_body, body);
    }
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let server = Server::replying(vec![Reply::json("200 OK", "")]).await;
    let over = tokio::time::Instant::now() - Duration::from_millis(1);
    let sent = sender(&server.origin)
        .send(&target(&server.origin), &[], over)
        .await;
    assert!(matches!(sent, Err(SendFailure::NotSent(_))), "{sent:?}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn connection_is_idle_until_its_single_request() {
    let server = Server::replying(vec![Reply::json("202 Accepted", "")]).await;
    let (sender, target) = (sender(&server.origin), target(&server.origin));
    let mut ready = Vec::new();
    for _ in 0..3 {
        ready.push(sender.connect(&target).await.unwrap());
    }
    assert!(ready.iter().all(|ready| ready.is_open()));
    assert!(server.requests().is_empty());
    for (sent, ready) in ready.into_iter().enumerate() {
        let answer = ready.send(&[], soon()).await.unwrap();
        assert_eq!(answer.http_status, 202);
        assert_eq!((server.requests().len(), server.connections()), (sent + 1, 3));
    }
}

#[tokio::test]
async fn connection_closed_before_the_request_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Origin::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    for last_words in ["", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"] {
        let (sender, target) = (sender(&origin), target(&origin));
        let (ready, accepted) = tokio::join!(sender.connect(&target), listener.accept());
        let ready = ready.unwrap();
        let (mut stream, _) = accepted.unwrap();
        stream.write_all(last_words.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        while ready.is_open() {
            tokio::task::yield_now().await;
        }
        let sent = ready.send(&[], soon()).await;
        let Err(SendFailure::NotSent(failure)) = sent else {
            panic!("{sent:?}");
        };
        assert_eq!(failure.class, Class::Transient);
        assert!(
            sentence(&failure).contains("closed before a byte of it was written"),
            "{failure}"
        );
        let mut came = Vec::new();
        stream.read_to_end(&mut came).await.unwrap();
        assert!(came.is_empty(), "{came:?}");
    }
}

#[tokio::test]
async fn location_is_found_in_head_or_body() {
    let path = format!("/api/publishers/contoso/offers/contoso-vm/operations/{OPERATION}");
    let legacy = "/api/operations/contoso$contoso-vm$2$preview";
    let operation = LeadsTo::Operation(OPERATION.into());
    let older = [("number", "2"), ("slot", "preview")].map(|(name, part)| (name.into(), part.into()));
    let older = LeadsTo::Parts(older.into());
    let query = "?api-version=2017-10-31";
    for (head, body, way) in [
        (format!("Location: {path}{query}\r\n"), String::new(), &operation),
        (format!("Location: {path}\r\n"), String::new(), &operation),
        (
            format!("Location: ORIGIN{path}{query}\r\n"),
            String::new(),
            &operation,
        ),
        (
            format!("Operation-Location: ORIGIN{path}\r\n"),
            String::new(),
            &operation,
        ),
        (
            format!("operation-location: {path}\r\n"),
            String::new(),
            &operation,
        ),
        (format!("Location: {legacy}{query}\r\n"), String::new(), &older),
        (format!("Location: ORIGIN{legacy}\r\n"), String::new(), &older),
        (
            format!("Location: {path}\r\nOperation-Location: {legacy}\r\n"),
            String::new(),
            &operation,
        ),
        (String::new(), format!(r#"{{"Location":"{path}"}}"#), &operation),
        (
            String::new(),
            format!(r#"{{"operationLocation":"ORIGIN{legacy}"}}"#),
            &older,
        ),
        (String::new(), format!(r#""{path}{query}""#), &operation),
        (
            String::new(),
            format!("\u{feff}{{\"Location\":\"{path}\"}}"),
            &operation,
        ),
        (
            format!("Location: {path}\r\n"),
            format!(r#"{{"location":"{legacy}"}}"#),
            &operation,
        ),
        (
            "Location: https://evil.example/api\r\n".to_owned(),
            String::new(),
            &LeadsTo::Untrusted(UntrustedReason::OtherOrigin),
        ),
    ] {
        let server = Server::start({
            let (head, body) = (head.clone(), body.clone());
            move |_, request| {
                let origin = format!("http://{}", header(request, "host").unwrap());
                let (head, body) = (head.replace("ORIGIN", &origin), body.replace("ORIGIN", &origin));
                Reply::with("202 Accepted", &head, &body)
            }
        })
        .await;
        let answer = sender(&server.origin)
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap();
        assert_eq!(
            answer.lead.map(|location| location.to),
            Some(way.clone()),
            "{head}{body}"
        );
    }
}

#[tokio::test]
async fn every_answer_is_described_from_head_and_body() {
    for (status, class, body, expected) in [
        ("200 OK", Outcome::Done, "<html>", None),
        ("202 Accepted", Outcome::Accepted, "", None),
        ("204 No Content", Outcome::Accepted, "", None),
        (
            "400 Bad Request",
            Outcome::Refused,
            r#"{"error":{"code":"BadRequest","message":"Too late"}}"#,
            Some("BadRequest: Too late"),
        ),
        (
            "401 Unauthorized",
            Outcome::SignIn,
            r#"{"Message":"Who?"}"#,
            Some("Who?"),
        ),
        ("409 Conflict", Outcome::Refused, "busy", Some("busy")),
        ("429 Too Many Requests", Outcome::Throttled, "", None),
        (
            "500 Internal Server Error",
            Outcome::Uncertain,
            TOKEN,
            Some("[hidden]"),
        ),
    ] {
        let head = "X-Ms-Correlation-Request-Id: 5f3c\r\nRetry-After: 3\r\n";
        let server = Server::replying(vec![Reply::with(status, head, body)]).await;
        let answer = sender(&server.origin)
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap();
        assert_eq!(answer.outcome, class);
        assert_eq!(answer.correlation_id, Some("5f3c".into()));
        assert_eq!(answer.retry_after, Some(Duration::from_secs(3)));
        assert_eq!(answer.text.as_ref().map(SafeText::as_str), expected);
        assert_eq!(server.requests().len(), 1, "{status} is reported, not acted upon");
    }
}

#[tokio::test]
async fn truncated_body_leaves_the_head_valid() {
    let head = format!(
        "Location: /api/publishers/contoso/offers/contoso-vm/operations/{OPERATION}\r\nX-Ms-Correlation-Request-Id: 5f3c\r\n"
    );
    let whole = answer("202 Accepted", &head, b"{\"a\":1}");
    let server = Server::replying(vec![Reply::Last(whole[..whole.len() - 3].to_vec())]).await;
    let answer = sender(&server.origin)
        .send(&target(&server.origin), &[], soon())
        .await
        .unwrap();
    assert_eq!(answer.http_status, 202);
    assert_eq!(answer.correlation_id, Some("5f3c".into()));
    assert_eq!(answer.lead.unwrap().operation().unwrap().raw(), OPERATION);
}

#[tokio::test]
async fn refused_connection_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Origin::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let Err(SendFailure::NotSent(failure)) = sender(&origin).send(&target(&origin), &[], soon()).await else {
        panic!("not proven unsent");
    };
    assert_eq!(failure.class, Class::Transient);
    assert!(
        sentence(&failure).contains("POST cancel of contoso/contoso-vm: refused: no connection"),
        "{failure}"
    );
}

#[tokio::test]
async fn unsafe_or_foreign_target_is_not_sent() {
    let server = Server::replying(vec![Reply::json("200 OK", "")]).await;
    let mut inert = target(&server.origin);
    inert.offer = "a/../b".into();
    let elsewhere = target(&Origin::parse("https://cloudpartner.azure.com").unwrap());
    for target in [inert, elsewhere] {
        let sent = sender(&server.origin).send(&target, &[], soon()).await;
        assert!(
            matches!(&sent, Err(SendFailure::NotSent(failure)) if failure.class == Class::Bug),
            "{sent:?}"
        );
    }
    assert_eq!(server.connections(), 0);
}

/// Compresses `text` like the service.
fn packed(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn foreign_answer_is_uncertain_whatever_its_status() {
    const PAGE: &str = "<!DOCTYPE html><title>Sign in</title>Your session has expired";
    for status in [
        "200 OK",
        "202 Accepted",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "429 Too Many Requests",
    ] {
        for (head, body) in [
            ("Content-Type: text/html\r\n", PAGE),
            ("Content-Type: application/json\r\n", PAGE),
            (
                "Content-Type: text/plain\r\nRetry-After: 1\r\n",
                "blocked by policy",
            ),
        ] {
            let server = Server::replying(vec![Reply::with(status, head, body)]).await;
            let answer = sender(&server.origin)
                .send(&target(&server.origin), &[], soon())
                .await
                .unwrap();
            assert!(answer.is_foreign, "{status} {head}");
            assert_eq!(answer.outcome, Outcome::Uncertain, "{status} {head}");
            assert!(answer.text.is_some(), "it is told what came instead");
        }
        // The request id header alone marks a page as the service's own.
        let head = "Content-Type: text/html\r\nX-Ms-Correlation-Request-Id: c0ffee\r\n";
        let server = Server::replying(vec![Reply::with(status, head, PAGE)]).await;
        let answer = sender(&server.origin)
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap();
        assert!(!answer.is_foreign, "{status}");
    }
}

#[tokio::test]
async fn body_is_judged_after_decompression() {
    let location = "\u{feff}\"/api/publishers/contoso/offers/contoso-vm/operations/1\"";
    for (text, is_foreign) in [
        (location, false),
        ("\u{feff}{\"status\":\"running\"}", false),
        ("\u{feff} ", false),
        ("\u{feff}<html>", true),
        ("{\"error\":\"session expired\"}", true),
        ("{\"message\":\"sign in\"}", true),
        ("{\"ok\":true}", true),
    ] {
        let head = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
        let server = Server::replying(vec![Reply::Bytes(answer("202 Accepted", head, &packed(text)))]).await;
        let answered = sender(&server.origin)
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap();
        assert_eq!(answered.is_foreign, is_foreign, "{text}");
    }
}
