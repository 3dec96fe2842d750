//! Every hostile text in every field of the service's answers, at every output.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use countermand::simulator::{
    Scenario,
    scenario::{Answer, ErrorAnswer, Message, Offer, Operation, Route, Script, Shape, Step},
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use crate::{
    bench::Bench,
    hostile_text::{MARK, TEXTS},
    market::Market,
    outputs::{is_clean, is_ours},
};

const TOKEN: &str = "a-token";

/// Returns a publisher whose offers have the texts in all fields.
fn scenario() -> Scenario {
    let mut scenario = Scenario::bundled("empty").unwrap();
    scenario.offers = TEXTS.iter().enumerate().map(|(n, text)| offer(n, text)).collect();
    scenario
}

fn id(n: usize) -> String {
    format!("vm-{n:02}")
}

fn offer(n: usize, text: &str) -> Offer {
    let mut operation = Operation::default();
    operation.steps = vec![Step {
        id: text.to_owned(),
        name: text.to_owned(),
        description: text.to_owned(),
        frame: Some(text.to_owned()),
        share: 1,
        status: Some(text.to_owned()),
    }];
    operation.messages = vec![Message {
        html: text.to_owned(),
        level: text.to_owned(),
    }];
    operation.quirks.set.extend([
        ("cancellationRequestState".to_owned(), json!(text)),
        ("submissionType".to_owned(), json!(text)),
        ("slot".to_owned(), json!(text)),
        ("submissionState".to_owned(), json!(text)),
    ]);
    let refusal = Answer::Error(ErrorAnswer {
        code: Some(text.to_owned()),
        message: Some(text.to_owned()),
        ..ErrorAnswer::new(400)
    });
    let mut offer = Offer::new(id(n));
    text.clone_into(&mut offer.name);
    offer.operations = vec![operation];
    offer.scripts = vec![Script::for_ever(Route::Cancel, refusal)];
    offer.quirks.set.extend([
        ("status".to_owned(), json!(text)),
        ("offerTypeId".to_owned(), json!(text)),
    ]);
    offer
}

/// Runs `verb` and checks its output; returns the output and the exit code.
async fn assert_clean(market: &Market, verb: &[&str]) -> (String, Option<i32>) {
    let ran = market.run(verb).await;
    let what = format!("{verb:?}");
    is_clean(&ran.out, &what);
    is_clean(&ran.err, &what);
    assert_ne!(ran.code, Some(101), "{what}");
    (String::from_utf8([ran.out, ran.err].concat()).unwrap(), ran.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn verbs_neutralize_hostile_text() {
    assert!(TEXTS.len() >= 40);
    let market = Market::of(scenario(), TOKEN).await;
    for verb in [
        &["offers"][..],
        &["offers", "--json"],
        &["offers", "--in-flight"],
        &["offers", "--in-flight", "--json"],
    ] {
        let (output, code) = assert_clean(&market, verb).await;
        assert_eq!(code, Some(0), "{output}");
        assert!(
            output.matches(MARK).count() >= TEXTS.len(),
            "the texts were there: {output}"
        );
    }
    stream::iter(0..TEXTS.len())
        .for_each_concurrent(8, |n| {
            let market = &market;
            async move {
                let id = id(n);
                for verb in [
                    &["operations", &*id][..],
                    &["operations", &*id, "--all", "--json"],
                    &["cancel", &*id, "--yes", "--dry-run"],
                    &["cancel", &*id, "--yes", "--timeout", "2s", "--no-wait"],
                    &[
                        "cancel",
                        &*id,
                        "--yes",
                        "--timeout",
                        "2s",
                        "--no-wait",
                        "--again",
                        "--json",
                    ],
                ] {
                    let (output, _) = assert_clean(market, verb).await;
                    assert!(
                        output.contains(MARK),
                        "{n} {verb:?}: the text was there: {output}"
                    );
                }
            }
        })
        .await;
    for verb in [
        &["history"][..],
        &["history", "--json"],
        &["follow", "--timeout", "1s"],
        &["config"],
        &["doctor"],
        &["doctor", "--json"],
        &["--plain"],
    ] {
        assert_clean(&market, verb).await;
    }
    let log = std::fs::read(market.log()).unwrap();
    is_clean(&log, "the log");
    assert!(String::from_utf8_lossy(&log).contains("TRACE"));
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_list_is_neutralized() {
    stream::iter(TEXTS).for_each_concurrent(8, cannot_be_read).await;
}

async fn cannot_be_read(text: &&str) {
    let market = Market::of(Scenario::bundled("empty").unwrap(), TOKEN).await;
    let error = |shape| {
        Answer::Error(ErrorAnswer {
            shape,
            message: Some((*text).to_owned()),
            ..ErrorAnswer::new(500)
        })
    };
    let raw = |body: String| Answer::Raw { body };
    let answers = vec![
        error(Shape::Message),
        error(Shape::Variant),
        error(Shape::Text),
        error(Shape::Html),
        raw(format!("[{text}")),
        raw(json!({ "value": text }).to_string()),
    ];
    let times = answers.len();
    market
        .simulator
        .play(None, Script::in_turn(Route::Offers, answers));
    for _ in 0..times {
        let (output, code) = assert_clean(&market, &["offers"]).await;
        assert_eq!(code, Some(1), "{output}");
    }
    is_clean(&std::fs::read(market.log()).unwrap(), "the log");
}

/// Answers each connection with these bytes, which need not be text.
fn serving(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 8192];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(&bytes);
        }
    });
    origin
}

