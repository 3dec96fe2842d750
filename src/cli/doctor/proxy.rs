//! Which proxy stands before the service, and whether it lets us through.

use std::{path::Path, time::Duration};

use super::{check::CheckResult, timeout::timeout};
use crate::{
    domain::{ids::Origin, verdict::Exit},
    service::diagnose::{self, Line, NAMING, Place, Proxies, Proxy},
    settings::Environment,
};

const LIMIT: Duration = Duration::from_secs(10);

/// What the walk goes on with.
pub(super) enum Way {
    /// Straight to the service.
    Straight,
    /// Inside a tunnel that stands.
    Tunnel(Line),
    /// Through a proxy that cannot be walked through here, but that requests can go by.
    Beyond,
    /// Not at all.
    Closed,
}

/// Looks which proxy applies, and asks it for a way to `place`.
pub(super) async fn look(
    origin: &Origin,
    place: &Place,
    environment: &Environment,
    ca_file: Option<&Path>,
) -> (CheckResult, Way) {
    if let Err(misread) = Proxies::read(|name| environment.secret(name)) {
        let what = format!("{} is set and cannot be understood", misread.variable);
        let found = CheckResult::fail(&what, misread.advice).ending(Exit::Usage);
        return (found.with("variable", misread.variable), Way::Closed);
    }
    let Some(proxy) = Proxy::before(origin) else {
        return (without(environment), Way::Straight);
    };
    let shown = proxy.shown();
    let by = variable(environment).unwrap_or("the system");
    if proxy.scheme().starts_with("socks") {
        let found = CheckResult::ok(&format!(
            "{shown} (by {by}); a SOCKS proxy is only tried by the first request"
        ));
        return (found.with("proxy", shown), Way::Beyond);
    }
    let (found, way) = match timeout(LIMIT, through(&proxy, place, ca_file)).await {
        Ok(Ok(line)) => {
            let signed = if proxy.has_password() {
                ", with its name and password"
            } else {
                ""
            };
            let found = CheckResult::ok(&format!("{shown} (by {by}) lets us through to {place}{signed}"));
            (found, Way::Tunnel(line))
        }
        Ok(Err(found)) => (found, Way::Closed),
        Err(late) => {
            let found = CheckResult::fail(
                &format!("the proxy {shown} does not answer ({late})"),
                "check HTTPS_PROXY, or name the service in NO_PROXY if it is reached without a proxy",
            );
            (found, Way::Closed)
        }
    };
    (found.with("proxy", shown).with("variable", by), way)
}

async fn through(proxy: &Proxy, place: &Place, ca_file: Option<&Path>) -> Result<Line, CheckResult> {
    const ADVICE: &str =
        "check HTTPS_PROXY, or name the service in NO_PROXY if it is reached without a proxy";
    let addresses = diagnose::resolve(&proxy.host(), proxy.port())
        .await
        .map_err(|error| {
            CheckResult::fail(
                &format!(
                    "the name of the proxy {} cannot be resolved ({error})",
                    proxy.shown()
                ),
                "check HTTPS_PROXY and the network",
            )
        })?;
    let (line, _) = diagnose::connect(&addresses).await.map_err(|error| {
        CheckResult::fail(
            &format!("the proxy {} cannot be reached ({error})", proxy.shown()),
            ADVICE,
        )
    })?;
    let tunnel = diagnose::tunnel(line, proxy, place, ca_file).await;
    tunnel.map_err(|failure| CheckResult::failed(&failure))
}

fn variable(environment: &Environment) -> Option<&'static str> {
    NAMING.into_iter().find(|name| environment.get(name).is_some())
}

/// No proxy stands before the service; that may be a surprise.
fn without(environment: &Environment) -> CheckResult {
    match variable(environment) {
        None => CheckResult::ok("none"),
        Some(name) => CheckResult::ok(&format!(
            "none for this service: NO_PROXY leaves it out of {name}, or it is this machine"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn a_proxy_that_does_not_apply_is_explained() {
        for (variables, words) in [
            (&[][..], "none"),
            (&[("HTTPS_PROXY", "http://proxy.test:1")], "NO_PROXY"),
        ] {
            let environment: Environment = variables.iter().copied().collect();
            let found = without(&environment);
            assert_eq!(found.state, State::Ok, "{found:?}");
            assert!(found.what.as_str().contains(words), "{found:?}");
        }
    }

    #[tokio::test]
    async fn a_proxy_that_is_not_understood_is_a_failure_and_not_shown() {
        let variables = [("https_proxy", "http://ada:pass-word@pro xy:1")];
        let environment: Environment = variables.into_iter().collect();
        let origin = Origin::marketplace();
        let place = Place::of(&origin).unwrap();
        let (found, way) = look(&origin, &place, &environment, None).await;
        assert_eq!(found.state, State::Fail, "{found:?}");
        assert!(matches!(way, Way::Closed));
        let told = format!("{found:?}");
        assert!(
            told.contains("https_proxy") && !told.contains("pass-word"),
            "{told}"
        );
    }
}
