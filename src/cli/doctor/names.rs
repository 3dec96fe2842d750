//! From the service's name to addresses.

use std::{io, net::SocketAddr, time::Duration};

use super::{
    check::CheckResult,
    timeout::{Late, timeout},
};
use crate::service::diagnose::{self, Place, Proxy};

const LIMIT: Duration = Duration::from_secs(5);

/// Looks up the name of `place`. Behind a proxy nobody here needs to.
pub(super) async fn look(place: &Place, proxy: Option<&Proxy>) -> (CheckResult, Vec<SocketAddr>) {
    let resolved = timeout(LIMIT, diagnose::resolve(&place.host, place.port)).await;
    judge(place, proxy, resolved)
}

fn judge(
    place: &Place,
    proxy: Option<&Proxy>,
    resolved: Result<io::Result<Vec<SocketAddr>>, Late>,
) -> (CheckResult, Vec<SocketAddr>) {
    let host = &place.host;
    let why = match resolved {
        Ok(Ok(addresses)) => {
            let mut shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            shown.dedup();
            let found = if place.is_address() {
                CheckResult::ok(&format!("{host} is an address, no name to look up"))
            } else {
                CheckResult::ok(&format!("{host} is at {}", shown.join(", ")))
            };
            return (found.with("host", host).with("addresses", shown), addresses);
        }
        Ok(Err(error)) => error.to_string(),
        Err(late) => late.to_string(),
    };
    let found = if proxy.is_some() {
        CheckResult::ok(&format!(
            "{host} is not known here ({why}), and the proxy looks it up"
        ))
    } else {
        CheckResult::fail(
            &format!("the name {host} cannot be resolved ({why})"),
            "check the base URL and the network; where names are resolved by a proxy alone, set HTTPS_PROXY",
        )
    };
    (found.with("host", host), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::doctor::check::State, domain::ids::Origin};

    #[test]
    fn a_name_that_only_a_proxy_knows_is_no_failure() {
        let place = Place::of(&Origin::parse("https://service.test").unwrap()).unwrap();
        let error = || Ok(Err(io::Error::other("no such name")));
        assert_eq!(judge(&place, None, error()).0.state, State::Fail);
        let late = judge(&place, None, Err(Late(LIMIT))).0;
        assert!(late.what.as_str().contains("within 5s"), "{late:?}");
        let address: SocketAddr = "192.0.2.7:443".parse().unwrap();
        let (found, addresses) = judge(&place, None, Ok(Ok(vec![address, address])));
        assert_eq!(found.what.as_str(), "service.test is at 192.0.2.7");
        assert_eq!(addresses.len(), 2);
    }
}
