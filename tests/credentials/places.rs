//! Tokens from a variable, a file, or a program's output; and incomplete settings.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Around, checked, failure, log, token};

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn token_file_is_read_again_after_a_change_or_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let source = Around::new()
        .build(&format!("kind = 'file'\npath = '{}'", path.display()))
        .unwrap();
    assert!(failure(&source).await.what.as_str().contains("cannot be read"));
    // Each repair is found at once, whatever failed before it.
    write(&path, "token-canary-1\n", 0o644);
    assert!(failure(&source).await.what.as_str().contains("chmod 600"));
    write(&path, "token-canary-1\n", 0o600);
    assert_eq!(token(&source).await, "token-canary-1");
    write(&path, "token-canary-two\n", 0o600);
    assert_eq!(token(&source).await, "token-canary-two");
    // A broken file does not affect the live token.
    write(&path, "spoilt canary\n", 0o600);
    assert_eq!(token(&source).await, "token-canary-two");
    let refused = source.renew().await.unwrap_err();
    checked(&refused);
    assert!(
        refused.what.as_str().contains("characters that no token has"),
        "{refused}"
    );
    write(&path, "token-canary-3\n", 0o600);
    assert_eq!(token(&source).await, "token-canary-3");
    log::check("signed in");
}

#[tokio::test]
async fn same_token_in_the_file_is_no_renewal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    write(&path, "token-canary", 0o600);
    let source = Around::new()
        .build(&format!("kind = 'file'\npath = '{}'", path.display()))
        .unwrap();
    token(&source).await;
    let refused = source.renew().await.unwrap_err();
    checked(&refused);
    assert!(
        refused.advice.as_str().contains("write a new token into"),
        "{refused}"
    );
    assert_eq!(failure(&source).await, refused);
}

#[tokio::test]
async fn command_runs_once_with_verbatim_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let (script, count) = (folder.path().join("script"), folder.path().join("count"));
    // Claims of a token with a distant expiry.
    let payload = URL_SAFE_NO_PAD.encode(r#"{"exp":4000000000}"#);
    fs::write(
        &script,
        format!("echo x >> '{}'; echo eyJ0eXAi.{payload}.canary", count.display()),
    )
    .unwrap();
    let source = Around::new()
        .build(&format!(
            "kind = 'command'\ncommand = ['/bin/sh', '{}', '--password=canary']",
            script.display()
        ))
        .unwrap();
    for _ in 0..8 {
        assert!(token(&source).await.ends_with(".canary"));
    }
    assert_eq!(fs::read_to_string(count).unwrap(), "x\n");
    log::check("signed in");
}

#[tokio::test]
async fn variable_is_read_once_and_named_if_empty() {
    let mut around = Around::new();
    for (settings, variable) in [
        ("kind = 'environment'", "COUNTERMAND_TOKEN"),
        ("kind = 'environment'\nvariable = 'MY_TOKEN'", "MY_TOKEN"),
    ] {
        around.variables.clear();
        let missing = around.build(settings).map(drop).unwrap_err();
        checked(&missing);
        assert!(missing.what.as_str().contains(variable), "{missing}");
        around.variables = vec![(variable, "token-canary\n".to_owned())];
        let source = around.build(settings).unwrap();
        assert_eq!(token(&source).await, "token-canary");
        let refused = source.renew().await.unwrap_err();
        checked(&refused);
        assert!(refused.advice.as_str().contains(variable), "{refused}");
    }
}

#[test]
fn missing_settings_are_named_with_their_place() {
    for (settings, variables, what, advice) in [
        (
            "kind = 'client-secret'",
            &[][..],
            "no `tenant`",
            "AZURE_TENANT_ID",
        ),
        (
            "kind = 'client-secret'\ntenant = 't'",
            &[],
            "no `client`",
            "AZURE_CLIENT_ID",
        ),
        (
            "kind = 'client-secret'\ntenant = 't'\nclient = 'c'",
            &[("AZURE_CLIENT_SECRET", " ")],
            "AZURE_CLIENT_SECRET holds no client secret",
            "secret_file",
        ),
        (
            "kind = 'client-secret'\ntenant = 't'\nclient = 'c'\nsecret_env = 'OTHER'",
            &[("AZURE_CLIENT_SECRET", "secret-canary")],
            "OTHER holds no client secret",
            "secret_env",
        ),
        (
            "kind = 'client-certificate'\ncertificate = '/c'",
            &[],
            "no `tenant`",
            "AZURE_TENANT_ID",
        ),
        (
            "kind = 'workload-identity'\ntenant = 't'\nclient = 'c'",
            &[],
            "no `token_file`",
            "AZURE_FEDERATED_TOKEN_FILE",
        ),
        (
            "kind = 'device-code'",
            &[("AZURE_AUTHORITY_HOST", "http://login.example")],
            "AZURE_AUTHORITY_HOST is `http://login.example`, which is no authority: plain http",
            "authority",
        ),
        (
            "kind = 'client-secret'\ntenant = 't'\nclient = 'c'",
            &[
                ("AZURE_CLIENT_SECRET", "secret-canary"),
                ("AZURE_AUTHORITY_HOST", "https://login.example/tenant"),
            ],
            "AZURE_AUTHORITY_HOST is `https://login.example/tenant`, which is no authority",
            "such as login.microsoftonline.us",
        ),
        (
            "kind = 'command'\ncommand = ['']",
            &[],
            "is empty",
            "the program, then",
        ),
    ] {
        let around = Around {
            variables: variables
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            ..Around::new()
        };
        let failure = around.build(settings).map(drop).unwrap_err();
        checked(&failure);
        assert!(failure.what.as_str().contains(what), "{failure}");
        assert!(failure.advice.as_str().contains(advice), "{failure}");
    }
}

#[test]
fn authority_may_be_a_host_and_matters_only_to_entra() {
    let authority = |authority: &str| Around {
        variables: vec![("AZURE_AUTHORITY_HOST", authority.to_owned())],
        ..Around::new()
    };
    for host in ["login.example", "login.example/", "https://login.example/"] {
        authority(host).build("kind = 'device-code'").map(drop).unwrap();
    }
    for settings in ["kind = 'azure-cli'", "kind = 'managed-identity'"] {
        authority("http://login.example")
            .build(settings)
            .map(drop)
            .unwrap();
    }
}
