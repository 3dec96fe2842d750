//! Private CAs, HTTP/1.1 and HTTP/2, IPv6, and an HTTP/2 connection that died silently.

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::ids::{Origin, PublisherId},
    engine::ports::Catalogue,
    service::{auth::StaticToken, cpp::Client, http::ClientOptions},
};

use crate::{
    authority::Authority,
    front::{self, Http2},
    program::{Program, market},
};

const NAMES: &[&str] = &["service.test", "127.0.0.1", "::1"];

fn options(origin: &str, ca: &Authority) -> ClientOptions {
    let token = StaticToken::new(&"token".to_owned().into()).unwrap();
    ClientOptions {
        ca_file: Some(ca.file().to_owned()),
        ..ClientOptions::new(Origin::parse(origin).unwrap(), Arc::new(token))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn private_ca_is_trusted_by_flag_or_variable_and_named_otherwise() {
    let (simulator, ca) = (market("synchronous").await, Authority::new("Contoso Private CA"));
    let address = front::before(&simulator.origin(), ca.server(NAMES, &["http/1.1"], false)).await;
    let origin = format!("https://{address}");
    let cancel = &["cancel", "contoso-vm", "--yes", "--json"];
    let file = ca.file().to_str().unwrap();

    let ran = Program::new(cancel).at(&origin, &simulator).run().await;
    assert_eq!(ran.code, Some(1), "{}", ran.all());
    for words in [
        "CN=Contoso Private CA",
        "CN=service.test",
        "--ca-file",
        "SSL_CERT_FILE",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert_eq!(simulator.requests().len(), 0);

    let ran = Program::new(&["offers"])
        .at(&origin, &simulator)
        .with("SSL_CERT_FILE", file);
    let ran = ran.run().await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let ran = Program::new(cancel)
        .at(&origin, &simulator)
        .trusting(ca.file())
        .run()
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(ran.out.contains(r#""verdict":"canceled""#), "{}", ran.out);

    let quoted = format!("\"{file}\"\r");
    let offers = |value: &str| {
        Program::new(&["offers"])
            .at(&origin, &simulator)
            .with("SSL_CERT_FILE", value)
    };
    let ran = offers(&quoted).run().await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let ran = offers("").trusting(ca.file()).run().await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let ran = offers("/nowhere/ca.pem").trusting(ca.file()).run().await;
    assert_eq!(ran.code, Some(1), "{}", ran.all());
    assert!(
        ran.err.contains("SSL_CERT_FILE: /nowhere/ca.pem cannot be used"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_or_mismatched_certificate_is_reported() {
    let (simulator, ca) = (market("synchronous").await, Authority::new("Contoso Private CA"));
    for (names, has_ended, words) in [
        (NAMES, true, "ended on 2021-01-01"),
        (&["other.test"][..], false, "its hosts are other.test"),
    ] {
        let config = ca.server(names, &["http/1.1"], has_ended);
        let address = front::before(&simulator.origin(), config).await;
        let offers = Program::new(&["offers"]).at(&format!("https://{address}"), &simulator);
        let ran = offers.trusting(ca.file()).run().await;
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_works_over_ipv4_and_ipv6() {
    let ca = Authority::new("Contoso Private CA");
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let config = ca.server(NAMES, &["h2"], false);
        let Some(server) = Http2::listening(address, config).await else {
            assert!(address.starts_with('['), "there always is an IPv4 loopback");
            continue;
        };
        let client = Client::new(&options(&format!("https://{}", server.address), &ca)).unwrap();
        for _ in 0..3 {
            assert!(
                client
                    .offers(&PublisherId::new("contoso"))
                    .await
                    .unwrap()
                    .is_empty()
            );
        }
        assert_eq!(server.connections(), 1, "one connection for all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_http2_connection_is_replaced() {
    let ca = Authority::new("Contoso Private CA");
    let config = ca.server(NAMES, &["h2"], false);
    let server = Http2::listening("127.0.0.1:0", config).await.unwrap();
    let mut options = options(&format!("https://{}", server.address), &ca);
    options.limits.unheard = Duration::from_millis(100);
    let client = Client::new(&options).unwrap();
    let publisher = PublisherId::new("contoso");
    client.offers(&publisher).await.unwrap();
    server.go_deaf();
    client.offers(&publisher).await.unwrap();
    assert_eq!(server.connections(), 2);
}
