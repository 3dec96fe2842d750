//! Answers that do not end, or that are small on the wire and large in memory.

use std::{io::Write as _, time::Duration};

use countermand::{
    engine::{
        failure::Class,
        ports::{Canceller, Catalogue},
    },
    marketplace::cpp::{Client, Limits, Sender},
};
use flate2::{Compression, write::GzEncoder};

use crate::{
    client, contoso, options, sentence,
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
async fn a_small_answer_that_unpacks_to_a_large_one_is_not_read_whole() {
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
async fn an_endless_answer_is_left() {
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
async fn an_endless_head_is_left() {
    let head = b"HTTP/1.1 200 OK\r\n".to_vec();
    let line = format!("X: {}\r\n", "x".repeat(1000)).into_bytes();
    let server = Server::replying(vec![Reply::Endless(head, line)]).await;
    let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
    assert_eq!(failure.class, Class::Transient);
}

#[tokio::test]
async fn what_is_packed_wrongly_is_said_to_be() {
    let head = format!("{JSON}Content-Encoding: gzip\r\n");
    let server = Server::replying(vec![Reply::with("200 OK", &head, "no gzip")]).await;
    let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
    assert!(
        sentence(&failure).contains("could not be decompressed"),
        "{failure}"
    );
}

#[tokio::test]
async fn silence_has_an_end() {
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
async fn who_says_nothing_is_left_sooner_than_who_is_slow_to_say_it_all() {
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
async fn the_head_of_an_answer_to_a_cancel_does_not_wait_for_its_body() {
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
    assert_eq!(answer.status, 202);
    assert_eq!(answer.location.unwrap().operation().unwrap().raw(), "9");
}
