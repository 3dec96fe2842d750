//! Answers without end, and answers that are small on the wire and large in memory.

use std::{io::Write as _, time::Duration};

use countermand::{
    domain::text::SafeText,
    engine::{
        failure::Class,
        ports::{Catalogue, SendFailure},
    },
    service::{
        cpp::{Client, Sender},
        http::Limits,
    },
};
use flate2::{Compression, write::GzEncoder};

use crate::{
    Cancels as _, client, contoso, options, sentence,
    server::{Reply, Server, answer},
    soon, target, vm,
};

const JSON: &str = "Content-Type: application/json\r\n";

fn zipped(size: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"[").unwrap();
    for _ in 0..size >> 20 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    encoder.write_all(b"]").unwrap();
    encoder.finish().unwrap()
}

fn zipped_reply(size: usize) -> Reply {
    let head = format!("{JSON}Content-Encoding: gzip\r\n");
    Reply::Bytes(answer("200 OK", &head, &zipped(size)))
}

#[tokio::test]
async fn compression_bomb_is_cut_off() {
    let server = Server::replying(vec![
        zipped_reply(33 << 20),
        zipped_reply(31 << 20),
        zipped_reply(5 << 20),
    ])
    .await;
    let client = client(&server.origin);
    let failure = client.offers(&contoso()).await.unwrap_err();
    assert_eq!(failure.class, Class::Bug);
    assert!(sentence(&failure).contains("longer than the 32 MiB"), "{failure}");
    assert!(
        client.offers(&contoso()).await.unwrap().is_empty(),
        "below the limit it is read"
    );
    let failure = client.offer_status(&contoso(), &vm()).await.unwrap_err();
    assert!(sentence(&failure).contains("longer than the 4 MiB"), "{failure}");
}

#[tokio::test]
async fn endless_answer_is_abandoned() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000)).into_bytes();
    let chunked = format!("HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    let unframed = format!("HTTP/1.1 200 OK\r\n{JSON}\r\n").into_bytes();
    let refused = b"HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let announced = answer("200 OK", JSON, b"")
        .strip_suffix(b"0\r\n\r\n")
        .unwrap()
        .to_vec();
    let announced = [announced, b"99999999999\r\n\r\n".to_vec()].concat();
    for (head, class) in [
        (chunked, Class::Bug),
        (unframed, Class::Bug),
        (announced, Class::Bug),
        (refused, Class::Transient),
    ] {
        let server = Server::replying(vec![Reply::Endless(head, chunk.clone())]).await;
        let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
        assert_eq!(failure.class, class, "{failure}");
    }
}

#[tokio::test]
async fn endless_head_is_abandoned() {
    let head = b"HTTP/1.1 200 OK\r\n".to_vec();
    let line = format!("X: {}\r\n", "x".repeat(1000)).into_bytes();
    let server = Server::replying(vec![Reply::Endless(head, line)]).await;
    let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
    assert_eq!(failure.class, Class::Transient);
    assert!(
        failure.what.as_str().starts_with("the head of the answer"),
        "{}",
        failure.what
    );
}

