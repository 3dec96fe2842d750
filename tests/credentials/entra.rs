//! A sign-in service on the loopback with scripted answers, over TLS with a certificate of its own or plain HTTP.

use std::{
    collections::BTreeMap,
    io::Write as _,
    sync::{Arc, Mutex},
};

use countermand::domain::ids::Origin;
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
};

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) form: BTreeMap<String, String>,
}

impl Received {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }
}

/// Returns a complete answer.
pub(crate) fn answer(status: u16, head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n{head}Content-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Returns the answer with a token, as Entra v2 writes it.
pub(crate) fn granted(token: &str) -> Vec<u8> {
    answer(
        200,
        "",
        &format!(
            r#"{{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"{token}"}}"#
        ),
    )
}

type Reply = dyn Fn(usize, &Received) -> Vec<u8> + Send + Sync;

/// A running service.
pub(crate) struct Entra {
    pub(crate) origin: Origin,
    pub(crate) ca: NamedTempFile,
    requests: Arc<Mutex<Vec<Received>>>,
}

impl Entra {
    /// Starts over TLS.
    pub(crate) async fn secure(reply: impl Fn(usize, &Received) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        Self::start(
            Some(TlsAcceptor::from(Arc::new(config))),
            &made.cert.pem(),
            Arc::new(reply),
        )
        .await
    }

    /// Starts over plain HTTP.
    pub(crate) async fn plain(reply: impl Fn(usize, &Received) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(None, "", Arc::new(reply)).await
    }

    async fn start(tls: Option<TlsAcceptor>, pem: &str, reply: Arc<Reply>) -> Self {
        let mut ca = NamedTempFile::new().unwrap();
        ca.write_all(pem.as_bytes()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = Origin::parse(&format!("{scheme}://{}", listener.local_addr().unwrap())).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, kept, reply) = (tls.clone(), kept.clone(), reply.clone());
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &kept, &*reply).await;
                            }
                        }
                        None => serve(stream, &kept, &*reply).await,
                    }
                });
            }
        });
        Self { origin, ca, requests }
    }

    pub(crate) fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, kept: &Mutex<Vec<Received>>, reply: &Reply) {
    while let Some(received) = request(&mut stream).await {
        let count = {
            let mut kept = kept.lock().unwrap();
            kept.push(received.clone());
            kept.len() - 1
        };
        if stream.write_all(&reply(count, &received)).await.is_err() {
            return;
        }
    }
}

async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, length)| length.parse().unwrap());
        if body.len() >= length {
            let form = url::form_urlencoded::parse(body.as_bytes())
                .into_owned()
                .collect();
            return Some(Received {
                head: head.to_owned(),
                form,
            });
        }
    }
}
