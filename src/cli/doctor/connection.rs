//! A connection to the service itself.

use std::{io, net::SocketAddr, time::Duration};

use super::{
    check::CheckResult,
    timeout::{Late, timeout},
};
use crate::service::diagnose::{self, Line, Place};

const LIMIT: Duration = Duration::from_secs(10);

/// Connects to one of `addresses`.
pub(super) async fn look(place: &Place, addresses: &[SocketAddr]) -> (CheckResult, Option<Line>) {
    match timeout(LIMIT, diagnose::connect(addresses)).await {
        Ok(Ok((line, address))) => {
            let found = CheckResult::ok(&format!("{address} answers")).with("address", address.to_string());
            (found, Some(line))
        }
        Ok(Err(error)) => (refused(place, &error), None),
        Err(late) => (dropped(place, late), None),
    }
}

fn refused(place: &Place, error: &io::Error) -> CheckResult {
    let advice = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "nothing listens there, or a firewall refuses: check the base URL, and HTTPS_PROXY if you need a proxy"
        }
        _ => "check the network and the VPN, and HTTPS_PROXY if you need a proxy",
    };
    CheckResult::fail(&format!("no connection to {place} ({error})"), advice)
}

fn dropped(place: &Place, late: Late) -> CheckResult {
    CheckResult::fail(
        &format!("no connection to {place} ({late})"),
        "something drops what is sent there: check the network and the firewall, and HTTPS_PROXY if you need a proxy",
    )
}
