//! One token is sent through every scenario with all that is logged, and then looked for wherever something was left.

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

/// What is run in each scenario. How each ends is told elsewhere.
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

/// Looks through all that was left, and shows that the token was really used, and logged around.
fn is_nowhere(canary: &Secret, market: &Market, what: &str) {
    assert!(
        canary.is_not_below(market.home.path()) >= 1,
        "{what}: there is a log"
    );
    let log = std::fs::read_to_string(market.log()).unwrap();
    for told in ["TRACE", "method=GET", "url=http"] {
        assert!(log.contains(told), "{what}: {told}\n{log}");
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
async fn no_scenario_leaves_the_token_anywhere() {
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
async fn a_service_that_echoes_what_it_was_sent_gets_it_onto_no_screen() {
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
async fn a_body_that_holds_it_and_cannot_be_read_is_quoted_without_it() {
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

/// The ways in which a string of JSON may hold `text`.
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

/// Good answers that hold `said` in every text, and `html` in the message.
fn echoing(market: &Market, operation: &str, said: &str, html: &str) {
    let offer = |id| {
        format!(
            r#"{{"id":"{id}","status":"running","offerTypeId":"{said}","definition":{{"displayText":"{said}"}},"{said}":1}}"#
        )
    };
    let submission = format!(
        r#"[{{"id":"{operation}","submissionState":"running","submissionType":"{said}","slot":"{said}"}}]"#
    );
    let detail = format!(
        r#"{{"status":"running","cancellationRequestState":"{said}","steps":[{{"id":"{said}","stepName":"{said}",
            "status":"{said}","estimatedTimeFrame":"{said}","messages":[]}}],"messages":[{{"messageHtml":"{html}","level":"{said}"}}]}}"#
    );
    let offers = format!("[{},{}]", offer("contoso-vm"), offer(said));
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

/// A scenario whose cancel leads to an address that holds what it was asked with.
fn leading(to: &str) -> Scenario {
    let mut scenario = Scenario::bundled("accepted-location").unwrap();
    scenario.offer_mut("contoso-vm").unwrap().cancel.location_verbatim = Some(to.to_owned());
    scenario
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_answer_that_echoes_it_gets_it_onto_no_screen_and_into_no_journal() {
    let canary = Secret::new(TOKEN);
    let in_address: String = url::form_urlencoded::byte_serialize(TOKEN.as_bytes()).collect();
    let entities = TOKEN
        .bytes()
        .fold(String::new(), |text, byte| format!("{text}&#{byte};"));
    let cut = &TOKEN[..TOKEN.len() - 4];
    let mut kinds: Vec<_> = spellings(TOKEN)
        .into_iter()
        .map(|said| (said.clone(), said))
        .collect();
    kinds.push(("said".to_owned(), entities));
    for (n, (said, html)) in kinds.iter().enumerate() {
        let address = [cut, &in_address][n % 2];
        let market = Market::of(leading(&format!("https://elsewhere.example/?t={address}")), TOKEN).await;
        let operation = market.simulator.operations("contoso-vm")[0].clone();
        echoing(&market, &operation, said, html);
        for verb in [
            VERBS[0], VERBS[1], VERBS[2], VERBS[3], VERBS[4], VERBS[7], VERBS[8],
        ] {
            let ran = market.run(verb).await;
            holds_none(&canary, &ran, &format!("{said} {verb:?}"));
            if verb == VERBS[2] {
                let shown = String::from_utf8_lossy(&ran.out).into_owned();
                assert!(
                    shown.contains("[hidden]") || n == kinds.len() - 1,
                    "{said}: {shown}"
                );
            }
        }
        is_nowhere(&canary, &market, said);
    }
}

#[test]
fn nor_onto_the_dashboard() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let canary = Secret::new(TOKEN);
    for said in spellings(TOKEN) {
        let market = runtime.block_on(Market::of(leading("/nowhere"), TOKEN));
        let operation = market.simulator.operations("contoso-vm")[0].clone();
        echoing(&market, &operation, &said, &said);
        let mut bench = market.dashboard();
        bench.wait_for("[hidden]");
        bench.send("\r");
        bench.wait_for("offer state");
        bench.send("\x03");
        assert_eq!(bench.exit_code(), 0, "{said}");
        canary.is_not_in(bench.raw().as_bytes(), "the terminal");
        is_nowhere(&canary, &market, &said);
    }
}

/// Everything that came to a port, for whatever was meant by it.
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
async fn no_failure_on_the_way_tells_it_to_anybody() {
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
    // Nobody listens any more once the port is free again; whoever takes it then is asked nothing by a token.
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
    // A service that the token is not for any more.
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
fn the_dashboard_leaves_it_nowhere_either() {
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
