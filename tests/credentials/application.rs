//! Applications: a client secret, a certificate, a pod's own token; and refusals by Entra.

use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc};

use aws_lc_rs::{
    digest,
    encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, PKCS_RSA_SHA256};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::{
    Around,
    entra::{Entra, answer, granted},
    failure, log, token,
};

/// Returns the settings of an application with a client secret at `entra`.
fn with_secret(entra: &Entra) -> String {
    format!(
        "kind = 'client-secret'\ntenant = 'contoso.example'\nclient = 'app'\nauthority = '{}'\n",
        entra.origin
    )
}

fn around(entra: &Entra) -> Around {
    Around {
        variables: vec![("AZURE_CLIENT_SECRET", "secret-canary".to_owned())],
        ..Around::trusting(entra.ca.path())
    }
}

fn secret_file(text: &str, mode: u32) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
    file
}

#[tokio::test]
async fn client_secret_gets_one_shared_token_and_renews_a_refused_one() {
    let entra = Entra::secure(|count, _| granted(&format!("token-canary-{count}"))).await;
    let source = around(&entra).build(&with_secret(&entra)).unwrap();
    let waiting = (0..16).map(|_| {
        let source = source.clone();
        tokio::spawn(async move { token(&source).await })
    });
    for token in futures_util::future::join_all(waiting).await {
        assert_eq!(token.unwrap(), "token-canary-0");
    }
    assert_eq!(entra.requests().len(), 1);
    source.renew().await.unwrap();
    assert_eq!(token(&source).await, "token-canary-1");
    let request = &entra.requests()[0];
    assert_eq!(request.line(), "POST /contoso.example/oauth2/v2.0/token HTTP/1.1");
    for (key, value) in [
        ("grant_type", "client_credentials"),
        ("client_id", "app"),
        ("client_secret", "secret-canary"),
        ("scope", "https://cloudpartner.azure.com/.default"),
    ] {
        assert_eq!(request.form[key], value);
    }
    log::check("signed in");
}

#[tokio::test]
async fn missing_settings_come_from_azure_variables() {
    let entra = Entra::secure(|_, _| granted("token-canary")).await;
    let mut around = around(&entra);
    around.variables.extend([
        ("AZURE_TENANT_ID", "tenant".to_owned()),
        ("AZURE_CLIENT_ID", "client".to_owned()),
        ("AZURE_AUTHORITY_HOST", format!("{}/", entra.origin)),
    ]);
    let source = around
        .build("kind = 'client-secret'\nscope = 'other/.default'")
        .unwrap();
    assert_eq!(token(&source).await, "token-canary");
    let request = &entra.requests()[0];
    assert_eq!(request.line(), "POST /tenant/oauth2/v2.0/token HTTP/1.1");
    assert_eq!(
        (&*request.form["client_id"], &*request.form["scope"]),
        ("client", "other/.default")
    );
}

#[tokio::test]
async fn entra_v1_numbers_are_read() {
    let body = r#"{"token_type":"Bearer","expires_in":"3599","ext_expires_in":"3599","expires_on":"1800003599",
        "resource":"https://cloudpartner.azure.com","access_token":"token-canary"}"#;
    let entra = Entra::secure(move |_, _| answer(200, "", body)).await;
    let source = around(&entra).build(&with_secret(&entra)).unwrap();
    assert_eq!(token(&source).await, "token-canary");
}

