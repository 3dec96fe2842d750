//! Stage of a network error: the name, the connection, the proxy, TLS, or the wait for an answer.

use std::{error::Error, io, net::IpAddr};

use super::{
    cause::{Trouble, cause, causes, mentions, root_cause},
    tls,
};
use crate::service::http::proxy::Proxy;

/// Describes the kind of `error`, with its peer.
pub(super) fn trouble(error: &reqwest::Error, proxy: Option<&Proxy>) -> Trouble {
    if let Some(error) = cause::<rustls::Error>(error) {
        return tls::trouble(error);
    }
    if error.is_connect() {
        return match proxy {
            Some(proxy) => through(error, proxy),
            None => straight(error),
        };
    }
    if error.is_timeout() {
        return Trouble {
            what: format!("no whole answer in time ({})", root_cause(error)),
            advice: "it is asked again by itself; if it stays, look at the network and the service's health",
        };
    }
    unanswered(error)
}

/// Describes an established connection without an answer.
pub(super) fn unanswered(error: &(dyn Error + 'static)) -> Trouble {
    let why = root_cause(error);
    if has_endless_head(error) {
        Trouble {
            what: format!("the head of the answer is longer than any is read ({why}: 100 lines, 400 KiB)"),
            advice: "no marketplace answers so; look at what stands between, such as a proxy",
        }
    } else {
        Trouble {
            what: format!("the connection ended before an answer ({why})"),
            advice: "it is asked again by itself; if it stays, look at the network and the proxy",
        }
    }
}

/// Returns true if the answer's head exceeded hyper's limit.
fn has_endless_head(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause: &(dyn Error + 'static)| cause.downcast_ref::<hyper::Error>())
        .any(hyper::Error::is_parse_too_large)
}

/// Describes a failed direct connection.
fn straight(error: &reqwest::Error) -> Trouble {
    let (service, why) = (service(error), root_cause(error));
    if error.is_dns() {
        return Trouble {
            what: format!(
                "name unknown: the name {} cannot be resolved ({why})",
                host(error)
            ),
            advice: "check the base URL and the network; where names are resolved by a proxy alone, set HTTPS_PROXY",
        };
    }
    if error.is_timeout() {
        return Trouble {
            what: format!("timed out: connecting to {service} took too long ({why})"),
            advice: "something drops what is sent there: check the network and the firewall, and set HTTPS_PROXY if you need a proxy",
        };
    }
    match kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => Trouble {
            what: format!("refused: no connection to {service} ({why})"),
            advice: "nothing listens there, or a firewall refuses: check the base URL, and HTTPS_PROXY if you need a proxy",
        },
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => Trouble {
            what: format!("unreachable: no way leads to {service} from here ({why})"),
            advice: "check the network and the VPN, and HTTPS_PROXY if you need a proxy",
        },
        _ => Trouble {
            what: format!("not connected: no connection to {service} ({why})"),
            advice: "check the network, the base URL, and HTTPS_PROXY if you need one",
        },
    }
}

/// Describes a failed connection through `proxy`.
fn through(error: &reqwest::Error, proxy: &Proxy) -> Trouble {
    let (service, shown, why) = (service(error), proxy.shown(), root_cause(error));
    if error.is_dns() && has_names_resolved_here(proxy) {
        return Trouble {
            what: format!("the name {} cannot be resolved ({why})", host(error)),
            advice: "this kind of SOCKS proxy has names resolved here: write socks5h:// in HTTPS_PROXY to have the proxy do it",
        };
    }
    if error.is_dns() {
        return Trouble {
            what: format!("proxy unknown: the name of the proxy {shown} cannot be resolved ({why})"),
            advice: "check HTTPS_PROXY and the network",
        };
    }
    if mentions(error, "proxy authorization required") {
        return password_required(proxy);
    }
    if mentions(error, "tunnel error: unsuccessful") {
        return refused_way(proxy, &service, "");
    }
    if error.is_timeout() {
        return Trouble {
            what: format!("proxy timed out: connecting through the proxy {shown} took too long ({why})"),
            advice: "check that the proxy runs and can reach the service; if the service is reached without it, name it in NO_PROXY",
        };
    }
    if mentions(error, "failed to create underlying connection")
        || kind(error).is_some_and(is_about_connecting)
    {
        return unreachable(proxy, &why);
    }
    Trouble {
        what: format!("proxy without a way: the proxy {shown} gave no way through to {service} ({why})"),
        advice: "check that HTTPS_PROXY names an HTTP proxy and its port, or name the service in NO_PROXY",
    }
}

/// Returns true if only the service's name has to be resolved before connecting to `proxy`.
fn has_names_resolved_here(proxy: &Proxy) -> bool {
    matches!(proxy.scheme(), "socks4" | "socks5") && proxy.host().parse::<IpAddr>().is_ok()
}

/// Returns true for the system's errors in connecting.
fn is_about_connecting(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    matches!(kind, ConnectionRefused | HostUnreachable | NetworkUnreachable)
}

/// Describes an unreachable proxy.
pub(in crate::service) fn unreachable(proxy: &Proxy, why: &str) -> Trouble {
    Trouble {
        what: format!("the proxy {} cannot be reached ({why})", proxy.shown()),
        advice: "check HTTPS_PROXY, or name the service in NO_PROXY if it is reached without a proxy",
    }
}

/// Describes a 407 of a proxy.
pub(in crate::service) fn password_required(proxy: &Proxy) -> Trouble {
    let shown = proxy.shown();
    if proxy.has_password() {
        Trouble {
            what: format!("the proxy {shown} does not accept the name and password of HTTPS_PROXY (407)"),
            advice: "correct them; write special characters in percent form, such as %40 for @",
        }
    } else {
        Trouble {
            what: format!("the proxy {shown} wants a name and a password (407)"),
            advice: "set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT, special characters in percent form",
        }
    }
}

/// Describes another refusal of a proxy; `answer` is its status line, if known.
pub(in crate::service) fn refused_way(proxy: &Proxy, service: &str, answer: &str) -> Trouble {
    let answer = if answer.is_empty() {
        String::new()
    } else {
        format!(" ({answer})")
    };
    Trouble {
        what: format!("the proxy {} refused the way to {service}{answer}", proxy.shown()),
        advice: "ask who runs the proxy to allow that host and port, or name the service in NO_PROXY if it is reached without it",
    }
}

/// Returns host and port of the service.
fn service(error: &reqwest::Error) -> String {
    let port = error.url().and_then(url::Url::port_or_known_default);
    match port {
        Some(port) => format!("{}:{port}", host(error)),
        None => host(error),
    }
}

fn host(error: &reqwest::Error) -> String {
    let host = error.url().and_then(url::Url::host_str);
    host.unwrap_or("the service").to_owned()
}

fn kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let found = causes(error).filter_map(|cause: &(dyn Error + 'static)| cause.downcast_ref::<io::Error>());
    found.last().map(io::Error::kind)
}
