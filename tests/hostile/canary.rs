//! A canary token is sent through every scenario with full logging, and then searched for in all output.

use countermand::simulator::{
    Scenario,
    scenario::{Answer, ErrorAnswer, Route, Script, Shape},
};
use futures_util::{StreamExt as _, stream};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    market::{Market, Ran},
    secret::Secret,
};

/// A token with every character that a token may have.
const TOKEN: &str =
    "eyJ0eXAiOiJKV1QifQ.Y2FuYXJ5LWluLXRoZS1taW5l+7f3a/9c51~x.c2lnbmVkLWJ5LWEtY2FuYXJ5_-sing==";

/// Verbs to run in each scenario; other suites check their results.
const VERBS: &[&[&str]] = &[
    &["offers"],
    &["offers", "--in-flight", "--json"],
    &["operations", "contoso-vm"],
    &["cancel", "contoso-vm", "--yes", "--dry-run"],
    &[
        "cancel",
        "contoso-vm",
        "--yes",
        "--timeout",
        "3s",
        "--notify",
        "a@contoso.com",
    ],
    &["cancel", "contoso-vm", "--yes", "--json", "--no-wait", "--again"],
    &["follow", "--timeout", "1s"],
    &["history"],
    &["history", "--json"],
    &["config"],
    &["config", "--json"],
    &["doctor"],
    &["doctor", "--json"],
    &["--plain"],
];

fn holds_none(canary: &Secret, ran: &Ran, what: &str) {
    canary.is_not_in(&ran.out, &format!("stdout of {what}"));
    canary.is_not_in(&ran.err, &format!("stderr of {what}"));
    canary.is_not_in(&ran.cmdline, &format!("the command line of {what}"));
}

