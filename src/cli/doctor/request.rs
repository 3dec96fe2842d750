//! A first request: a look that changes nothing.

use std::time::Duration;

use super::{check::CheckResult, timeout::timeout};
use crate::{
    domain::ids::PublisherId,
    engine::{Failure, ports::Catalogue},
};

const LIMIT: Duration = Duration::from_secs(45);

/// Lists the offers of `publisher`, or where nobody is named, the publishers.
pub(super) async fn look(catalogue: &dyn Catalogue, publisher: Option<&PublisherId>) -> CheckResult {
    match timeout(LIMIT, asked(catalogue, publisher)).await {
        Ok(Ok(found)) => found,
        Ok(Err(failure)) => CheckResult::failed(&failure),
        Err(late) => CheckResult::fail(
            &format!("no answer to the first request ({late})"),
            "look at the network and the service's health",
        ),
    }
}

async fn asked(catalogue: &dyn Catalogue, publisher: Option<&PublisherId>) -> Result<CheckResult, Failure> {
    if let Some(publisher) = publisher {
        let offers = catalogue.offers(publisher).await?.count();
        return Ok(CheckResult::ok(&format!("{publisher} has {offers} offers")).with("offers", offers));
    }
    let publishers = catalogue.publishers().await?;
    let shown: Vec<String> = publishers
        .iter()
        .map(|publisher| publisher.shown().to_string())
        .collect();
    let found = if shown.is_empty() {
        CheckResult::warn(
            "the token sees no publisher",
            "in Partner Center, add who signs in to the publisher as Owner or Contributor",
        )
    } else {
        CheckResult::ok(&format!("the token sees the publishers {}", shown.join(", ")))
    };
    Ok(found.with("publishers", shown))
}
