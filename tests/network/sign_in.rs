//! Token issuers behind the same proxy and CA file as the service, with the same errors.

use axum::{Router, http::header::CONTENT_TYPE};
use countermand::simulator::Simulator;
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    authority::Authority,
    front,
    program::{Program, market},
    proxy::{Proxy, Temper},
};

/// Serves `token` to any client, behind TLS behind a proxy.
async fn entra(token: &str, ca: &Authority, temper: Temper) -> Proxy {
    let granted = json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": token }).to_string();
    let router =
        Router::new().fallback(move || async move { ([(CONTENT_TYPE, "application/json")], granted) });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let behind = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let address = front::before(&behind, ca.server(&["login.test"], &["http/1.1"], false)).await;
    Proxy::leading_to(address, temper).await
}

/// Lists offers as an application that signs in at `login.test`; the service itself is reached directly.
fn offers(simulator: &Simulator, proxy: &Proxy, user: &str) -> Program {
    Program::new(&["offers"])
        .with("COUNTERMAND_BASE_URL", &simulator.origin())
        .with("COUNTERMAND_PUBLISHER", simulator.publisher())
        .with("AZURE_AUTHORITY_HOST", "https://login.test")
        .with("AZURE_TENANT_ID", "tenant")
        .with("AZURE_CLIENT_ID", "client")
        .with("AZURE_CLIENT_SECRET", "hush-hush")
        .with("HTTPS_PROXY", &proxy.variable(user))
}

#[tokio::test(flavor = "multi_thread")]
async fn application_signs_in_through_the_configured_proxy() {
    let (simulator, ca) = (market("demo").await, Authority::new("Contoso Private CA"));
    let proxy = entra(simulator.token(), &ca, Temper::Guarded).await;
    let ran = offers(&simulator, &proxy, "ada:pass-word@")
        .trusting(ca.file())
        .run()
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let seen = proxy.seen();
    assert!(!seen.is_empty());
    for request in seen {
        assert!(request.starts_with("CONNECT login.test:443\n"), "{request}");
        assert!(
            !request.contains("hush") && !request.contains(simulator.token()),
            "{request}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_network_errors_are_named_as_for_the_service() {
    let (simulator, ca) = (market("demo").await, Authority::new("Contoso Private CA"));
    let proxy = entra(simulator.token(), &ca, Temper::Guarded).await;
    for (user, words) in [
        ("", "wants a name and a password (407)"),
        ("ada:pass-word@", "issued by CN=Contoso Private CA"),
    ] {
        let ran = offers(&simulator, &proxy, user).run().await;
        assert_eq!(ran.code, Some(5), "{}", ran.all());
        assert!(
            ran.err.contains(words) && ran.err.contains("login.test"),
            "{}",
            ran.err
        );
        assert!(
            !ran.all().contains("-word") && !ran.all().contains("hush"),
            "{}",
            ran.all()
        );
    }
    assert_eq!(simulator.requests().len(), 0);
}
