//! Client secrets and other credentials: each goes to the token issuer, and nowhere else.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use countermand::simulator::Scenario;
use rcgen::{CertificateParams, PKCS_RSA_SHA256};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::{
    entra::{Entra, answer, granted},
    market::Market,
    secret::Secret,
};

const TOKEN: &str = "token.VGhlLWZpcnN0LWNhbmFyeQ.of-the-mine_0123456789";
const SECRET: &str = "client~secret_Q2xpZW50LXNlY3JldC1jYW5hcnk.98765";
const REFRESH: &str = "0.AXoA-refresh_UmVmcmVzaC1jYW5hcnk.56789-abcdef";

/// Verbs to run with each; the log covers all of them.
const VERBS: &[&[&str]] = &[
    &["offers"],
    &["cancel", "contoso-vm", "--yes", "--json", "--timeout", "3s"],
    &["history", "--json"],
];

fn settings(market: &Market, credential: &str) -> String {
    let path = market.home.path().join("settings.toml");
    fs::write(&path, format!("[profiles.prod.credential]\n{credential}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Writes a private file.
fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs all verbs with `environment`, and searches all remains but `places` for every secret.
async fn leaves_nothing(market: &Market, environment: &[(&str, &str)], places: &[&Path]) {
    let secrets = [TOKEN, SECRET, REFRESH].map(Secret::new);
    for verb in VERBS {
        let ran = market.run_with(verb, environment).await;
        let err = String::from_utf8_lossy(&ran.err);
        assert_eq!(ran.code, Some(0), "{verb:?} {err}");
        for secret in &secrets {
            secret.is_not_in(&ran.out, "stdout");
            secret.is_not_in(&ran.err, "stderr");
            secret.is_not_in(&ran.cmdline, "the command line");
        }
    }
    for place in places {
        fs::remove_file(place).unwrap();
    }
    let log = fs::read_to_string(market.log()).unwrap();
    assert!(log.contains("TRACE") && !log.contains("Bearer"), "{log}");
    for secret in &secrets {
        assert!(
            secret.is_not_below(market.home.path()) >= 2,
            "a log and a journal"
        );
    }
    let elsewhere = [SECRET, REFRESH].map(Secret::new);
    for request in market.simulator.requests() {
        let shown = format!("{request:?}");
        for secret in &elsewhere {
            secret.is_not_in(shown.as_bytes(), "a request");
        }
    }
}

/// Asserts that no token was sent back to the issuer.
fn assert_received_no_token(entra: &Entra) {
    let token = Secret::new(TOKEN);
    assert!(!entra.requests().is_empty());
    for request in entra.requests() {
        token.is_not_in(format!("{request:?}").as_bytes(), "a token request");
    }
}

async fn market() -> Market {
    Market::of(Scenario::bundled("accepted-location").unwrap(), TOKEN).await
}

/// Returns the variables of an application that signs in at `entra`.
fn application(entra: &Entra) -> [(&'static str, &str); 5] {
    [
        ("COUNTERMAND_TOKEN", ""),
        ("AZURE_AUTHORITY_HOST", entra.origin.as_str()),
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "client"),
        ("AZURE_CLIENT_SECRET", SECRET),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn client_secret_goes_to_the_issuer_only() {
    let entra = Entra::secure(|_, _| granted(TOKEN)).await;
    let market = market().await.trusting(entra.ca.path());
    leaves_nothing(&market, &application(&entra), &[]).await;
    assert_received_no_token(&entra);
    let requests = entra.requests();
    assert!(requests.iter().any(|request| {
        request
            .form
            .get("client_secret")
            .is_some_and(|sent| sent == SECRET)
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_client_secret_quoted_in_the_answer_is_hidden() {
    let entra = Entra::secure(|_, _| {
        let body = format!(
            r#"{{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret {SECRET} provided"}}"#
        );
        answer(401, "", &body)
    })
    .await;
    let market = market().await.trusting(entra.ca.path());
    let ran = market.run_with(&["offers"], &application(&entra)).await;
    let err = String::from_utf8_lossy(&ran.err);
    assert_eq!(ran.code, Some(5), "{err}");
    assert!(err.contains("AADSTS7000215"), "{err}");
    let secret = Secret::new(SECRET);
    secret.is_not_in(&ran.err, "stderr");
    secret.is_not_below(market.home.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn device_code_and_refresh_token_go_to_the_issuer_only() {
    let market = market().await;
    let entra = Entra::plain(|count, request| {
        if request.line().contains("devicecode") {
            let code = r#"{"device_code":"GAQABAAEAAAD-device-code","user_code":"AB12-CD34","verification_uri":"https://login.microsoft.com/device","expires_in":900,"interval":1,"message":"enter it"}"#;
            return answer(200, "", code);
        }
        let body = format!(
            r#"{{"token_type":"Bearer","expires_in":3599,"refresh_token":"{REFRESH}","access_token":"{TOKEN}","n":{count}}}"#
        );
        answer(200, "", &body)
    })
    .await;
    let path = settings(
        &market,
        &format!("kind = 'device-code'\nauthority = '{}'", entra.origin),
    );
    let environment = [("COUNTERMAND_TOKEN", ""), ("COUNTERMAND_CONFIG", &*path)];
    leaves_nothing(&market, &environment, &[]).await;
    assert_received_no_token(&entra);
}

#[tokio::test(flavor = "multi_thread")]
async fn file_and_command_tokens_stay_secret() {
    let market = market().await;
    let token = market.home.path().join("token");
    write(&token, TOKEN, 0o600);
    let path = settings(&market, &format!("kind = 'file'\npath = '{}'", token.display()));
    let environment = [("COUNTERMAND_TOKEN", ""), ("COUNTERMAND_CONFIG", &*path)];
    leaves_nothing(&market, &environment, &[&token]).await;

    let program = market.home.path().join("print-token");
    write(
        &program,
        &format!("#!/bin/sh\necho 'fetching {SECRET}' >&2\necho '{TOKEN}'\n"),
        0o700,
    );
    settings(
        &market,
        &format!("kind = 'command'\ncommand = ['{}']", program.display()),
    );
    fs::remove_dir_all(market.home.path().join(".local")).unwrap();
    let ran = market.run_with(&["offers"], &environment).await;
    assert_eq!(ran.code, Some(0), "{}", String::from_utf8_lossy(&ran.err));
    fs::remove_file(&program).unwrap();
    for secret in [TOKEN, SECRET].map(Secret::new) {
        secret.is_not_in(&ran.err, "stderr");
        secret.is_not_below(market.home.path());
    }
}

/// Returns a certificate and its key in PEM.
fn certificate() -> (String, String) {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let der = PrivatePkcs8KeyDer::from(pkcs8.as_ref().to_vec());
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(vec!["app".to_owned()]).unwrap();
    (
        certificate.self_signed(&pair).unwrap().pem(),
        pair.serialize_pem(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_key_and_assertion_stay_secret() {
    let entra = Entra::secure(|_, _| granted(TOKEN)).await;
    let market = market().await.trusting(entra.ca.path());
    let (certificate, key) = certificate();
    let file = market.home.path().join("application.pem");
    write(&file, &format!("{key}{certificate}"), 0o600);
    let path = settings(
        &market,
        &format!(
            "kind = 'client-certificate'\ntenant = 't'\nclient = 'app'\nauthority = '{}'\ncertificate = '{}'",
            entra.origin,
            file.display()
        ),
    );
    let environment = [("COUNTERMAND_TOKEN", ""), ("COUNTERMAND_CONFIG", &*path)];
    leaves_nothing(&market, &environment, &[&file]).await;
    assert_received_no_token(&entra);
    let proofs = entra
        .requests()
        .into_iter()
        .map(|request| request.form["client_assertion"].clone());
    // The first lines of all such keys are alike.
    let lines = key.lines().skip(4).take(8).map(str::to_owned);
    for secret in proofs.chain(lines).map(|secret| Secret::new(&secret)) {
        secret.is_not_below(market.home.path());
        for request in market.simulator.requests() {
            secret.is_not_in(format!("{request:?}").as_bytes(), "a request");
        }
    }
}
