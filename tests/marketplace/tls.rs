//! TLS: private certificates, and an HTTP/2 server that refuses in the ways that make clients repeat a request.

use std::{io::Write as _, path::PathBuf, process::Command, sync::Arc};

use countermand::{
    domain::ids::Origin,
    engine::{
        failure::Class,
        ports::{Catalogue, SendFailure},
    },
    service::{
        cpp::{Client, Sender},
        http::ClientOptions,
    },
};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
};

use crate::{
    Cancels as _, client, contoso, options, sentence,
    server::{Reply, Seen, answer, serve},
    soon, target,
};

/// Way to refuse an HTTP/2 request after reading it.
#[derive(Clone, Copy, Debug)]
enum Refusing {
    /// `RST_STREAM` with `REFUSED_STREAM`.
    Stream,
    /// `GOAWAY` without an error, before the stream.
    Connection,
    /// `RST_STREAM` with `HTTP_1_1_REQUIRED`.
    Protocol,
    /// `GOAWAY` with `HTTP_1_1_REQUIRED`.
    ProtocolOfAll,
}

/// A server with a certificate of its own.
struct Secure {
    origin: Origin,
    ca: NamedTempFile,
    seen: Seen,
}

impl Secure {
    async fn start(protocols: &[&str], refusing: Refusing) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let mut ca = NamedTempFile::new().unwrap();
        ca.write_all(made.cert.pem().as_bytes()).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = Origin::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
        let seen = Seen::default();
        let kept = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, kept) = (acceptor.clone(), kept.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                        let _ = refuse(stream, &kept, refusing).await;
                    } else {
                        let accepted = answer("202 Accepted", "Content-Type: application/json\r\n", b"[]");
                        serve(stream, &kept, &move |_, _| Reply::Bytes(accepted.clone())).await;
                    }
                });
            }
        });
        Self { origin, ca, seen }
    }

    fn options(&self) -> ClientOptions {
        let mut options = options(&self.origin);
        options.ca_file = Some(self.ca.path().to_owned());
        options
    }
}

/// Handles just enough HTTP/2 to read requests and to refuse each.
async fn refuse<S>(mut stream: S, seen: &Seen, refusing: Refusing) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    const SETTINGS: u8 = 4;
    const HEADERS: u8 = 1;
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    stream.write_all(&frame(SETTINGS, 0, [0; 4], &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        if kind == SETTINGS && flags & 1 == 0 {
            stream.write_all(&frame(SETTINGS, 1, [0; 4], &[])).await?;
        }
        if kind == HEADERS {
            seen.keep("h2".to_owned());
            let refusal = match refusing {
                Refusing::Stream => frame(3, 0, id, &[0, 0, 0, 7]),
                Refusing::Connection => frame(7, 0, [0; 4], &[0; 8]),
                Refusing::Protocol => frame(3, 0, id, &[0, 0, 0, 0xd]),
                Refusing::ProtocolOfAll => frame(7, 0, [0; 4], &[0, 0, 0, 0, 0, 0, 0, 0xd]),
            };
            stream.write_all(&refusal).await?;
        }
    }
}

fn frame(kind: u8, flags: u8, stream: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    let mut bytes = vec![0, 0, length, kind, flags];
    bytes.extend_from_slice(&stream);
    bytes.extend_from_slice(payload);
    bytes
}

/// Returns a default client that trusts the server.
fn default_client(server: &Secure) -> reqwest::Client {
    let pem = std::fs::read(server.ca.path()).unwrap();
    let certificate = reqwest::Certificate::from_pem(&pem).unwrap();
    let builder = reqwest::Client::builder().no_proxy();
    builder.tls_certs_merge([certificate]).build().unwrap()
}

#[tokio::test]
async fn refused_stream_is_repeated_by_default_clients_only() {
    for refusing in [Refusing::Stream, Refusing::Connection] {
        let server = Secure::start(&["h2", "http/1.1"], refusing).await;
        let url = format!(
            "{}/api/publishers/contoso/offers/contoso-vm/cancel",
            server.origin
        );
        let repeated = default_client(&server).post(url).body("{}").send().await;
        assert!(repeated.is_err());
        let requests = server.seen.requests();
        assert!(
            requests.len() > 1,
            "{refusing:?} makes nobody repeat, so this test shows nothing"
        );
        assert!(requests.iter().all(|request| request == "h2"));

        let server = Secure::start(&["h2", "http/1.1"], refusing).await;
        let sender = Sender::new(&server.options()).unwrap();
        assert_eq!(
            sender
                .send(&target(&server.origin), &[], soon())
                .await
                .unwrap()
                .http_status,
            202
        );
        let requests = server.seen.requests();
        assert_eq!(requests.len(), 1);
        assert!(
            requests[0].contains("/cancel?api-version=2017-10-31 HTTP/1.1\r\n"),
            "{requests:?}"
        );
    }
}

