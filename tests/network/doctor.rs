//! The `doctor` verb on working and on broken setups.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    authority::Authority,
    front,
    program::{Program, market},
    proxy::{Proxy, Temper},
};

const DOCTOR: &[&str] = &["doctor", "--json"];

#[tokio::test(flavor = "multi_thread")]
async fn healthy_setup_passes_and_shows_no_token() {
    let simulator = market("demo").await;
    let origin = simulator.origin();
    let ran = Program::new(DOCTOR).at(&origin, &simulator).run().await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    for name in [
        "settings",
        "folder",
        "journal",
        "locks",
        "names",
        "proxy",
        "connection",
        "clock",
        "sign_in",
        "request",
    ] {
        assert_eq!(ran.found(name).0, "ok", "{}", ran.check(name));
    }
    assert_eq!(ran.found("tls").0, "skipped");
    assert!(ran.found("request").1.starts_with("contoso has "), "{}", ran.out);
    assert!(!ran.all().contains(simulator.token()));

    let ran = Program::new(&["doctor"]).at(&origin, &simulator).run().await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(ran.out.starts_with("ok    settings     "), "{}", ran.out);
    assert!(!ran.all().contains(simulator.token()));
    assert!(simulator.requests().iter().all(|request| !request.is_cancel()));
}

#[tokio::test(flavor = "multi_thread")]
async fn unconfigured_setup_names_the_missing_settings() {
    let dead = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let program = Program::new(DOCTOR).with("COUNTERMAND_BASE_URL", &format!("https://{dead}"));
    let ran = program.run().await;
    assert_eq!(ran.code, Some(5), "{}", ran.all());
    assert_eq!(ran.found("settings").0, "warn");
    let (state, words) = ran.found("connection");
    assert!(state == "fail" && words.contains("refused"), "{words}");
    for name in ["tls", "clock", "request"] {
        assert_eq!(ran.found(name).0, "skipped", "{}", ran.check(name));
    }
    assert!(ran.found("sign_in").1.contains("COUNTERMAND_TOKEN"));
    let (_, words) = ran.found("settings");
    assert!(
        words.contains("nothing is set") && words.contains("begin with a token"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_key_fails_only_the_settings() {
    let simulator = market("demo").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "[keys]\nrefersh = 'F5'\n").unwrap();
    let program = Program::new(DOCTOR)
        .at(&simulator.origin(), &simulator)
        .with("COUNTERMAND_CONFIG", file.to_str().unwrap());
    let ran = program.run().await;
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    let (state, words) = ran.found("settings");
    assert!(
        state == "fail" && words.contains("settings.toml:2:1: ") && words.contains("refresh"),
        "{words}"
    );
    assert_eq!(ran.found("request").0, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_settings_are_reported_and_the_rest_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "plian = true\n").unwrap();
    let program = Program::new(DOCTOR).with("COUNTERMAND_CONFIG", file.to_str().unwrap());
    let ran = program.run().await;
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    assert!(ran.found("settings").1.contains("plain"), "{}", ran.out);
    assert_eq!(ran.found("request").0, "skipped");
    assert_eq!(ran.found("folder").0, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_token_fails_the_sign_in() {
    let simulator = market("demo").await;
    let program = Program::new(DOCTOR).at(&simulator.origin(), &simulator);
    let ran = program.with("COUNTERMAND_TOKEN", "another").run().await;
    assert_eq!(ran.code, Some(5), "{}", ran.all());
    assert_eq!(ran.found("sign_in").0, "ok");
    assert_eq!(ran.found("request").0, "fail");
}

#[tokio::test(flavor = "multi_thread")]
async fn trusted_chain_or_unknown_issuer_is_shown() {
    let (simulator, ca) = (market("demo").await, Authority::new("Contoso Private CA"));
    let config = ca.server(&["127.0.0.1"], &["http/1.1"], false);
    let address = front::before(&simulator.origin(), config).await;
    let origin = format!("https://{address}");
    let ran = Program::new(DOCTOR)
        .at(&origin, &simulator)
        .trusting(ca.file())
        .run()
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let tls = ran.check("tls");
    assert_eq!(
        (tls["version"].as_str(), tls["protocol"].as_str()),
        (Some("TLS 1.3"), Some("http/1.1"))
    );
    assert_eq!(tls["chain"][0]["issuer"], "CN=Contoso Private CA");
    assert_eq!(tls["chain"][0]["not_after"], "2100-01-01T00:00:00Z");

    let ran = Program::new(DOCTOR).at(&origin, &simulator).run().await;
    assert_eq!(ran.code, Some(1), "{}", ran.all());
    let (state, words) = ran.found("tls");
    assert!(
        state == "fail" && words.contains("CN=Contoso Private CA") && words.contains("--ca-file"),
        "{words}"
    );
    assert_eq!(ran.found("request").0, "skipped");

    let ended = front::before(&simulator.origin(), ca.server(&["127.0.0.1"], &[], true)).await;
    let program = Program::new(DOCTOR).at(&format!("https://{ended}"), &simulator);
    let ran = program.trusting(ca.file()).run().await;
    assert!(
        ran.found("tls").1.contains("ended on 2021-01-01"),
        "{}",
        ran.check("tls")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn proxy_is_passed_or_its_refusal_shown() {
    let (simulator, ca) = (market("demo").await, Authority::new("Contoso Private CA"));
    let config = ca.server(&["service.test"], &["http/1.1"], false);
    let address = front::before(&simulator.origin(), config).await;
    for (temper, user, code, words) in [
        (Temper::Open, "", 0, "lets us through to service.test:443"),
        (Temper::Guarded, "ada:pass-word@", 0, "with its name and password"),
        (Temper::Guarded, "", 1, "wants a name and a password (407)"),
        (Temper::Guarded, "ada:wrong-word@", 1, "does not accept"),
        (
            Temper::Closed,
            "",
            1,
            "refused the way to service.test:443 (HTTP/1.1 403 Forbidden)",
        ),
    ] {
        let proxy = Proxy::leading_to(address, temper).await;
        let program = Program::new(DOCTOR).at("https://service.test", &simulator);
        let program = program
            .with("HTTPS_PROXY", &proxy.variable(user))
            .trusting(ca.file());
        let ran = program.run().await;
        assert_eq!(ran.code, Some(code), "{temper:?} {}", ran.all());
        assert!(ran.found("proxy").1.contains(words), "{}", ran.check("proxy"));
        assert!(!ran.all().contains("-word"), "{}", ran.all());
        assert!(
            proxy
                .seen()
                .iter()
                .all(|request| !request.contains(simulator.token()))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_clock_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let answer = b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n\
                    Content-Length: 2\r\nConnection: close\r\n\r\n[]";
                let _ = stream.write_all(answer).await;
            });
        }
    });
    let program = Program::new(DOCTOR)
        .with("COUNTERMAND_BASE_URL", &origin)
        .with("COUNTERMAND_TOKEN", "token");
    let ran = program.run().await;
    assert_eq!(ran.code, Some(1), "{}", ran.all());
    let (state, words) = ran.found("clock");
    assert!(
        state == "fail" && words.contains("ahead of the service"),
        "{words}"
    );
}