/// Searches all remains, and checks that the token was really used, and the log really written.
fn is_nowhere(canary: &Secret, market: &Market, what: &str) {
    assert!(
        canary.is_not_below(market.home.path()) >= 1,
        "{what}: there is a log"
    );
    let log = std::fs::read_to_string(market.log()).unwrap();
    for expected in ["TRACE", "method=GET", "url=http"] {
        assert!(log.contains(expected), "{what}: {expected}\n{log}");
    }
    assert!(!log.to_ascii_lowercase().contains("bearer"), "{what}\n{log}");
    let requests = market.simulator.requests();
    for request in &requests {
        assert!(!request.stray, "{what}: {request:?}");
        canary.is_not_in(request.target.as_bytes(), "an address");
        canary.is_not_in(request.body.as_bytes(), "a body");
        for (name, value) in request.headers.iter().filter(|(name, _)| name != "authorization") {
            canary.is_not_in(value.as_bytes(), name);
        }
    }
    let sent = format!("Bearer {TOKEN}");
    assert!(
        requests
            .iter()
            .any(|request| request.header("authorization") == Some(&sent)),
        "{what}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn token_leaks_in_no_scenario() {
    let runs = Scenario::names().map(|name| async move {
        let canary = Secret::new(TOKEN);
        let market = Market::of(Scenario::bundled(name).unwrap(), TOKEN).await;
        for verb in VERBS {
            let ran = market.run(verb).await;
            assert_ne!(
                ran.code,
                Some(101),
                "{name} {verb:?}: {}",
                String::from_utf8_lossy(&ran.err)
            );
            holds_none(&canary, &ran, &format!("{name} {verb:?}"));
        }
        is_nowhere(&canary, &market, name);
    });
    stream::iter(runs.map(tokio::spawn))
        .buffer_unordered(8)
        .for_each(async |ended| ended.unwrap())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn echoed_token_reaches_no_screen() {
    let canary = Secret::new(TOKEN);
    for shape in [
        Shape::Envelope,
        Shape::Message,
        Shape::Variant,
        Shape::Html,
        Shape::Text,
    ] {
        for status in [400, 401, 403, 500] {
            let market = Market::of(Scenario::bundled("accepted-location").unwrap(), TOKEN).await;
            let echo = Answer::Error(ErrorAnswer {
                shape,
                message: Some(format!("you sent Authorization: Bearer {TOKEN}, and {TOKEN}")),
                ..ErrorAnswer::new(status)
            });
            for route in [Route::Offers, Route::Submissions, Route::Cancel] {
                market
                    .simulator
                    .play(None, Script::in_turn(route, vec![echo.clone()]));
            }
            for verb in [VERBS[0], VERBS[2], VERBS[5], VERBS[8]] {
                let what = format!("{shape:?} {status} {verb:?}");
                holds_none(&canary, &market.run(verb).await, &what);
            }
            is_nowhere(&canary, &market, &format!("{shape:?} {status}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_body_is_quoted_without_the_token() {
    let canary = Secret::new(TOKEN);
    let market = Market::of(Scenario::bundled("accepted-location").unwrap(), TOKEN).await;
    for body in [
        format!("<html>Bearer {TOKEN}"),
        format!("{{\"token\":\"{TOKEN}\""),
        format!("{}{TOKEN}", "x".repeat(70)),
        format!("{TOKEN}{TOKEN}"),
    ] {
        let script = Script::in_turn(Route::Offers, vec![Answer::Raw { body: body.clone() }]);
        market.simulator.play(None, script);
        let ran = market.run(VERBS[0]).await;
        assert_eq!(ran.code, Some(1), "{body}");
        holds_none(&canary, &ran, &body);
    }
    is_nowhere(&canary, &market, "unreadable");
}

/// Returns the ways to spell `text` in a JSON string.
fn spellings(text: &str) -> Vec<String> {
    let escaped = |format: fn(char) -> String| text.chars().map(format).collect::<String>();
    vec![
        text.to_owned(),
        text[..text.len() - 4].to_owned(),
        text.replace('/', "\\/").replace('+', "\\u002b"),
        escaped(|c| format!("\\u{:04x}", u32::from(c))),
        escaped(|c| format!("\\u{:04X}", u32::from(c))),
    ]
}

/// Sets successful answers with `echo` in every text, and `html` in the message.
fn echoing(market: &Market, operation: &str, echo: &str, html: &str) {
    let offer = |id| {
        format!(
            r#"{{"id":"{id}","status":"running","offerTypeId":"{echo}","definition":{{"displayText":"{echo}"}},"{echo}":1}}"#
        )
    };
    let submission = format!(
        r#"[{{"id":"{operation}","submissionState":"running","submissionType":"{echo}","slot":"{echo}"}}]"#
    );
    let detail = format!(
        r#"{{"status":"running","cancellationRequestState":"{echo}","steps":[{{"id":"{echo}","stepName":"{echo}",
            "status":"{echo}","estimatedTimeFrame":"{echo}","messages":[]}}],"messages":[{{"messageHtml":"{html}","level":"{echo}"}}]}}"#
    );
    let offers = format!("[{},{}]", offer("contoso-vm"), offer(echo));
    for (route, body) in [
        (Route::Offers, offers),
        (Route::Submissions, submission),
        (Route::Operation, detail.clone()),
        (Route::Status, detail),
    ] {
        market
            .simulator
            .play(None, Script::for_ever(route, Answer::Raw { body }));
    }
}

/// Returns a scenario whose cancel returns a location with the request's own token.
fn leading(to: &str) -> Scenario {
    let mut scenario = Scenario::bundled("accepted-location").unwrap();
    scenario.offer_mut("contoso-vm").unwrap().cancel.location_verbatim = Some(to.to_owned());
    scenario
}

#[tokio::test(flavor = "multi_thread")]
async fn token_echoed_in_a_good_answer_reaches_no_screen_and_no_journal() {
    let canary = Secret::new(TOKEN);
    let in_address: String = url::form_urlencoded::byte_serialize(TOKEN.as_bytes()).collect();
    let entities = TOKEN
        .bytes()
        .fold(String::new(), |text, byte| format!("{text}&#{byte};"));
    let cut = &TOKEN[..TOKEN.len() - 4];
    let mut kinds: Vec<_> = spellings(TOKEN)
        .into_iter()
        .map(|echo| (echo.clone(), echo))
        .collect();
    kinds.push(("echo".to_owned(), entities));
    for (n, (echo, html)) in kinds.iter().enumerate() {
        let address = [cut, &in_address][n % 2];
        let market = Market::of(leading(&format!("https://elsewhere.example/?t={address}")), TOKEN).await;
        let operation = market.simulator.operations("contoso-vm")[0].clone();
        echoing(&market, &operation, echo, html);
        for verb in [
            VERBS[0], VERBS[1], VERBS[2], VERBS[3], VERBS[4], VERBS[7], VERBS[8],
        ] {
            let ran = market.run(verb).await;
            holds_none(&canary, &ran, &format!("{echo} {verb:?}"));
            if verb == VERBS[2] {
                let shown = String::from_utf8_lossy(&ran.out).into_owned();
                assert!(
                    shown.contains("[hidden]") || n == kinds.len() - 1,
                    "{echo}: {shown}"
                );
            }
        }
        is_nowhere(&canary, &market, echo);
    }
}

#[test]
fn echoed_token_reaches_no_dashboard() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let canary = Secret::new(TOKEN);
    for echo in spellings(TOKEN) {
        let market = runtime.block_on(Market::of(leading("/nowhere"), TOKEN));
        let operation = market.simulator.operations("contoso-vm")[0].clone();
        echoing(&market, &operation, &echo, &echo);
        let mut bench = market.dashboard();
        bench.wait_for("[hidden]");
        bench.send("\r");
        bench.wait_for("offer state");
        bench.send("\x03");
        assert_eq!(bench.exit_code(), 0, "{echo}");
        canary.is_not_in(bench.raw().as_bytes(), "the terminal");
        is_nowhere(&canary, &market, &echo);
    }
}

