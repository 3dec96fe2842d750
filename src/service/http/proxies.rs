//! Proxy variables of the environment, read in one place for connections, messages, and checks.
//!
//! An invalid variable is an error: ignoring it would send requests directly, past a required proxy.

use std::{fmt, net::IpAddr};

use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::proxy::{Proxy, is_here};
use crate::domain::{ids::Origin, variable::bare};

/// Variables that can name a proxy, the strongest first. An empty one is ignored, and hides none after it.
pub const NAMING: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// Variables that can name hosts to reach without one.
const EXCEPTING: [&str; 2] = ["NO_PROXY", "no_proxy"];

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Proxy configuration of the environment.
#[derive(Clone, Default)]
pub struct Proxies {
    named: Option<Proxy>,
    exceptions: Vec<Exception>,
}

/// An invalid variable. Its value may hold a password, and is not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Name of the variable.
    pub variable: &'static str,
    /// Remedy.
    pub advice: &'static str,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be understood; {}", self.variable, self.advice)
    }
}

/// A host that is reached without a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Exception {
    /// A name with its subdomains, an address, a network, or `*`, in the matcher's form.
    host: String,
    /// Single port of the exception; all ports if none.
    port: Option<u16>,
}

impl Proxies {
    /// Reads the variables through `value`.
    ///
    /// # Errors
    ///
    /// When one of them is invalid.
    pub fn read(value: impl Fn(&str) -> Option<SecretString>) -> Result<Self, Misread> {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| {
                let value = value(name)?;
                let bare = bare(value.expose_secret());
                (!bare.is_empty()).then(|| (*name, SecretString::from(bare)))
            })
        };
        let named = first(&NAMING).map(|(variable, value)| {
            address(value.expose_secret())
                .and_then(|address| Proxy::of(&address))
                .ok_or(Misread {
                    variable,
                    advice: "write it as http://HOST:PORT, with NAME:PASSWORD@ before the host if need be; socks5h:// \
                             and its like are known too",
                })
        });
        let exceptions = first(&EXCEPTING).map(|(variable, value)| {
            exceptions(value.expose_secret()).ok_or(Misread {
                variable,
                advice: "write hosts with commas between them, such as localhost,.contoso.com,10.0.0.0/8,host:8080",
            })
        });
        Ok(Self {
            named: named.transpose()?,
            exceptions: exceptions.transpose()?.unwrap_or_default(),
        })
    }

    /// Reads the variables of this process like [`Proxies::read`].
    ///
    /// # Errors
    ///
    /// Like [`Proxies::read`].
    pub fn of_process() -> Result<Self, Misread> {
        Self::read(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned().into()))
    }

    /// Returns true if no variable names a proxy, so that the system's configuration applies.
    pub(super) fn use_system(&self) -> bool {
        self.named.is_none()
    }

    /// Returns the proxy for `url`.
    pub(super) fn before(&self, url: &Url) -> Option<&Proxy> {
        let is_excepted = self.exceptions.iter().any(|exception| exception.covers(url));
        self.named.as_ref().filter(|_| !is_excepted)
    }
}

impl Proxy {
    /// Returns the proxy for `origin`, by `HTTPS_PROXY`, `ALL_PROXY`, and `NO_PROXY`; none for this machine itself, and
    /// none if those are invalid, because no connection is made then.
    #[must_use]
    pub fn before(origin: &Origin) -> Option<Self> {
        let url = Url::parse(origin.as_str()).ok()?;
        if is_here(&url) {
            None
        } else {
            Self::of_environment(&url)
        }
    }

    /// Returns the proxy for any `url`, by the environment or else by the system.
    pub(in crate::service) fn of_environment(url: &Url) -> Option<Self> {
        let proxies = Proxies::of_process().ok()?;
        if proxies.use_system() {
            return Self::of_system(url);
        }
        proxies.before(url).cloned()
    }
}