#[tokio::test]
async fn entra_errors_show_a_remedy_and_are_not_retried_at_once() {
    for (status, body, what, advice) in [
        (
            401,
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret-canary.\r\nTrace ID: x","error_codes":[7000215],"correlation_id":"c-1"}"#,
            "401: invalid_client: AADSTS7000215: Invalid client [hidden].",
            "not its id",
        ),
        (
            400,
            r#"{"error":"unauthorized_client","error_description":"AADSTS700016: no such app"}"#,
            "400: unauthorized_client",
            "application (client) id",
        ),
        (
            400,
            r#"{"error":"invalid_scope"}"#,
            "400: invalid_scope",
            "/.default",
        ),
        (
            503,
            "<html><b>secret-canary</b> is down</html>",
            "503: [hidden] is down",
            "by itself",
        ),
        (
            200,
            "{\"access_token\":\"token-canary\"",
            "what is no token",
            "check the authority",
        ),
        (200, "\"token-canary\"", "what is no token", "check the authority"),
        (
            200,
            "{\"access_token\":[\"token-canary\"]}",
            "what is no token",
            "check the authority",
        ),
        (200, "{}", "what is no token", "check the authority"),
        (
            200,
            r#"{"token_type":"Bearer","access_token":"t","expires_in":"token-canary"}"#,
            "what is no token",
            "check the authority",
        ),
        (
            200,
            "<html>sign in to the hotel</html>",
            "what is no token",
            "check the authority",
        ),
    ] {
        let entra = Entra::secure(move |_, _| answer(status, "", body)).await;
        let source = around(&entra).build(&with_secret(&entra)).unwrap();
        for _ in 0..3 {
            let failure = failure(&source).await;
            assert!(failure.what.as_str().contains(what), "{failure}");
            assert!(failure.advice.as_str().contains(advice), "{failure}");
        }
        assert_eq!(entra.requests().len(), 1, "{body}");
    }
    log::check("not signed in");
}

#[tokio::test]
async fn secret_goes_only_to_the_authority() {
    let thief = Arc::new(Entra::plain(|_, _| granted("stolen")).await);
    for status in [301, 302, 307, 308] {
        let location = format!("Location: {}/take\r\n", thief.origin);
        let entra = Entra::secure(move |_, _| answer(status, &location, "")).await;
        let source = around(&entra).build(&with_secret(&entra)).unwrap();
        let failure = failure(&source).await;
        assert!(
            failure.advice.as_str().contains("redirect is not followed"),
            "{failure}"
        );
    }
    assert!(thief.requests().is_empty());
    // The secret does not go to a server that cannot prove its identity either.
    let entra = Entra::secure(|_, _| granted("stolen")).await;
    let mut unknown = around(&entra);
    unknown.ca = None;
    let source = unknown.build(&with_secret(&entra)).unwrap();
    let failure = failure(&source).await;
    assert!(failure.what.as_str().contains("TLS"), "{failure}");
    assert!(entra.requests().is_empty());
}

#[tokio::test]
async fn endless_answer_is_cut_off() {
    let entra = Entra::secure(|_, _| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".to_vec();
        bytes.resize(8 << 20, b' ');
        bytes
    })
    .await;
    let source = around(&entra).build(&with_secret(&entra)).unwrap();
    let failure = failure(&source).await;
    assert!(
        failure.what.as_str().contains("longer than the 1 MiB"),
        "{failure}"
    );
}

#[tokio::test]
async fn secret_file_is_private_and_read_on_each_use() {
    let entra = Entra::secure(|count, _| granted(&format!("token-{count}"))).await;
    let file = secret_file("secret-canary-1\n", 0o600);
    let settings = format!("{}secret_file = '{}'", with_secret(&entra), file.path().display());
    let source = around(&entra).build(&settings).unwrap();
    token(&source).await;
    fs::write(file.path(), "secret-canary-2").unwrap();
    source.renew().await.unwrap();
    let secrets: Vec<_> = entra
        .requests()
        .iter()
        .map(|request| request.form["client_secret"].clone())
        .collect();
    assert_eq!(secrets, ["secret-canary-1", "secret-canary-2"]);
    let open = secret_file("secret-canary", 0o644);
    let settings = format!("{}secret_file = '{}'", with_secret(&entra), open.path().display());
    let failure = failure(&around(&entra).build(&settings).unwrap()).await;
    assert!(failure.what.as_str().contains("chmod 600"), "{failure}");
}

