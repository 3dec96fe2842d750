//! This machine's time against the service's.

use std::{path::Path, time::Duration};

use jiff::SignedDuration;

use super::{check::CheckResult, timeout::timeout};
use crate::{domain::ids::Origin, engine::ports::Clock, presentation::moment, service::diagnose};

const LIMIT: Duration = Duration::from_secs(15);
/// Less is no matter.
const NOTABLE: Duration = Duration::from_secs(30);
/// More, and a token or a certificate may not hold yet, or any more: Entra forgives as much.
const HARMFUL: Duration = Duration::from_mins(5);

/// Asks the service for nothing in particular, without a token, and reads the date of its answer.
pub(super) async fn look(origin: &Origin, ca_file: Option<&Path>, clock: &dyn Clock) -> CheckResult {
    match timeout(LIMIT, diagnose::skew(origin, ca_file, clock)).await {
        Ok(Ok(ahead)) => judge(ahead),
        Ok(Err(failure)) => CheckResult::failed(&failure),
        Err(late) => CheckResult::fail(
            &format!("the service does not answer ({late})"),
            "look at the network and the service's health",
        ),
    }
}

fn judge(ahead: Option<SignedDuration>) -> CheckResult {
    const ADVICE: &str = "set this machine's time: switch on its time service (timedatectl set-ntp true)";
    let Some(ahead) = ahead else {
        return CheckResult::warn(
            "the service's answer has no date",
            "check the base URL: the marketplace gives one",
        );
    };
    let by = ahead.unsigned_abs();
    let what = match (by < Duration::from_secs(2), ahead.is_negative()) {
        (true, _) => "this machine has the service's time".to_owned(),
        (_, true) => format!("this machine is {} behind the service", moment::count(by)),
        (_, false) => format!("this machine is {} ahead of the service", moment::count(by)),
    };
    let found = if by >= HARMFUL {
        CheckResult::fail(
            &format!("{what}: tokens and certificates may be judged wrongly"),
            ADVICE,
        )
    } else if by >= NOTABLE {
        CheckResult::warn(&what, ADVICE)
    } else {
        CheckResult::ok(&what)
    };
    found.with("ahead_ms", i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn a_little_is_no_matter_and_much_is_harm() {
        for (seconds, state, words) in [
            (0, State::Ok, "has the service's time"),
            (-20, State::Ok, "20s behind"),
            (90, State::Warn, "1m 30s ahead"),
            (-90, State::Warn, "1m 30s behind"),
            (300, State::Fail, "5m 0s ahead of the service: tokens"),
        ] {
            let found = judge(Some(SignedDuration::from_secs(seconds)));
            assert_eq!(found.state, state, "{seconds}");
            assert!(found.what.as_str().contains(words), "{found:?}");
        }
        assert_eq!(judge(None).state, State::Warn);
    }
}