impl Exception {
    /// Parses one from `raw`; `None` if invalid.
    fn read(raw: &str) -> Option<Self> {
        let raw = raw
            .split_once("://")
            .map_or(raw, |(_, rest)| rest.trim_end_matches('/'));
        let all = |host: &str| Self {
            host: host.to_owned(),
            port: None,
        };
        if raw == "*" || raw.parse::<IpAddr>().is_ok() {
            return Some(all(raw));
        }
        if let Some((address, length)) = raw.split_once('/') {
            let is_network = address.parse::<IpAddr>().is_ok() && length.parse::<u8>().is_ok();
            return is_network.then(|| all(raw));
        }
        let (host, port) = match raw.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (raw, None),
        };
        if host == "*" {
            return Some(Self {
                host: host.to_owned(),
                port,
            });
        }
        let name = host.strip_prefix('*').unwrap_or(host);
        let name = name.strip_prefix('.').unwrap_or(name);
        let host = match place(name.trim_end_matches('.'))? {
            Host::Domain(name) => name,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        Some(Self { host, port })
    }

    fn covers(&self, url: &Url) -> bool {
        let is_port = self.port.is_none() || self.port == url.port_or_known_default();
        let matcher = || {
            Matcher::builder()
                .all("http://any.invalid")
                .no(&self.host)
                .build()
        };
        let uri = || url.as_str().parse().ok();
        is_port && uri().is_some_and(|uri| matcher().intercept(&uri).is_none())
    }
}

fn exceptions(raw: &str) -> Option<Vec<Exception>> {
    raw.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .map(|entry| entry.trim_matches(['"', '\'']))
        // The path of a socket, for other programs, is not a host.
        .filter(|entry| !entry.is_empty() && !entry.starts_with('/'))
        .map(Exception::read)
        .collect()
}

/// Normalizes a proxy URL so that all parsers agree: name and password are percent-encoded, however they were written,
/// so that neither an `@` nor a `/` in a password ends it early.
fn address(raw: &str) -> Option<SecretString> {
    let (scheme, rest) = raw.split_once("://").unwrap_or(("http", raw));
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        return None;
    }
    let (user, host) = match rest.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, rest),
    };
    let host = host.strip_suffix('/').unwrap_or(host);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, format!(":{}", port.parse::<u16>().ok()?)),
        _ => (host, String::new()),
    };
    let host = place(host)?;
    let encoded = |part: &str| {
        let bytes: Vec<u8> = percent_decode_str(part).collect();
        percent_encode(&bytes, NON_ALPHANUMERIC).to_string()
    };
    let user = match user.map(|user| {
        user.split_once(':')
            .map_or((user, None), |(user, word)| (user, Some(word)))
    }) {
        None | Some(("", None)) => String::new(),
        Some((user, None)) => format!("{}@", encoded(user)),
        Some((user, Some(word))) => format!("{}:{}@", encoded(user), encoded(word)),
    };
    Some(format!("{scheme}://{user}{host}{port}").into())
}