/// Returns a certificate and its RSA key in PEM, and the public key to verify with.
fn certificate() -> (String, String, Vec<u8>, Vec<u8>) {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    let der = PrivatePkcs8KeyDer::from(pkcs8.as_ref().to_vec());
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(vec!["app".to_owned()])
        .unwrap()
        .self_signed(&pair)
        .unwrap();
    (
        certificate.pem(),
        pair.serialize_pem(),
        certificate.der().to_vec(),
        public.as_ref().to_vec(),
    )
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn certificate_assertion_can_be_verified() {
    let (certificate, key, der, public) = certificate();
    let file = secret_file(&format!("{key}{certificate}"), 0o600);
    let entra = Entra::secure(|_, _| granted("token-canary")).await;
    let source = around(&entra)
        .build(&format!(
            "kind = 'client-certificate'\ntenant = 't'\nclient = 'app'\nauthority = '{}'\ncertificate = '{}'",
            entra.origin,
            file.path().display()
        ))
        .unwrap();
    assert_eq!(token(&source).await, "token-canary");
    let form = &entra.requests()[0].form;
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    let assertion = &form["client_assertion"];
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public)
        .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let (head, claims) = (decoded(head), decoded(claims));
    let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &der));
    assert_eq!(
        (&head["alg"], &head["x5t#S256"]),
        (&"PS256".into(), &Value::from(thumbprint))
    );
    assert_eq!(claims["aud"], format!("{}/t/oauth2/v2.0/token", entra.origin));
    assert_eq!((&claims["iss"], &claims["sub"]), (&"app".into(), &"app".into()));
    assert!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap() <= 900);
    // A later request has another assertion.
    source.renew().await.unwrap_err();
    assert_ne!(&entra.requests()[1].form["client_assertion"], assertion);
    log::check("signed in");
}

#[tokio::test]
async fn invalid_certificate_is_named_before_any_request() {
    let (certificate, key, ..) = certificate();
    let elliptic = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let entra = Entra::secure(|_, _| granted("token-canary")).await;
    for (text, mode, what) in [
        (format!("{certificate}{key}"), 0o640, "chmod 600"),
        (key.clone(), 0o600, "no certificate"),
        (certificate.clone(), 0o600, "no private key"),
        (format!("{certificate}{elliptic}"), 0o600, "no RSA key"),
        (
            format!("{certificate}{}", key.replace("PRIVATE", "ENCRYPTED PRIVATE")),
            0o600,
            "encrypted",
        ),
    ] {
        let file = secret_file(&text, mode);
        let settings = format!(
            "kind = 'client-certificate'\ntenant = 't'\nclient = 'app'\nauthority = '{}'\ncertificate = '{}'",
            entra.origin,
            file.path().display()
        );
        let failure = failure(&around(&entra).build(&settings).unwrap()).await;
        assert!(failure.what.as_str().contains(what), "{failure}");
        assert!(failure.advice.as_str().contains("PEM"), "{failure}");
    }
    assert!(entra.requests().is_empty());
}

#[tokio::test]
async fn workload_identity_reads_its_token_on_each_use() {
    let entra = Entra::secure(|count, _| granted(&format!("token-{count}"))).await;
    let file = secret_file("pod-canary-1", 0o644);
    let mut around = around(&entra);
    around.variables = vec![
        ("AZURE_TENANT_ID", "t".to_owned()),
        ("AZURE_CLIENT_ID", "app".to_owned()),
        ("AZURE_FEDERATED_TOKEN_FILE", file.path().display().to_string()),
    ];
    let settings = format!("kind = 'workload-identity'\nauthority = '{}'", entra.origin);
    let source = around.build(&settings).unwrap();
    token(&source).await;
    fs::write(file.path(), "pod-canary-2").unwrap();
    source.renew().await.unwrap();
    let sent: Vec<_> = entra
        .requests()
        .iter()
        .map(|request| request.form["client_assertion"].clone())
        .collect();
    assert_eq!(sent, ["pod-canary-1", "pod-canary-2"]);
    fs::remove_file(file.path()).unwrap();
    let failure = failure(&around.build(&settings).unwrap()).await;
    assert!(failure.what.as_str().contains("federated token"), "{failure}");
}
