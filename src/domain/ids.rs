//! Ids that are sent back to the service: publishers, offers, operations, cancellations.
//!
//! An id is kept raw, because a changed id names something else. An id that could change the meaning of a URL is an
//! unsafe segment: it is shown in its safe form and never sent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::text::SafeText;

/// Returns true if `raw` is literal as one segment of a path.
fn is_sendable(raw: &str) -> bool {
    !raw.is_empty()
        && raw.len() <= 256
        && raw
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
        && !raw.bytes().all(|byte| byte == b'.')
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Stores `raw` unchanged.
            #[must_use]
            pub fn new(raw: &str) -> Self {
                Self(raw.into())
            }

            /// Returns the id exactly as given. Not safe to show.
            #[must_use]
            pub fn raw(&self) -> &str {
                &self.0
            }

            /// Returns the id as one segment of a path, unless it is unsafe.
            #[must_use]
            pub fn segment(&self) -> Option<&str> {
                is_sendable(&self.0).then_some(&*self.0)
            }

            /// Returns true if both are the same id; the service ignores case.
            #[must_use]
            pub fn is(&self, other: &Self) -> bool {
                self.0.eq_ignore_ascii_case(&other.0)
            }

            /// Returns true if this id is shown but never sent.
            #[must_use]
            pub fn is_unsafe_segment(&self) -> bool {
                self.segment().is_none()
            }

            /// Returns the id in a form that is safe to show.
            #[must_use]
            pub fn shown(&self) -> SafeText {
                SafeText::new(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.shown().fmt(f)
            }
        }

        impl From<&str> for $name {
            fn from(raw: &str) -> Self {
                Self::new(raw)
            }
        }
    };
}

id!(
    /// A publisher of the marketplace, such as `contoso`.
    PublisherId
);
id!(
    /// An offer by the id in its URL, such as `contoso-vm`; not the GUID that some answers call `offerId`.
    OfferId
);
id!(
    /// An operation (a submission) on an offer, usually a GUID.
    OperationId
);
id!(
    /// A cancellation on this machine; assigned by the journal.
    CancellationId
);

impl OperationId {
    /// Returns the first eight characters: enough to distinguish operations on a screen.
    #[must_use]
    pub fn short(&self) -> SafeText {
        SafeText::new(self.0.get(..8).unwrap_or(&self.0))
    }
}

/// Scheme, host, and port of the service, such as `https://cloudpartner.azure.com`: the only place that receives a
/// token.
///
/// Always normalized: lower case, no default port, no trailing slash. Created by [`Origin::parse`] alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Origin(Box<str>);

/// Reasons why a URL is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Neither `https://` nor `http://`.
    #[error("an origin begins with https:// (or http:// for this machine alone)")]
    Scheme,
    /// Plain `http` to another machine.
    #[error("plain http is accepted for this machine alone (localhost, 127.0.0.1, [::1]); use https://")]
    PlainHttp,
    /// A path, a query, a fragment, or user information.
    #[error("an origin is scheme, host and port alone, such as https://cloudpartner.azure.com")]
    NotAlone,
    /// No host, or one with invalid characters.
    #[error("the host or the port of the origin cannot be read")]
    Host,
}

impl Origin {
    /// Returns the origin of the service itself, the default.
    #[must_use]
    pub fn marketplace() -> Self {
        Self("https://cloudpartner.azure.com".into())
    }

    /// Parses an origin; one trailing slash is accepted.
    ///
    /// # Errors
    ///
    /// See [`OriginError`].
    pub fn parse(raw: &str) -> Result<Self, OriginError> {
        let lower = raw.trim().to_ascii_lowercase();
        let (scheme, rest, default_port) = if let Some(rest) = lower.strip_prefix("https://") {
            ("https", rest, "443")
        } else if let Some(rest) = lower.strip_prefix("http://") {
            ("http", rest, "80")
        } else {
            return Err(OriginError::Scheme);
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '?', '#', '@', '\\']) {
            return Err(OriginError::NotAlone);
        }
        let (host, port) = split_port(authority)?;
        if scheme == "http" && !matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
            return Err(OriginError::PlainHttp);
        }
        Ok(Self(match port {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}").into(),
            _ => format!("{scheme}://{host}").into(),
        }))
    }

    /// Returns the origin as text, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), OriginError> {
    let host_end = if authority.starts_with('[') {
        authority.find(']').ok_or(OriginError::Host)? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at(host_end);
    let host_is_named = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        }
    };
    let port = match rest.strip_prefix(':') {
        Some(port) if is_port(port) => Some(port),
        None if rest.is_empty() => None,
        _ => return Err(OriginError::Host),
    };
    if host_is_named {
        Ok((host, port))
    } else {
        Err(OriginError::Host)
    }
}

/// Returns true for a short run of digits: other notations of a number are ambiguous among parsers.
fn is_port(raw: &str) -> bool {
    raw.starts_with(|c: char| matches!(c, '1'..='9')) && raw.parse::<u16>().is_ok()
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_change_a_url_are_unsafe_segments() {
        for raw in ["contoso-vm", "408a4835-0000-1000-0000-000000000000", "a.b_c~d"] {
            assert_eq!(OfferId::new(raw).segment(), Some(raw));
        }
        for raw in [
            "", ".", "..", "a/b", "a\\b", "a%2fb", "a?b", "a#b", "a b", "é", "\x1b", "a:b", "a;b", "a$b",
        ] {
            assert!(OfferId::new(raw).is_unsafe_segment(), "{raw:?}");
        }
    }

    #[test]
    fn origins_are_normalized_or_refused() {
        for (raw, normal) in [
            ("https://CloudPartner.azure.com", "https://cloudpartner.azure.com"),
            (
                "https://cloudpartner.azure.com:443/",
                "https://cloudpartner.azure.com",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(Origin::parse(raw).unwrap().as_str(), normal);
        }
        let own = Origin::marketplace();
        assert_eq!(Origin::parse(own.as_str()), Ok(own));
        for (raw, error) in [
            ("cloudpartner.azure.com", OriginError::Scheme),
            ("ftp://x", OriginError::Scheme),
            ("http://cloudpartner.azure.com", OriginError::PlainHttp),
            ("http://127.0.0.1.evil.com", OriginError::PlainHttp),
            ("https://x/api", OriginError::NotAlone),
            ("https://a@b", OriginError::NotAlone),
            ("https://a\\b", OriginError::NotAlone),
            ("https://", OriginError::Host),
            ("https://x:", OriginError::Host),
            ("https://x:99999", OriginError::Host),
            ("https://x:+443", OriginError::Host),
            ("https://x:0443", OriginError::Host),
            ("https://[::1", OriginError::Host),
            ("https://a b", OriginError::Host),
        ] {
            assert_eq!(Origin::parse(raw), Err(error), "{raw}");
        }
    }
}