/// Listens on a port, and collects all bytes that arrive.
async fn listening(answer: &'static [u8]) -> (String, tokio::sync::mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let (sender, heard) = tokio::sync::mpsc::channel(64);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 64 * 1024];
            let read = stream.read(&mut bytes).await.unwrap_or(0);
            bytes.truncate(read);
            let _ = stream.write_all(answer).await;
            if sender.send(bytes).await.is_err() {
                return;
            }
        }
    });
    (place, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn network_failures_do_not_leak_the_token() {
    let canary = Secret::new(TOKEN);
    let made = rcgen::generate_simple_self_signed(vec!["another.example".to_owned()]).unwrap();
    let market = Market::of(Scenario::bundled("accepted-location").unwrap(), TOKEN).await;
    let ca = market.home.path().join("ca.pem");
    std::fs::write(&ca, made.cert.pem()).unwrap();
    let ca = ca.to_str().unwrap();

    let (no_tls, mut heard_there) = listening(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]").await;
    let (proxy, mut heard_by_proxy) =
        listening(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n").await;
    let (closed, _) = listening(b"").await;
    // The port is free again; whoever takes it then receives no token.
    let refused = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let (no_tls, closed) = (format!("https://{no_tls}"), format!("http://{closed}"));
    let (refused, proxy) = (format!("https://{refused}"), format!("http://name:word@{proxy}"));
    let ways: [&[(&str, &str)]; 4] = [
        &[("COUNTERMAND_BASE_URL", &no_tls)],
        &[("COUNTERMAND_BASE_URL", &refused)],
        &[("COUNTERMAND_BASE_URL", &closed)],
        &[
            ("COUNTERMAND_BASE_URL", "https://marketplace.invalid"),
            ("HTTPS_PROXY", &proxy),
        ],
    ];
    for way in ways {
        for verb in [VERBS[0], VERBS[5]] {
            let verb = [&["--ca-file", ca], verb].concat();
            let ran = market.run_with(&verb, way).await;
            assert_ne!(ran.code, Some(0), "{way:?} {}", String::from_utf8_lossy(&ran.out));
            holds_none(&canary, &ran, &format!("{way:?} {verb:?}"));
        }
    }
    // A service that no longer accepts the token.
    market.simulator.renew_token("another");
    for verb in VERBS {
        holds_none(&canary, &market.run(verb).await, "after a 401");
    }
    is_nowhere(&canary, &market, "failures");
    let mut heard = 0;
    while let Ok(bytes) = heard_there.try_recv().or_else(|_| heard_by_proxy.try_recv()) {
        canary.is_not_in(&bytes, "what another listener heard");
        heard += 1;
    }
    assert!(heard >= 2, "both were really spoken to: {heard}");
}

#[test]
fn token_leaks_nowhere_from_the_dashboard() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let canary = Secret::new(TOKEN);
    for (name, ends) in [
        ("accepted-foreign-location", "canceled · observed"),
        ("refused-403", "refused"),
        ("synchronous", "canceled · observed"),
        ("sign-in-expired", "not carried out"),
    ] {
        let scenario = Scenario::bundled(name).unwrap();
        let market = runtime.block_on(Market::of(scenario, TOKEN));
        let mut bench = market.dashboard();
        bench.wait_for("publishing");
        bench.send("c");
        bench.wait_for("y cancels it");
        bench.send("y");
        bench.wait_for(ends);
        market.simulator.renew_token("another");
        bench.send("r");
        bench.wait_for("sign-in");
        bench.send("?");
        bench.send("\x03");
        assert_eq!(bench.exit_code(), 0, "{name}");
        canary.is_not_in(bench.raw().as_bytes(), "the terminal");
        assert!(canary.is_not_below(bench.home.path()) >= 1, "there is a journal");
        is_nowhere(&canary, &market, name);
    }
}
