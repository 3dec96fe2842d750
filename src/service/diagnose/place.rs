//! Host and port of an origin.

use std::{fmt, net::IpAddr};

use url::{Host, Url};

use crate::domain::ids::Origin;

/// Target of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether the connection uses TLS.
    pub is_tls: bool,
}

impl Place {
    /// Returns the host and port of `origin`; none if it cannot be parsed, which holds for no origin.
    #[must_use]
    pub fn of(origin: &Origin) -> Option<Self> {
        let url = Url::parse(origin.as_str()).ok()?;
        let host = match url.host()? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        Some(Self {
            host,
            port: url.port_or_known_default()?,
            is_tls: url.scheme() == "https",
        })
    }

    /// Returns true if the host is an address, with no name to resolve.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.host.parse::<IpAddr>().is_ok()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_shows_its_port_and_brackets_for_ipv6() {
        for (origin, shown, is_tls, is_address) in [
            ("https://service.test", "service.test:443", true, false),
            ("https://[::1]:8443", "[::1]:8443", true, true),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", false, true),
        ] {
            let place = Place::of(&Origin::parse(origin).unwrap()).unwrap();
            assert_eq!((place.to_string().as_str(), place.is_tls), (shown, is_tls));
            assert_eq!(place.is_address(), is_address, "{origin}");
        }
    }
}
