//! TLS with the service: version, protocol, and who vouches for whom.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{check::CheckResult, timeout::timeout};
use crate::service::diagnose::{self, Certificate, Handshake, Line, Place};

const LIMIT: Duration = Duration::from_secs(10);
/// A certificate that ends within this many hours is worth a word.
const SOON: i64 = 14 * 24;

/// Shakes hands over `line`.
pub(super) async fn look(line: Line, place: &Place, ca_file: Option<&Path>, now: Timestamp) -> CheckResult {
    match timeout(LIMIT, diagnose::handshake(line, place, ca_file)).await {
        Ok(Ok(handshake)) => judge(&handshake, now),
        Ok(Err(failure)) => CheckResult::failed(&failure),
        Err(late) => CheckResult::fail(
            &format!("the TLS handshake did not end ({late})"),
            "a firewall may swallow TLS; check the port in the base URL, and HTTPS_PROXY if you need a proxy",
        ),
    }
}

fn judge(handshake: &Handshake, now: Timestamp) -> CheckResult {
    let protocol = handshake
        .protocol
        .as_ref()
        .map_or("HTTP/1.1, as it names none", |name| name.as_str());
    let mut what = format!("{}, {protocol}", handshake.version);
    for certificate in &handshake.chain {
        what = format!("{what}; {}", one(certificate));
    }
    let ending = handshake
        .chain
        .first()
        .and_then(|certificate| certificate.not_after);
    let left = ending.map(|end| end.duration_since(now).as_hours());
    let found = match left {
        Some(hours) if hours < SOON => CheckResult::warn(
            &what,
            &format!(
                "its certificate ends in {} days: whoever runs that host must renew it",
                hours / 24
            ),
        ),
        _ => CheckResult::ok(&what),
    };
    let chain: Vec<Value> = handshake.chain.iter().map(facts).collect();
    found
        .with("version", handshake.version)
        .with("protocol", &handshake.protocol)
        .with("chain", chain)
}

fn one(certificate: &Certificate) -> String {
    let end = match certificate.not_after {
        Some(end) => format!(" until {}", end.strftime("%Y-%m-%d")),
        None => String::new(),
    };
    format!("{} by {}{end}", certificate.holder(), certificate.issuer)
}

fn facts(certificate: &Certificate) -> Value {
    json!({
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": certificate.names,
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn the_chain_is_told_and_an_end_that_is_near() {
        let end: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let handshake = Handshake {
            version: "TLS 1.3",
            protocol: Some("h2".into()),
            chain: vec![Certificate {
                subject: "CN=service.test".into(),
                issuer: "CN=Contoso CA".into(),
                names: Vec::new(),
                not_before: None,
                not_after: Some(end),
            }],
        };
        let found = judge(&handshake, "2026-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(found.state, State::Ok);
        assert_eq!(
            found.what.as_str(),
            "TLS 1.3, h2; CN=service.test by CN=Contoso CA until 2026-12-01"
        );
        let found = judge(&handshake, "2026-11-28T00:00:00Z".parse().unwrap());
        assert_eq!(found.state, State::Warn);
        assert!(found.advice.unwrap().as_str().contains("in 3 days"));
    }
}
