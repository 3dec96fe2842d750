//! Tokens that lie somewhere: in a variable, in a file, in what a program prints; and settings that lack something.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Around, checked, failure, log, token};

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_file_is_read_again_when_it_has_changed_and_when_its_token_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let source = Around::new()
        .build(&format!("kind = 'file'\npath = '{}'", path.display()))
        .unwrap();
    assert!(failure(&source).await.what.as_str().contains("cannot be read"));
    // Each mending is found at once, whatever was in vain before it.
    write(&path, "token-canary-1\n", 0o644);
    assert!(failure(&source).await.what.as_str().contains("chmod 600"));
    write(&path, "token-canary-1\n", 0o600);
    assert_eq!(token(&source).await, "token-canary-1");
    write(&path, "token-canary-two\n", 0o600);
    assert_eq!(token(&source).await, "token-canary-two");
    // One that was spoilt takes nothing from the token that lives.
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
async fn the_same_token_in_the_file_is_no_new_one() {
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
async fn a_command_is_asked_once_and_its_words_stay_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let (script, count) = (folder.path().join("script"), folder.path().join("count"));
    // What the token says of its own end: long from now.
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
async fn a_variable_is_read_once_and_is_named_when_it_holds_nothing() {
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
fn what_is_missing_is_named_with_where_it_can_be_given() {
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
fn the_authority_may_be_its_host_alone_and_matters_only_to_who_asks_entra() {
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
