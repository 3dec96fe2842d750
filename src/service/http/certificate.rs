//! Content of a certificate, for a person. Unverified.

use jiff::Timestamp;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer as _};

use crate::domain::text::SafeText;

/// Maximum number of characters of a name, and of names, that are shown.
const NAME: usize = 200;
const NAMES: usize = 8;

/// The part of a certificate that identifies its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Subject, as `CN=api.contoso.com, O=Contoso`.
    pub subject: SafeText,
    /// Issuer.
    pub issuer: SafeText,
    /// Hosts and addresses, up to a limit.
    pub names: Vec<SafeText>,
    /// Start of validity.
    pub not_before: Option<Timestamp>,
    /// End of validity.
    pub not_after: Option<Timestamp>,
}

impl Certificate {
    /// Parses `der`; none if it is not a certificate.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, read) = X509Certificate::from_der(der).ok()?;
        let validity = read.validity();
        let moment = |seconds| Timestamp::from_second(seconds).ok();
        Some(Self {
            subject: short(&read.subject().to_string()),
            issuer: short(&read.issuer().to_string()),
            names: names(&read),
            not_before: moment(validity.not_before.timestamp()),
            not_after: moment(validity.not_after.timestamp()),
        })
    }

    /// Returns the holder: the subject, or the names if it is empty.
    #[must_use]
    pub fn holder(&self) -> SafeText {
        if self.subject.is_empty() {
            SafeText::new(&self.hosts())
        } else {
            self.subject.clone()
        }
    }

    /// Returns the hosts and addresses, separated by commas.
    #[must_use]
    pub fn hosts(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(SafeText::as_str).collect();
        names.join(", ")
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<SafeText> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let names = extension.value.general_names.iter();
    names.filter_map(name).take(NAMES).collect()
}

fn name(name: &GeneralName<'_>) -> Option<SafeText> {
    match name {
        GeneralName::DNSName(name) => Some(short(name)),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| short(&address)),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    use std::net::{Ipv4Addr, Ipv6Addr};
    let v4 = <[u8; 4]>::try_from(bytes).map(|bytes| Ipv4Addr::from(bytes).to_string());
    let v6 = || <[u8; 16]>::try_from(bytes).map(|bytes| Ipv6Addr::from(bytes).to_string());
    v4.or_else(|_| v6()).ok()
}

fn short(raw: &str) -> SafeText {
    match raw.char_indices().nth(NAME) {
        Some((end, _)) => SafeText::new(&format!("{}…", &raw[..end])),
        None => SafeText::new(raw),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::is_unsafe;

    #[test]
    fn certificate_shows_its_holder_without_terminal_controls() {
        let mut made = rcgen::CertificateParams::new(vec!["a.test".to_owned(), "::1".to_owned()]).unwrap();
        made.distinguished_name
            .push(rcgen::DnType::CommonName, "evil\u{1b}[31m\u{202e}");
        let key = rcgen::KeyPair::generate().unwrap();
        let read = Certificate::read(made.self_signed(&key).unwrap().der()).unwrap();
        assert!(read.subject.as_str().contains("^[[31m<U+202E>"), "{read:?}");
        assert_eq!(read.issuer, read.subject);
        assert_eq!(read.hosts(), "a.test, ::1");
        assert!(read.not_before < read.not_after && read.not_after.is_some());
    }

    #[test]
    fn non_certificate_is_none() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x03\x02\x01\x01",
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(Certificate::read(bytes), None);
        }
    }

    proptest! {
        #[test]
        fn damaged_certificate_is_harmless(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            cut in any::<prop::sample::Index>(),
            is_cut in any::<bool>(),
        ) {
            let made = rcgen::generate_simple_self_signed(vec!["a.test".to_owned()]).unwrap();
            let mut der = made.cert.der().to_vec();
            for (place, byte) in changes {
                let place = place.index(der.len());
                der[place] = byte;
            }
            if is_cut {
                der.truncate(cut.index(der.len()));
            }
            if let Some(read) = Certificate::read(&der) {
                let shown = format!("{} {} {}", read.holder(), read.issuer, read.hosts());
                prop_assert!(!shown.chars().any(is_unsafe), "{}", shown);
            }
        }
    }
}
