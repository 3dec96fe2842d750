//! Credentials from the process environment: the Azure CLI on its path, and a managed identity.
//!
//! The environment of a running process is not changed. Each test runs itself again in the environment that it needs.

use std::process::Command;

use crate::{
    Around,
    entra::{Entra, answer},
    failure, log, token,
};

/// Environment variable that marks the second run of a test, with the test's data.
const AGAIN: &str = "TEST_AGAIN";

/// Runs the test `name` again with `variables`.
fn again(name: &str, known: &str, variables: &[(&str, &str)]) {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(AGAIN, known)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{out}\n{err}");
    assert!(out.contains("1 passed"), "{out}");
    assert!(!out.contains("canary") && !err.contains("canary"), "{out}\n{err}");
}

/// Returns a path whose first folder has an `az` with this script.
fn path_with_az(script: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let az = folder.path().join("az");
    // Written by another process: a file that this process has open for writing may be inherited by the fork of another
    // test, and then cannot be executed.
    let made = Command::new("/bin/sh")
        .args([
            "-c",
            "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 700 \"$1\"",
            "sh",
        ])
        .arg(&az)
        .arg(script)
        .status()
        .unwrap();
    assert!(made.success());
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    (folder, path)
}

#[tokio::test]
async fn azure_cli_yields_a_token_or_a_reason() {
    const NAME: &str = "outside::azure_cli_yields_a_token_or_a_reason";
    let Ok(known) = std::env::var(AGAIN) else {
        let good = "[ \"$1 $2\" = 'account get-access-token' ] || exit 9; \
            case \"$(pwd -P)\" in */bin) ;; *) exit 7;; esac; \
            case \"$*\" in *'--scope https://cloudpartner.azure.com/.default --tenant t'*) ;; *) exit 8;; esac; \
            echo '{\"accessToken\":\"token-canary\",\"expires_on\":4000000000,\"tokenType\":\"Bearer\"}'";
        let (_folder, path) = path_with_az(good);
        again(NAME, "good", &[("PATH", &path)]);
        // Versions before 2.54 print local time alone.
        let (_folder, path) = path_with_az(
            "echo '{\"accessToken\":\"token-canary\",\"expiresOn\":\"2096-10-02 07:06:40.000000\",\"tokenType\":\"Bearer\"}'",
        );
        again(NAME, "good", &[("PATH", &path)]);
        let bad = "printf 'eyJ0eXAiOiJKV1QiLCJh.canary.x \\033[31mPlease run az login' >&2; exit 1";
        let (_folder, path) = path_with_az(bad);
        again(NAME, "signed out", &[("PATH", &path)]);
        for garbled in [
            "{\"accessToken\":\"canary",
            "\"canary\"",
            "{\"accessToken\":[\"canary\"]}",
        ] {
            let (_folder, path) = path_with_az(&format!("echo '{garbled}'"));
            again(NAME, "garbled", &[("PATH", &path)]);
        }
        again(NAME, "absent", &[("PATH", "/nowhere")]);
        return;
    };
    let source = Around::new().build("kind = 'azure-cli'\ntenant = 't'").unwrap();
    if known == "good" {
        assert_eq!(token(&source).await, "token-canary");
        log::check("signed in");
        return;
    }
    let failure = failure(&source).await;
    let what = failure.what.as_str();
    match &*known {
        "signed out" => assert!(what.ends_with("[hidden] ^[[31mPlease run az login"), "{failure}"),
        "absent" => assert!(what.contains("is not here"), "{failure}"),
        _ => assert!(what.contains("printed no token"), "{failure}"),
    }
    assert!(failure.advice.as_str().contains("az login"), "{failure}");
}

#[tokio::test]
async fn managed_identity_bypasses_proxies() {
    const NAME: &str = "outside::managed_identity_bypasses_proxies";
    let Ok(known) = std::env::var(AGAIN) else {
        let service = Entra::plain(|count, _| match count {
            0 => answer(
                200,
                "",
                r#"{"access_token":"token-canary","expires_on":"4000000000","resource":"r","token_type":"Bearer"}"#,
            ),
            _ => answer(400, "", r#"{"error":"invalid_request","error_description":"no identity for you"}"#),
        })
        .await;
        let endpoint = format!("{}/msi/token", service.origin);
        let variables = [
            ("IDENTITY_ENDPOINT", &*endpoint),
            ("IDENTITY_HEADER", "header-canary"),
            ("HTTP_PROXY", "http://127.0.0.1:1"),
            ("http_proxy", "http://127.0.0.1:1"),
        ];
        for known in ["there", "not there"] {
            tokio::task::spawn_blocking({
                let variables = variables.map(|(name, value)| (name, value.to_owned()));
                move || {
                    again(
                        NAME,
                        known,
                        &variables.each_ref().map(|(name, value)| (*name, &**value)),
                    );
                }
            })
            .await
            .unwrap();
        }
        let request = &service.requests()[0];
        assert!(
            request
                .line()
                .contains("resource=https%3A%2F%2Fcloudpartner.azure.com&"),
            "{request:?}"
        );
        assert!(request.line().contains("client_id=app"), "{request:?}");
        assert!(
            request
                .head
                .to_lowercase()
                .contains("x-identity-header: header-canary"),
            "{request:?}"
        );
        return;
    };
    let source = Around::new()
        .build("kind = 'managed-identity'\nclient = 'app'")
        .unwrap();
    if known == "there" {
        assert_eq!(token(&source).await, "token-canary");
        log::check("signed in");
    } else {
        let failure = failure(&source).await;
        assert!(failure.what.as_str().contains("no identity for you"), "{failure}");
        assert!(!failure.advice.is_empty(), "{failure}");
    }
}

/// Environment of each machine whose identity `azure_identity` does not support, and its name.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("Azure Arc", &["IDENTITY_ENDPOINT", "IMDS_ENDPOINT"]),
    (
        "Service Fabric",
        &[
            "IDENTITY_ENDPOINT",
            "IDENTITY_HEADER",
            "IDENTITY_SERVER_THUMBPRINT",
        ],
    ),
    ("Azure ML", &["MSI_ENDPOINT", "MSI_SECRET"]),
    ("CloudShell", &["MSI_ENDPOINT"]),
];

#[tokio::test]
async fn unsupported_managed_identity_is_named_with_a_command_as_remedy() {
    const NAME: &str = "outside::unsupported_managed_identity_is_named_with_a_command_as_remedy";
    let Ok(known) = std::env::var(AGAIN) else {
        let service = Entra::plain(|_, _| answer(200, "", "{}")).await;
        let endpoint = service.origin.to_string();
        let runs = tokio::task::spawn_blocking(move || {
            for (name, variables) in ELSEWHERE {
                let variables: Vec<_> = variables.iter().map(|variable| (*variable, &*endpoint)).collect();
                again(NAME, name, &variables);
            }
        });
        runs.await.unwrap();
        assert!(service.requests().is_empty());
        return;
    };
    let failure = failure(&Around::new().build("kind = 'managed-identity'").unwrap()).await;
    assert!(failure.what.as_str().contains(&*known), "{failure}");
    assert!(
        failure
            .advice
            .as_str()
            .contains("credential = { kind = \"command\", command = [\"az\", "),
        "{failure}"
    );
}