#[tokio::test]
async fn http2_only_server_receives_no_cancel() {
    let server = Secure::start(&["h2"], Refusing::Stream).await;
    let sent = Sender::new(&server.options())
        .unwrap()
        .send(&target(&server.origin), &[], soon())
        .await;
    let Err(SendFailure::NotSent(failure)) = sent else {
        panic!("{sent:?}");
    };
    assert!(
        sentence(&failure).contains("the TLS handshake failed"),
        "{failure}"
    );
    assert_eq!(server.seen.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn reading_may_use_http2() {
    let server = Secure::start(&["h2", "http/1.1"], Refusing::Stream).await;
    let reading = Client::new(&server.options()).unwrap();
    assert!(reading.offers(&contoso()).await.is_err());
    assert_eq!(server.seen.requests()[0], "h2");
}

#[tokio::test]
async fn http1_required_is_honored_when_reading() {
    for refusing in [Refusing::Protocol, Refusing::ProtocolOfAll] {
        let server = Secure::start(&["h2", "http/1.1"], refusing).await;
        let reading = Client::new(&server.options()).unwrap();
        for _ in 0..2 {
            assert!(reading.offers(&contoso()).await.unwrap().is_empty());
        }
        let requests = server.seen.requests();
        assert_eq!(
            requests.len(),
            3,
            "asked in vain once, and never again: {requests:?}"
        );
        assert_eq!(requests[0], "h2");
    }
}

#[tokio::test]
async fn untrusted_certificate_fails_before_the_token_is_sent() {
    let server = Secure::start(&["http/1.1"], Refusing::Stream).await;
    let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
    assert_eq!(failure.class, Class::Transient);
    let sentence = sentence(&failure);
    assert!(
        sentence.contains("the TLS handshake failed") && sentence.contains("--ca-file"),
        "{sentence}"
    );
    assert_eq!(server.seen.requests(), Vec::<String>::new());
    let trusting = Client::new(&server.options()).unwrap();
    assert!(trusting.offers(&contoso()).await.unwrap().is_empty());
}

#[test]
fn unusable_certificate_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, content: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for file in [
        folder.path().join("missing.pem"),
        path("empty.pem", ""),
        path("broken.pem", broken),
    ] {
        let mut options = options(&Origin::parse("https://cloudpartner.azure.com").unwrap());
        options.ca_file = Some(file);
        let Err(failure) = Client::new(&options).map(|_| ()) else {
            panic!("{options:?}");
        };
        assert!(sentence(&failure).contains("--ca-file"), "{failure}");
    }
}

/// Runs itself in a process without certificates, because the environment belongs to the whole process.
#[test]
fn missing_platform_certificates_fail_https_clearly_and_not_http() {
    const NAME: &str = "tls::missing_platform_certificates_fail_https_clearly_and_not_http";
    const INSIDE: &str = "COUNTERMAND_TEST_WITHOUT_CERTIFICATES";
    if std::env::var_os(INSIDE).is_none() {
        let itself = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env(INSIDE, "1")
            .env("SSL_CERT_FILE", "/nonexistent/file")
            .env("SSL_CERT_DIR", "/nonexistent/folder")
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&itself.stdout);
        assert!(itself.status.success() && output.contains("1 passed"), "{output}");
        return;
    }
    let secure = options(&Origin::parse("https://cloudpartner.azure.com").unwrap());
    let Err(failure) = Sender::new(&secure).map(|_| ()) else {
        panic!("built without certificates");
    };
    assert!(sentence(&failure).contains("SSL_CERT_FILE"), "{failure}");
    let plain = options(&Origin::parse("http://127.0.0.1:1").unwrap());
    assert!(Client::new(&plain).is_ok() && Sender::new(&plain).is_ok());
}
