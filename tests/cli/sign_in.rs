//! Sign-in of a verb: the token comes from the configured source, and a missing one is reported with a remedy.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    CANCEL,
    entra::{Entra, answer, granted},
    runner::{Market, Ran, soon},
};

/// Writes a file with `mode`.
fn write(path: &Path, text: &str, mode: u32) {
    let new = path.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(mode)).unwrap();
    fs::rename(new, path).unwrap();
}

fn of_file(path: &Path) -> String {
    format!("kind = 'file'\npath = '{}'", path.display())
}

/// Returns a credential that runs this script.
fn of_script(market: &Market, script: &str) -> String {
    let program = market.home.path().join("print-token");
    write(&program, &format!("#!/bin/sh\n{script}\n"), 0o700);
    format!(
        "kind = 'command'\ncommand = ['{}', 'an-argument']",
        program.display()
    )
}

fn lists_offers(ran: &Ran) {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("contoso-vm"), "{}", ran.out);
    assert_eq!(ran.err, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn token_is_read_only_from_a_private_file() {
    let market = Market::open("accepted-location").await;
    let path = market.home.path().join("token");
    write(&path, market.simulator.token(), 0o600);
    lists_offers(&market.run_signing_in(&of_file(&path), &["offers"]).await);

    let before = market.simulator.request_count();
    write(&path, market.simulator.token(), 0o644);
    let ran = market.run_signing_in(&of_file(&path), CANCEL).await;
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    assert_eq!(ran.verdict()["verdict"], "not_sent");
    let advice = format!("chmod 600 {}", path.display());
    assert!(
        ran.err.contains("mode 0644") && ran.err.contains(&advice),
        "{}",
        ran.err
    );
    assert_eq!(
        market.simulator.request_count(),
        before,
        "nothing is asked without a token"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn token_is_read_from_command_output() {
    let market = Market::open("accepted-location").await;
    let token = market.simulator.token();
    for script in [
        format!(r#"echo '{{"accessToken":"{token}","expiresOn":"2099-01-01 00:00:00.000000"}}'"#),
        format!("echo {token}"),
    ] {
        let credential = of_script(&market, &script);
        lists_offers(&market.run_signing_in(&credential, &["offers"]).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_command_is_quoted_without_its_arguments() {
    let market = Market::open("accepted-location").await;
    let credential = of_script(&market, "echo 'Please run az login again' >&2; exit 3");
    let ran = market.run_signing_in(&credential, &["offers"]).await;
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    for what in ["print-token", "exit status: 3", "Please run az login again"] {
        assert!(ran.err.contains(what), "{what}: {}", ran.err);
    }
    assert!(!ran.err.contains("an-argument"), "{}", ran.err);
    assert_eq!(market.simulator.request_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_token_file_is_read_again_after_a_refusal() {
    let (market, gate) = Market::gated("sign-in-renewed").await;
    let path = market.home.path().join("token");
    write(&path, market.simulator.token(), 0o600);
    let market = Arc::new(market);
    let (beside, replaced) = (Arc::clone(&market), path.clone());
    gate.on_refusal(move || {
        write(&replaced, "another-token", 0o600);
        beside.simulator.renew_token("another-token");
    });
    let ran = market
        .run_signing_in(&of_file(&path), &[CANCEL, &["--no-wait"]].concat())
        .await;
    let what = format!("{}{}", ran.out, ran.err);
    assert_eq!(ran.verdict()["verdict"], "pending", "{what}");
    assert_eq!((ran.code, market.cancels()), (Some(0), 2), "{what}");
    assert_eq!(market.simulator.carried_out("contoso-vm"), 1);
    let sent: Vec<_> = market
        .simulator
        .requests()
        .iter()
        .filter(|request| request.is_cancel())
        .map(|request| {
            (
                request.status(),
                request.header("authorization").map(str::to_owned),
            )
        })
        .collect();
    let first = format!("Bearer {}", market.simulator.token());
    assert_eq!(
        sent,
        [
            (Some(401), Some(first)),
            (Some(202), Some("Bearer another-token".into()))
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_token_file_ends_the_run_with_a_remedy() {
    let market = Market::open("sign-in-renewed").await;
    let path = market.home.path().join("token");
    write(&path, market.simulator.token(), 0o600);
    let ran = market.run_signing_in(&of_file(&path), CANCEL).await;
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    assert_eq!(ran.verdict()["verdict"], "not_sent");
    assert!(ran.err.contains("write a new token into"), "{}", ran.err);
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_credential_names_the_settings() {
    let market = Market::open("accepted-location").await;
    let args = ["--publisher", "contoso", "offers"];
    let ran = market.run_without_settings(&args).await;
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    for what in [
        "COUNTERMAND_TOKEN",
        "credential = {",
        "AZURE_CLIENT_SECRET",
        "countermand demo",
    ] {
        assert!(ran.err.contains(what), "{what}: {}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn application_variables_are_enough() {
    let market = Market::open("accepted-location").await;
    let token = market.simulator.token().to_owned();
    let entra = Entra::secure(move |_, _| granted(&token)).await;
    let ca = entra.ca.path().to_str().unwrap();
    let args = ["offers", "--ca-file", ca];
    lists_offers(&market.run_as_application(entra.origin.as_str(), &args).await);
    let requests = entra.requests();
    assert_eq!(requests[0].line(), "POST /tenant/oauth2/v2.0/token HTTP/1.1");
    assert_eq!(requests[0].form["client_secret"], "hush");
}

const CODE: &str = r#"{"user_code":"ABCD","device_code":"d","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":1}"#;

#[tokio::test(flavor = "multi_thread")]
async fn verb_prints_the_device_code_on_stderr_and_waits() {
    let market = Market::open("accepted-location").await;
    let (token, entered) = (
        market.simulator.token().to_owned(),
        Arc::new(AtomicBool::new(false)),
    );
    let has_entered = Arc::clone(&entered);
    let entra = Entra::plain(move |_, request| {
        if request.line().contains("/devicecode ") {
            answer(200, "", CODE)
        } else if has_entered.load(Ordering::SeqCst) {
            granted(&token)
        } else {
            answer(400, "", r#"{"error":"authorization_pending"}"#)
        }
    })
    .await;
    let credential = format!("kind = 'device-code'\nauthority = '{}'", entra.origin);
    let mut child = market.signing_in(&credential, CANCEL).spawn().unwrap();
    let waiting = tokio::task::spawn_blocking(move || {
        let (mut prompt, mut out) = (String::new(), String::new());
        BufReader::new(child.stderr.take().unwrap())
            .read_line(&mut prompt)
            .unwrap();
        entered.store(true, Ordering::SeqCst);
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        (prompt, out, child.wait().unwrap().code())
    });
    let (prompt, out, code) = soon(waiting).await.unwrap();
    assert_eq!(
        prompt,
        "countermand: to sign in, open https://microsoft.com/devicelogin and enter the code ABCD\n"
    );
    assert_eq!(code, Some(0), "{out}");
    assert!(
        out.lines().last().unwrap().contains(r#""verdict":"canceled""#),
        "{out}"
    );
    assert_eq!(market.simulator.carried_out("contoso-vm"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_sign_in_lists_one_remedy_per_line() {
    let market = Market::open("synchronous").await;
    let ran = market.run_without_settings(&["offers"]).await;
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    let lines: Vec<_> = ran.err.lines().collect();
    assert!(lines[0].len() < 130, "{}", lines[0]);
    for (line, way) in [
        (1, "countermand demo"),
        (2, "az account get-access-token"),
        (3, "device-code"),
        (4, "AZURE_CLIENT_SECRET"),
    ] {
        assert!(lines[line].contains(way), "{}", ran.err);
    }
}
