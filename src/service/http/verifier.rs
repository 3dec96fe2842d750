//! The platform's certificate verifier, which remembers the rejected certificate and the reason.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier as PlatformVerifier;

use super::certificate::Certificate;
use crate::domain::text::SafeText;

/// The platform verifier with a memory of rejections.
#[derive(Debug)]
pub(super) struct Verifier(pub(super) PlatformVerifier);

/// A rejected certificate.
#[derive(Clone, Debug)]
pub(in crate::service) struct Untrusted {
    /// Intended peer.
    pub(in crate::service) host: SafeText,
    /// The certificate; none if unreadable.
    pub(in crate::service) certificate: Option<Certificate>,
    /// Reason.
    pub(in crate::service) why: Mistrust,
}

/// Reasons to reject a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) enum Mistrust {
    /// Unknown issuer.
    UnknownIssuer,
    /// Expired.
    Expired,
    /// Not yet valid.
    NotYetValid,
    /// For other hosts.
    OtherName,
    /// Any other, in the library's words.
    Other(SafeText),
}

impl Untrusted {
    /// Returns the rejection inside `error`.
    pub(in crate::service) fn within(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => inner.downcast_ref(),
            _ => None,
        }
    }

    fn new(host: &ServerName<'_>, certificate: &CertificateDer<'_>, error: &CertificateError) -> Self {
        Self {
            host: SafeText::new(&host.to_str()),
            certificate: Certificate::read(certificate),
            why: Mistrust::of(error),
        }
    }
}

impl Mistrust {
    fn of(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::OtherName
            }
            other => Self::Other(SafeText::new(&other.to_string())),
        }
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(certificate) = &self.certificate else {
            return write!(f, "the certificate of {} cannot be read", self.host);
        };
        write!(
            f,
            "the certificate of {} is not trusted: it is for {}, issued by {}",
            self.host,
            certificate.holder(),
            certificate.issuer
        )?;
        match (&self.why, certificate.not_after, certificate.not_before) {
            (Mistrust::UnknownIssuer, ..) => f.write_str(", whom this machine does not know"),
            (Mistrust::Expired, Some(end), _) => write!(f, ", and ended on {end}"),
            (Mistrust::NotYetValid, _, Some(begin)) => write!(f, ", and begins only on {begin}"),
            (Mistrust::OtherName, ..) => {
                write!(f, ", and its hosts are {}", or_none(&certificate.hosts()))
            }
            (Mistrust::Other(why), ..) => write!(f, ": {why}"),
            (Mistrust::Expired | Mistrust::NotYetValid, ..) => f.write_str(", and it does not hold now"),
        }
    }
}

impl std::error::Error for Untrusted {}

fn or_none(hosts: &str) -> &str {
    if hosts.is_empty() { "none" } else { hosts }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = self
            .0
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        judged.map_err(|error| match error {
            Error::InvalidCertificate(why) => {
                let untrusted = Untrusted::new(server_name, end_entity, &why);
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted))))
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