#[tokio::test(flavor = "multi_thread")]
async fn non_text_bytes_are_neutralized() {
    let market = Market::of(Scenario::bundled("empty").unwrap(), TOKEN).await;
    let json = "Content-Type: application/json\r\n";
    for (head, body) in [
        (
            json,
            &b"[{\"id\":\"a\",\"definition\":{\"displayText\":\"Zq \x9b31;7;31m \x9d0;pwned\x9c\"}}]"[..],
        ),
        (json, b"[{\"id\":\"a\xff\xfe\"}]"),
        (
            json,
            br#"[{"id":"a","definition":{"displayText":"\ud800 alone"}}]"#,
        ),
        (
            json,
            br#"[{"id":"a","definition":{"displayText":"\udc00\ud800 turned"}}]"#,
        ),
        (json, b"\xff\xfe[\x00]\x00"),
        (
            "Content-Type: text/\u{9b}31;7;31mhtml\r\n",
            b"<html>\x1b]0;pwned\x07",
        ),
        (
            "X-Ms-Correlation-Request-Id: \u{9b}31;7;31m\u{e2}\u{80}\u{ae}\r\nRetry-After: \u{9b}7\r\n",
            b"\x9bno",
        ),
    ] {
        for status in ["200 OK", "400 \u{9b}31;7;31mBad", "429 Slow"] {
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{head}\r\n");
            // A character below 256 stands for its byte.
            let head = head.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
            let bytes = head.chain(body.iter().copied()).collect();
            let origin = serving(bytes);
            for verb in [&["offers"][..], &["offers", "--json"], &["operations", "a"]] {
                let ran = market.run_with(verb, &[("COUNTERMAND_BASE_URL", &origin)]).await;
                is_clean(&ran.out, "stdout");
                is_clean(&ran.err, "stderr");
            }
        }
    }
    is_clean(&std::fs::read(market.log()).unwrap(), "the log");
}

/// Triggers output beyond the screen: clipboard, title, and a notification of a refusal in the service's words.
fn copy_and_notify(bench: &mut Bench) {
    bench.send("g");
    bench.wait_for(&format!("{} · ", id(0)));
    bench.send("y");
    bench.wait_for("Copy");
    bench.send("\r");
    bench.wait_for("copied the");
    bench.send("c");
    bench.wait_for("Type the offer");
    bench.send(&format!("{}\r", id(0)));
    bench.wait_until("the notification", |_, raw| {
        raw.windows(4).any(|bytes| bytes == b"\x1b]9;")
    });
}

#[test]
fn dashboard_neutralizes_hostile_text() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let market = runtime.block_on(Market::of(scenario(), TOKEN));
    let mut bench = market.dashboard();
    bench.resize(120, 50);
    bench.wait_for("vm-00");
    for n in 0..TEXTS.len() {
        // Each one is selected, opened, and closed again.
        bench.wait_until("the text and its inside", |screen, _| {
            screen.contents().contains(&format!("{} · ", id(n)))
        });
        bench.send("\r");
        bench.wait_for("offer state");
        // Scrolled to the end, where the messages are.
        bench.send("G");
        // A key right after it would merge with the escape into one key.
        bench.send("\x1b");
        bench.wait_until("the list", |screen, _| !screen.contents().contains("offer state"));
        bench.look(|screen| {
            for row in screen.rows(0, 120) {
                is_clean(row.as_bytes(), "the screen");
            }
        });
        bench.send("j");
    }
    bench.resize(200, 50);
    bench.send("k");
    bench.send("c");
    bench.wait_for("Cancel this operation?");
    bench.send("\x1b");
    bench.wait_until("no dialog", |screen, _| {
        !screen.contents().contains("Cancel this")
    });
    copy_and_notify(&mut bench);
    bench.send("\x03");
    assert_eq!(bench.exit_code(), 0);
    is_ours(&bench.raw(), "the terminal");
    for beyond in ["\x1b]52;c;", "\x1b]9;", "\x1b]2;countermand"] {
        assert!(bench.raw().contains(beyond), "{beyond:?} was not tried");
    }
    is_clean(&std::fs::read(market.log()).unwrap(), "the log");
}
