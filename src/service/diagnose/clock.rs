//! Comparison of this machine's clock with the `Date` of an answer.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;

use crate::{
    domain::{ids::Origin, text::SafeText},
    engine::{failure::Failure, ports::Clock},
    service::http::{errors, headers, proxy, transport},
};

/// Returns how far this machine's clock is ahead of that of `origin`, to about a second; none if its answer has no
/// date.
///
/// Sends no token, and accepts any answer.
///
/// # Errors
/// When there is no answer.
pub async fn skew(
    origin: &Origin,
    ca_file: Option<&Path>,
    clock: &dyn Clock,
) -> Result<Option<SignedDuration>, Failure> {
    let label = SafeText::new("clock");
    let client = transport::signing_in(ca_file, transport::is_loopback(origin))?;
    let url = Url::parse(origin.as_str())
        .map_err(|error| errors::setup::transport(&format!("the base URL cannot be called: {error}")))?;
    let requested = clock.now();
    let answer = client
        .get(url)
        .send()
        .await
        .map_err(|error| errors::network::lost(&label, &error, proxy::Proxy::before(origin).as_ref()))?;
    let answered = clock.now();
    Ok(headers::moment(answer.headers()).map(|date| ahead(requested, answered, date)))
}

/// Assumes that the service read its clock in the middle, and adds half a second for the fraction that `Date` omits.
fn ahead(requested: Timestamp, answered: Timestamp, date: Timestamp) -> SignedDuration {
    let half = answered.duration_since(requested) / 2;
    requested.duration_since(date) + half - SignedDuration::from_millis(500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skew_is_measured_at_the_middle_of_the_request() {
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        for (requested, answered, date, millis) in [
            (at(0), at(1000), at(0), 0),
            (at(90_000), at(91_000), at(0), 90_000),
            (at(0), at(1000), at(300_000), -300_000),
        ] {
            assert_eq!(ahead(requested, answered, date).as_millis(), millis);
        }
    }
}
