//! Judges certificates as the platform does, and remembers which one it did not trust, and why.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier as PlatformVerifier;

use super::certificate::Certificate;
use crate::domain::text::SafeText;

/// The platform's judge, and a memory.
#[derive(Debug)]
pub(super) struct Verifier(pub(super) PlatformVerifier);

/// A certificate that was not trusted.
#[derive(Clone, Debug)]
pub(in crate::service) struct Untrusted {
    /// Whom we meant to speak to.
    pub(in crate::service) host: SafeText,
    /// The certificate itself; none where it cannot be read.
    pub(in crate::service) certificate: Option<Certificate>,
    /// Why.
    pub(in crate::service) why: Mistrust,
}

/// Why a certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) enum Mistrust {
    /// Nobody we trust has signed it.
    UnknownIssuer,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// It is for others.
    OtherName,
    /// Anything else, in the words of the library.
    Other(SafeText),
}

impl Untrusted {
    /// What `error` remembers.
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