/// Parses a host in a URL. The grammar alone would accept characters that no name has, such as quotes.
fn place(raw: &str) -> Option<Host> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    Host::parse(raw)
        .ok()
        .filter(|host| !matches!(host, Host::Domain(name) if !name.chars().all(is_of_name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Proxies, Misread> {
        Proxies::read(|name| {
            let mut found = variables.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| SecretString::from(*value))
        })
    }

    fn before(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let proxies = read(variables).unwrap();
        let proxy = proxies.before(&Url::parse(url).unwrap());
        proxy.map(|proxy| proxy.shown().to_string())
    }

    #[test]
    fn proxy_is_parsed_despite_quotes_and_whitespace() {
        for value in [
            "http://proxy.test:3128",
            "http://proxy.test:3128 ",
            "http://proxy.test:3128/\r",
            "\"http://proxy.test:3128\"",
            "'proxy.test:3128'\r\n",
            "HTTP://proxy.test:3128/",
        ] {
            let shown = before(&[("HTTPS_PROXY", value)], "https://service.test");
            assert_eq!(shown.as_deref(), Some("proxy.test:3128"), "{value:?}");
        }
    }

    #[test]
    fn invalid_variable_is_named_and_not_shown() {
        for (variable, value) in [
            ("HTTPS_PROXY", "ftp://pass-word@proxy.test"),
            ("https_proxy", "http://pro xy:pass-word@1 2"),
            ("ALL_PROXY", "http://ada:pass-word@proxy.test:port"),
            ("all_proxy", "http://ada:pass-word@"),
            ("HTTPS_PROXY", "socks://ada:pass-word@proxy.test:1"),
            ("HTTPS_PROXY", "http://proxy.test:3128/pass-word"),
            ("NO_PROXY", "pass*word"),
            ("no_proxy", "host:pass-word"),
            ("HTTPS_PROXY", "http://pass-word'"),
        ] {
            let misread = read(&[(variable, value)]).map(drop).unwrap_err();
            assert_eq!(misread.variable, variable, "{value}");
            assert!(!format!("{misread} {misread:?}").contains("word:"), "{misread}");
            assert!(
                !format!("{misread} {misread:?}").contains("pass-word"),
                "{misread}"
            );
        }
    }

    #[test]
    fn empty_variable_hides_none() {
        for empty in ["", " ", "\"\""] {
            let variables = [
                ("HTTPS_PROXY", empty),
                ("https_proxy", "proxy.test:1"),
                ("NO_PROXY", empty),
                ("no_proxy", "a.test"),
            ];
            assert_eq!(
                before(&variables, "https://b.test").as_deref(),
                Some("proxy.test:1")
            );
            assert_eq!(before(&variables, "https://a.test"), None);
        }
        assert!(read(&[("HTTPS_PROXY", "")]).unwrap().use_system());
    }

    #[test]
    fn password_ends_at_the_last_at_sign_before_the_host() {
        for password in [
            "p@ss-word",
            "p/ss-word",
            "p?ss#word",
            "p%40ss-word",
            "p%ss:word",
            "pässwort",
        ] {
            for scheme in ["http", "socks5h"] {
                let value = format!("{scheme}://ada:{password}@proxy.test:3128");
                let proxies = read(&[("HTTPS_PROXY", &value)]).unwrap();
                let proxy = proxies
                    .before(&Url::parse("https://service.test").unwrap())
                    .unwrap();
                assert_eq!(
                    (proxy.host().as_str(), proxy.port()),
                    ("proxy.test", 3128),
                    "{value}"
                );
                let shown = format!("{} {proxy:?}", proxy.shown());
                assert!(!shown.contains("ss") && !shown.contains("ada"), "{shown}");
                assert!(proxy.has_password());
                if scheme == "http" {
                    use base64::{Engine as _, engine::general_purpose::STANDARD};
                    let sent = proxy.authorization().unwrap().to_str().unwrap().to_owned();
                    let sent = STANDARD.decode(sent.trim_start_matches("Basic ")).unwrap();
                    let meant = format!("ada:{}", password.replace("%40", "@"));
                    assert_eq!(String::from_utf8(sent).unwrap(), meant);
                }
            }
        }
    }

    #[test]
    fn no_proxy_matches_are_direct() {
        for (no, url, straight) in [
            ("", "https://service.test", false),
            ("service.test", "https://service.test", true),
            ("service.test", "https://a.service.test", true),
            ("service.test", "https://aservice.test", false),
            (".test", "https://service.test", true),
            ("*.test", "https://service.test", true),
            ("*", "https://service.test", true),
            ("SERVICE.TEST.", "https://service.test", true),
            ("service.test:443", "https://service.test", true),
            ("service.test:8443", "https://service.test", false),
            ("service.test:8443", "https://service.test:8443", true),
            ("https://service.test/", "https://service.test", true),
            ("a.test b.test", "https://b.test", true),
            (" a.test ,\tb.test\r", "https://b.test", true),
            ("'a.test','b.test'", "https://b.test", true),
            ("/var/run/docker.sock,b.test", "https://b.test", true),
            ("10.0.0.0/8", "https://10.1.2.3", true),
            ("10.1.2.3:443", "https://10.1.2.3", true),
            ("::1,fe80::/10", "https://[fe80::1]", true),
            ("[fe80::1]:443", "https://[fe80::1]", true),
            ("[fe80::1]", "https://[fe80::1]", true),
            ("other.test", "https://service.test", false),
        ] {
            let shown = before(&[("HTTPS_PROXY", "proxy.test:1"), ("NO_PROXY", no)], url);
            assert_eq!(shown.is_none(), straight, "{no} {url}");
        }
    }
}
