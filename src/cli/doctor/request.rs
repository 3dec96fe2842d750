//! A first request: a look that changes nothing.

use std::time::Duration;

use super::{finding::Finding, within::within};
use crate::{
    domain::ids::PublisherId,
    engine::{Failure, ports::Catalogue},
};

const LIMIT: Duration = Duration::from_secs(45);

/// Lists the offers of `publisher`, or where nobody is named, the publishers.
pub(super) async fn look(catalogue: &dyn Catalogue, publisher: Option<&PublisherId>) -> Finding {
    match within(LIMIT, asked(catalogue, publisher)).await {
        Ok(Ok(found)) => found,
        Ok(Err(failure)) => Finding::failed(&failure),
        Err(late) => Finding::fail(
            &format!("no answer to the first request ({late})"),
            "look at the network and the service's health",
        ),
    }
}

async fn asked(catalogue: &dyn Catalogue, publisher: Option<&PublisherId>) -> Result<Finding, Failure> {
    if let Some(publisher) = publisher {
        let offers = catalogue.offers(publisher).await?.count();
        return Ok(Finding::ok(&format!("{publisher} has {offers} offers")).with("offers", offers));
    }
    let publishers = catalogue.publishers().await?;
    let shown: Vec<String> = publishers
        .iter()
        .map(|publisher| publisher.shown().to_string())
        .collect();
    let found = if shown.is_empty() {
        Finding::warn(
            "the token sees no publisher",
            "in Partner Center, add who signs in to the publisher as Owner or Contributor",
        )
    } else {
        Finding::ok(&format!("the token sees the publishers {}", shown.join(", ")))
    };
    Ok(found.with("publishers", shown))
}
