//! Failed handshakes: the certificate, its holder, and the remedy.

use rustls::{Error, InvalidMessage};

use super::cause::Trouble;
use crate::service::http::verifier::{Mistrust, Untrusted};

/// Describes the kind of `error`.
pub(in crate::service) fn trouble(error: &Error) -> Trouble {
    if let Some(untrusted) = Untrusted::within(error) {
        return Trouble {
            what: format!("the TLS handshake failed: {untrusted}"),
            advice: mistrusted(&untrusted.why),
        };
    }
    match error {
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => Trouble {
            what: "the TLS handshake failed: what answered there does not speak TLS".to_owned(),
            advice: "check the port in the base URL, and that HTTPS_PROXY begins with http:// unless the proxy itself speaks TLS",
        },
        Error::AlertReceived(_) => Trouble {
            what: format!("the TLS handshake failed: the other side refused it ({error})"),
            advice: "check the base URL; if a proxy stands in between, ask who runs it",
        },
        _ => Trouble {
            what: format!("the TLS handshake failed ({error})"),
            advice: "check the base URL and the proxy; if a test service has certificates of its own, give them with --ca-file",
        },
    }
}

fn mistrusted(why: &Mistrust) -> &'static str {
    match why {
        Mistrust::UnknownIssuer => {
            "if your company inspects TLS, give its CA by --ca-file, `ca_file` in the profile or SSL_CERT_FILE; \
             if not, somebody may stand in between: do not go on"
        }
        Mistrust::Expired => {
            "check this machine's time; if it is right, whoever runs that host, or the proxy before it, must renew it"
        }
        Mistrust::NotYetValid => "check this machine's time",
        Mistrust::OtherName => {
            "check the host in the base URL; if it is right, a proxy or a sign-in page may have answered in its place"
        }
        Mistrust::Other(_) => {
            "if a proxy or a test service has certificates of its own, give them with --ca-file; check this machine's time"
        }
    }
}
