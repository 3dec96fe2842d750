//! An answer that is lost: not a byte comes back, whether or not the cancel was carried out.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::Answered;
use super::*;

/// Sends a cancel by hand and reads until the connection closes.
async fn raw_cancel(bench: &Bench) -> Vec<u8> {
    let address = bench.simulator.origin().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let token = bench.simulator.token();
    let request = format!(
        "POST {CANCEL} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    answer
}

#[tokio::test]
async fn a_lost_answer_is_a_connection_closed_without_a_byte() {
    for (scenario, carried_out) in [("answer-lost-carried-out", 1), ("answer-lost-not-carried-out", 0)] {
        let bench = Bench::bundled(scenario).await;
        let target = bench.newest();
        assert_eq!(raw_cancel(&bench).await, b"", "{scenario}");
        assert_eq!(bench.carried_out(), carried_out, "{scenario}");
        let request = &bench.simulator.requests()[0];
        assert_eq!(
            (request.answered, request.carried_out),
            (Answered::Lost, carried_out == 1)
        );
        assert_eq!(request.body, "{}");
        bench.pass(10);
        assert_eq!(
            bench.state(&target),
            if carried_out == 1 { "canceled" } else { "running" }
        );
    }
}

#[tokio::test]
async fn a_client_sees_an_error_and_no_status() {
    let bench = Bench::bundled("answer-lost-carried-out").await;
    let error = soon(bench.send(Method::POST, CANCEL)).await.unwrap_err();
    assert!(error.status().is_none(), "{error}");
    assert!(bench.get("").await.status == 200, "the next connection is served");
}

#[tokio::test]
async fn a_client_that_breaks_off_leaves_its_request_without_an_answer() {
    let bench = Bench::toml(
        r#"
        latency = "9h"
        offers = [{ id = "contoso-vm", operations = [{}] }]
        "#,
    )
    .await;
    let sent = bench.send(Method::POST, CANCEL);
    let arrived = async {
        while bench.carried_out() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = sent => panic!("an answer nine hours early"),
        () = soon(arrived) => {}
    }
    assert_eq!(bench.simulator.requests()[0].answered, Answered::NotYet);
    assert_eq!(bench.carried_out(), 1);
}

#[tokio::test]
async fn an_answer_that_hangs_never_comes_and_the_cancel_is_carried_out() {
    let bench = Bench::bundled("hanging-answer").await;
    let target = bench.newest();
    let sent = bench.send(Method::POST, CANCEL);
    // The world is ten seconds older, and others are answered, while it still hangs.
    let meanwhile = async {
        while bench.carried_out() == 0 {
            tokio::task::yield_now().await;
        }
        bench.pass(10);
        bench.get("/contoso-vm/submissions").await.json()[0]["submissionState"].clone()
    };
    tokio::select! {
        _ = sent => panic!("an answer that should never come"),
        state = soon(meanwhile) => assert_eq!(state, "canceled"),
    }
    let request = &bench.simulator.requests()[0];
    assert_eq!((request.answered, request.carried_out), (Answered::NotYet, true));
    assert_eq!(bench.state(&target), "canceled");
    soon(bench.simulator.stop()).await;
}
