//! The token: whether there is one, and what it says of itself. Its text is shown nowhere.

use std::time::Duration;

use jiff::Timestamp;

use super::{DoctorDeps, Unsigned, check::CheckResult, timeout::timeout};
use crate::{
    presentation::moment,
    service::auth::{
        TokenSource,
        claims::{self, TokenClaims},
    },
};

/// A person may have to enter a code somewhere.
const LIMIT: Duration = Duration::from_mins(3);
/// A token that ends sooner does not last for a cancellation.
const SOON: Duration = Duration::from_mins(10);
/// The service, as a token names it by address. One that names an application by its id tells nothing here.
const AUDIENCE: &str = "https://cloudpartner.azure.com";

/// Gets a token and looks into it.
pub(super) async fn look(deps: &DoctorDeps<'_>) -> CheckResult {
    let source = match &deps.token {
        Ok(source) => source,
        Err(Unsigned { what, exit }) => {
            return CheckResult::fail(what.as_str(), "").ending(*exit);
        }
    };
    match timeout(LIMIT, got(&**source)).await {
        Ok(Ok(claims)) => judge(claims.as_ref(), deps.clock.now()),
        Ok(Err(found)) => found,
        Err(late) => CheckResult::fail(
            &format!("no token came ({late})"),
            "sign in when you are asked to, or give the profile another credential",
        )
        .ending(crate::domain::verdict::Exit::SignIn),
    }
}

async fn got(source: &dyn TokenSource) -> Result<Option<TokenClaims>, CheckResult> {
    let token = source.token().await;
    token
        .map(|token| claims::read(&token))
        .map_err(|failure| CheckResult::failed(&failure))
}

fn judge(claims: Option<&TokenClaims>, now: Timestamp) -> CheckResult {
    let Some(claims) = claims else {
        return CheckResult::ok("got a token; it does not say whose it is, nor when it ends");
    };
    let left = claims.expires_at.map(|end| end.duration_since(now));
    let mut what = vec!["got a token".to_owned()];
    let said = [
        ("for", &claims.audience),
        ("of tenant", &claims.tenant),
        ("by application", &claims.client),
    ];
    what.extend(
        said.into_iter()
            .filter_map(|(word, said)| Some(format!("{word} {}", said.as_ref()?))),
    );
    if let Some(left) = left {
        let span = moment::count(left.unsigned_abs());
        what.push(if left.is_negative() {
            format!("ended {span} ago")
        } else {
            format!("ends in {span}")
        });
    }
    let what = what.join(", ");
    let found = match warning(claims, left) {
        Some(advice) => CheckResult::warn(&what, advice),
        None => CheckResult::ok(&what),
    };
    found
        .with("audience", &claims.audience)
        .with("tenant", &claims.tenant)
        .with("client", &claims.client)
        .with("expires_at", claims.expires_at)
}

fn warning(claims: &TokenClaims, left: Option<jiff::SignedDuration>) -> Option<&'static str> {
    if left.is_some_and(|left| left.is_negative()) {
        return Some("it has ended: get another, or let a `credential` of the profile renew it");
    }
    let audience = claims
        .audience
        .as_ref()
        .map(|audience| audience.as_str().trim_end_matches('/'));
    if audience.is_some_and(|audience| audience.contains("://") && audience != AUDIENCE) {
        return Some("it is for another service: ask for one for https://cloudpartner.azure.com");
    }
    let is_short = left.is_some_and(|left| left.unsigned_abs() < SOON);
    is_short.then_some(
        "it ends soon; a token of the environment is not renewed, a `credential` of the profile is",
    )
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn a_token_for_another_service_or_about_to_end_is_worth_a_word() {
        let now = Timestamp::UNIX_EPOCH;
        let claims = |audience: &str, minutes| TokenClaims {
            audience: Some(audience.into()),
            tenant: Some("contoso".into()),
            client: None,
            expires_at: Some(now + SignedDuration::from_mins(minutes)),
        };
        for (audience, minutes, state, words) in [
            ("https://cloudpartner.azure.com/", 60, State::Ok, "ends in 1h 0m"),
            (
                "https://graph.microsoft.com",
                60,
                State::Warn,
                "for https://graph.microsoft.com",
            ),
            (
                "01234567-89ab-cdef-0123-456789abcdef",
                60,
                State::Ok,
                "for 01234567",
            ),
            ("https://cloudpartner.azure.com", 5, State::Warn, "ends in 5m 0s"),
            (
                "https://cloudpartner.azure.com",
                -5,
                State::Warn,
                "ended 5m 0s ago",
            ),
        ] {
            let found = judge(Some(&claims(audience, minutes)), now);
            assert_eq!(found.state, state, "{found:?}");
            assert!(found.what.as_str().contains(words), "{found:?}");
        }
        assert_eq!(judge(None, now).state, State::Ok);
    }
}