#[tokio::test]
async fn invalid_compression_is_reported() {
    let whole = gzip(b"[]");
    for (name, body) in [
        ("gzip", &b"no gzip"[..]),
        ("gzip", &whole[..whole.len() - 1]),
        ("br", b"[]"),
        ("gzip, gzip, gzip", &whole),
    ] {
        let head = format!("{JSON}Content-Encoding: {name}\r\n");
        let server = Server::replying(vec![Reply::Bytes(answer("200 OK", &head, body))]).await;
        let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
        assert!(
            sentence(&failure).contains("could not be decompressed"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn gzip_variants_and_members_are_read() {
    let (begin, end) = (gzip(br#"[{"id":"a"},"#), gzip(br#"{"id":"b"}]"#));
    let parts = [begin, end].concat();
    for (name, body) in [
        ("GZIP", parts.clone()),
        ("x-gzip", parts.clone()),
        ("identity, Gzip", parts.clone()),
        ("gzip, gzip", gzip(&parts)),
        ("identity", br#"[{"id":"a"},{"id":"b"}]"#.to_vec()),
    ] {
        let head = format!("{JSON}Content-Encoding: {name}\r\n");
        let server = Server::replying(vec![Reply::Bytes(answer("200 OK", &head, &body))]).await;
        let offers = client(&server.origin).offers(&contoso()).await.unwrap();
        assert_eq!(offers.len(), 2, "{name}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn silent_answer_times_out() {
    let begun = answer("200 OK", JSON, b"[]");
    for bytes in [Vec::new(), begun[..begun.len() - 1].to_vec()] {
        let server = Server::replying(vec![Reply::Silence(bytes)]).await;
        let mut options = options(&server.origin);
        options.limits.answer = Duration::from_millis(50);
        let failure = Client::new(&options)
            .unwrap()
            .offers(&contoso())
            .await
            .unwrap_err();
        assert_eq!(failure.class, Class::Transient);
        assert!(
            sentence(&failure).contains("no whole answer in time"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn silent_service_times_out_before_a_slow_one() {
    let server = Server::replying(vec![Reply::Silence(Vec::new())]).await;
    let mut options = options(&server.origin);
    options.limits.head = Duration::from_millis(50);
    let failure = Client::new(&options)
        .unwrap()
        .offers(&contoso())
        .await
        .unwrap_err();
    assert_eq!(failure.class, Class::Transient);
    assert!(
        sentence(&failure).contains("no answer began within 0.05 s"),
        "{failure}"
    );
}

#[tokio::test]
async fn cancel_answer_counts_from_its_head() {
    let location = "/api/publishers/contoso/offers/contoso-vm/operations/9";
    let head = format!("HTTP/1.1 202 Accepted\r\nLocation: {location}\r\nContent-Length: 9\r\n\r\n{{");
    let server = Server::replying(vec![Reply::Silence(head.into_bytes())]).await;
    let mut options = options(&server.origin);
    options.limits = Limits {
        cancel_body: Duration::from_millis(50),
        ..Limits::default()
    };
    let sender = Sender::new(&options).unwrap();
    let answer = sender.send(&target(&server.origin), &[], soon()).await.unwrap();
    assert_eq!(answer.http_status, 202);
    assert_eq!(answer.lead.unwrap().operation().unwrap().raw(), "9");
}

/// Returns an answer whose bytes come one at a time, each just in time to seem alive.
fn dripping(head: &str, drop: &str) -> Reply {
    Reply::Drip(head.as_bytes().to_vec(), drop.as_bytes().to_vec())
}

#[tokio::test]
async fn dripping_answer_has_the_same_deadline() {
    let chunked = format!("HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n");
    for reply in [
        dripping("", "H"),
        dripping("HTTP/1.1 200 OK\r\n", "X: y\r\n"),
        dripping("HTTP/1.1 200 OK\r\nX: ", "x"),
        dripping(&chunked, "1\r\n \r\n"),
        dripping(
            &format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: 99999\r\n\r\n["),
            " ",
        ),
        dripping(
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 99999\r\n\r\n",
            "x",
        ),
    ] {
        let server = Server::replying(vec![reply.clone()]).await;
        let mut options = options(&server.origin);
        options.limits.answer = Duration::from_millis(50);
        let failure = Client::new(&options)
            .unwrap()
            .offers(&contoso())
            .await
            .unwrap_err();
        assert_eq!(failure.class, Class::Transient, "{reply:?}: {failure}");
        options.limits.cancel_body = Duration::from_millis(50);
        let sent = Sender::new(&options)
            .unwrap()
            .send(&target(&server.origin), &[], soon())
            .await;
        match sent {
            // The head came, and it says what counts.
            Ok(answer) => assert!(matches!(answer.http_status, 200 | 500), "{answer:?}"),
            Err(lost) => assert!(matches!(lost, SendFailure::AnswerLost(_)), "{lost:?}"),
        }
    }
}

#[tokio::test]
async fn deeply_nested_answer_is_skipped_or_refused() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let offers = |inside: String| format!(r#"[{{"id":"contoso-vm","definition":{inside},"other":[]}}]"#);
    for (body, is_read) in [
        // Unused fields are skipped without recursion or storage; a list of such values is not a list of offers.
        (deep("[", "]"), false),
        (format!("[{},{{}}]", deep("[", "]")), true),
        (deep("[", ""), false),
        (deep("{\"a\":", "}").replacen(":}", ":0}", 1), false),
        (offers(deep("[", "]")), true),
        (offers(deep("{\"displayText\":", "0}")), false),
        (
            offers(deep("{\"displayText\":", "}").replacen(":}", ":0}", 1)),
            true,
        ),
        (
            format!(r#"[{{"id":"contoso-vm","plans":{}}}]"#, deep("[", "]")),
            true,
        ),
    ] {
        let server = Server::replying(vec![Reply::json("200 OK", &body)]).await;
        let read = client(&server.origin).offers(&contoso()).await;
        let shown: String = body.chars().take(40).collect();
        match read {
            Ok(offers) => assert!(is_read && offers.len() <= 1, "{shown}"),
            Err(failure) => {
                assert!(!is_read, "{shown}: {failure}");
                assert_eq!(failure.class, Class::Foreign);
                assert!(sentence(&failure).chars().count() < 600, "{failure}");
            }
        }
    }
}

#[tokio::test]
async fn ten_megabyte_line_is_cut_on_entry() {
    let long = "x".repeat(10 << 20);
    let head = format!("{JSON}X-Ms-Correlation-Request-Id: {}\r\n", "c".repeat(50_000));
    let server = Server::replying(vec![
        Reply::json(
            "200 OK",
            &format!(r#"[{{"id":"contoso-vm","definition":{{"displayText":"{long}"}}}}]"#),
        ),
        Reply::json("200 OK", &long),
        Reply::with(
            "400 Bad Request",
            &head,
            &format!(r#"{{"error":{{"message":"{}"}}}}"#, &long[..3 << 20]),
        ),
        Reply::with("400 Bad Request", &head, &long),
    ])
    .await;
    let client = client(&server.origin);
    let offers = client.offers(&contoso()).await.unwrap();
    assert_eq!(offers[0].name.as_str().chars().count(), SafeText::LIMIT + 1);
    for _ in 0..3 {
        let failure = client.offers(&contoso()).await.unwrap_err();
        assert!(
            sentence(&failure).len() < 4 * SafeText::LIMIT,
            "{}",
            sentence(&failure).len()
        );
    }
}

#[tokio::test]
async fn hundred_thousand_offers_are_read() {
    let offers: Vec<String> = (0..100_000)
        .map(|n| format!(r#"{{"id":"vm-{n}","status":"running","definition":{{"displayText":"VM {n}"}}}}"#))
        .collect();
    let server = Server::replying(vec![Reply::json("200 OK", &format!("[{}]", offers.join(",")))]).await;
    let offers = client(&server.origin).offers(&contoso()).await.unwrap();
    assert_eq!((offers.len(), offers[99_999].id.raw()), (100_000, "vm-99999"));
}

#[tokio::test]
async fn next_page_links_are_not_followed() {
    let elsewhere = Server::replying(vec![Reply::json("200 OK", "[]")]).await;
    let next = format!("{}/api/publishers/contoso/offers", elsewhere.origin);
    let link = format!("{JSON}Link: <{next}>; rel=\"next\"\r\n");
    for (head, body, is_read) in [
        (JSON, format!(r#"{{"value":[],"nextLink":"{next}"}}"#), false),
        (
            JSON,
            format!(r#"{{"value":[],"@odata.nextLink":"{next}","@nextLink":"{next}"}}"#),
            false,
        ),
        (
            JSON,
            format!(r#"[{{"id":"contoso-vm","nextLink":"{next}"}}]"#),
            true,
        ),
        (&link, "[]".to_owned(), true),
    ] {
        let server = Server::replying(vec![Reply::with("200 OK", head, &body)]).await;
        let read = client(&server.origin).offers(&contoso()).await;
        match read {
            Ok(_) => assert!(is_read, "{body}"),
            // A part of a list must not pass for the whole.
            Err(failure) => assert!(
                !is_read && sentence(&failure).contains("a list was due"),
                "{failure}"
            ),
        }
        assert_eq!(
            (server.requests().len(), elsewhere.connections()),
            (1, 0),
            "{body}"
        );
    }
}

fn json_list(elements: impl Iterator<Item = String>) -> Reply {
    let elements: Vec<_> = elements.collect();
    Reply::json("200 OK", &format!("[{}]", elements.join(",")))
}

#[tokio::test]
async fn endless_offer_list_keeps_those_in_flight() {
    let at_rest = (0..100_000).map(|n| format!(r#"{{"id":"vm-{n}","status":"succeeded"}}"#));
    let in_flight = (0..3).map(|n| format!(r#"{{"id":"new-{n}","status":"running"}}"#));
    let server = Server::replying(vec![json_list(at_rest.chain(in_flight))]).await;
    let offers = client(&server.origin).offers(&contoso()).await.unwrap();
    assert_eq!((offers.list.len(), offers.left_out), (100_000, 3));
    let in_flight = offers.list.iter().filter(|offer| !offer.is_at_rest());
    assert_eq!(in_flight.count(), 3);
    assert_eq!(offers.list[0].id.raw(), "vm-0");
}

#[tokio::test]
async fn endless_operation_list_keeps_named_and_active_ones() {
    let ended = |n| format!(r#"{{"id":"old-{n}","submissionState":"succeeded"}}"#);
    let last = [("Named", "canceled"), ("active", "running"), ("odd", "quantum")];
    let last = last.map(|(id, state)| format!(r#"{{"id":"{id}","submissionState":"{state}"}}"#));
    let server = Server::replying(vec![json_list((0..10_000).map(ended).chain(last))]).await;
    let client = client(&server.origin);
    let read = client.operations(&contoso(), &vm()).await.unwrap();
    assert_eq!(
        (read.list.len(), read.left_out, read.is_whole()),
        (10_000, 3, false)
    );
    assert_eq!(read.active().count(), 2);
    assert!(read.find(&"named".into()).is_none());
    let read = client
        .operations_with(&contoso(), &vm(), &"named".into())
        .await
        .unwrap();
    assert_eq!((read.list.len(), read.active().count()), (10_000, 2));
    assert_eq!(
        read.find(&"named".into()).unwrap().state.word().as_str(),
        "canceled"
    );
}

#[tokio::test]
async fn non_objects_are_not_operations() {
    let body = r#"[null,0,"x",[],true,{"id":"a","submissionState":"running"},null]"#;
    let server = Server::replying(vec![
        Reply::json("200 OK", body),
        Reply::json("200 OK", "[null,null]"),
        Reply::json("200 OK", "[]"),
    ])
    .await;
    let client = client(&server.origin);
    let read = client.operations(&contoso(), &vm()).await.unwrap();
    assert_eq!((read.list.len(), read.is_whole()), (1, true));
    let failure = client.operations(&contoso(), &vm()).await.unwrap_err();
    assert!(
        sentence(&failure).contains("a list of objects was due"),
        "{failure}"
    );
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
async fn limits_on_steps_and_messages_are_reported() {
    let message = r#"{"messageHtml":"said"}"#;
    let messages = |some: usize| [message].repeat(some).join(",");
    let step = |n: usize| format!(r#"{{"id":"s{n}","messages":[null,{{}},{message}]}}"#);
    let steps: Vec<_> = (0..1_200).map(step).collect();
    let body = |steps: &[String], some| {
        let (steps, messages) = (steps.join(","), messages(some));
        Reply::json(
            "200 OK",
            &format!(r#"{{"status":"running","steps":[{steps}],"messages":[{messages}]}}"#),
        )
    };
    let server = Server::replying(vec![body(&steps, 700), body(&steps[..300], 700)]).await;
    let client = client(&server.origin);
    let read = client.offer_status(&contoso(), &vm()).await.unwrap();
    assert_eq!((read.steps.len(), read.all_messages().count()), (1_000, 1_001));
    let first = &read.messages[0];
    assert_eq!(first.level.as_str(), "warning");
    assert!(
        first
            .text
            .as_str()
            .contains("200 more steps and 700 more messages"),
        "{}",
        first.text
    );
    let read = client.offer_status(&contoso(), &vm()).await.unwrap();
    assert_eq!((read.steps.len(), read.all_messages().count()), (300, 1_000));
}
