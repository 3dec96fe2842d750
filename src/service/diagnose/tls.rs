//! TLS handshake and its result: version, protocol, and the certificate chain.

use std::{io, path::Path, sync::Arc};

use rustls::{ClientConnection, ProtocolVersion, pki_types::ServerName};
use tokio_rustls::TlsConnector;

use super::{Certificate, Line, Place, failed};
use crate::{
    domain::text::SafeText,
    engine::failure::Failure,
    service::http::{
        errors::{self, cause::Trouble},
        transport::trust::{self, Speaking},
    },
};

/// Parameters agreed with a trusted service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// `TLS 1.3` or `TLS 1.2`.
    pub version: &'static str,
    /// Protocol by ALPN; none if the service names none.
    pub protocol: Option<SafeText>,
    /// Certificates of the service, its own first; unreadable ones are left out.
    pub chain: Vec<Certificate>,
}

/// Performs a handshake over `line` with `place`, as the client would.
///
/// # Errors
/// Names the untrusted certificate and the reason, or another failure, or that the trusted certificates cannot be read.
pub async fn handshake(line: Line, place: &Place, ca_file: Option<&Path>) -> Result<Handshake, Failure> {
    let (_, handshake) = shake(line, &place.host, ca_file, Speaking::Either).await?;
    Ok(handshake)
}

pub(super) async fn shake(
    line: Line,
    host: &str,
    ca_file: Option<&Path>,
    speaking: Speaking,
) -> Result<(Line, Handshake), Failure> {
    let connector = TlsConnector::from(Arc::new(trust::client(ca_file, speaking)?));
    let name = ServerName::try_from(host.to_owned()).map_err(|_| failed("tls", &unnamed(host)))?;
    let stream = connector
        .connect(name, line.0)
        .await
        .map_err(|error| failed("tls", &trouble(&error)))?;
    let handshake = seen(stream.get_ref().1);
    Ok((Line::new(stream), handshake))
}

fn seen(connection: &ClientConnection) -> Handshake {
    let chain = connection.peer_certificates().unwrap_or_default();
    Handshake {
        version: match connection.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS",
        },
        protocol: connection
            .alpn_protocol()
            .map(|name| SafeText::new(&String::from_utf8_lossy(name))),
        chain: chain.iter().filter_map(|der| Certificate::read(der)).collect(),
    }
}

fn trouble(error: &io::Error) -> Trouble {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(error) => errors::tls::trouble(error),
        None => Trouble {
            what: format!("the connection ended during the TLS handshake ({error})"),
            advice: "a firewall may cut TLS off; check the port in the base URL, and HTTPS_PROXY if you need a proxy",
        },
    }
}

fn unnamed(host: &str) -> Trouble {
    Trouble {
        what: format!("{} is no name that a certificate can have", SafeText::new(host)),
        advice: "check the base URL",
    }
}
