//! Operations of one offer, by whichever route still shows them.

use std::collections::HashMap;

use super::{
    get::Reader,
    list_route::ListRoute,
    routes::Request,
    wire::{Detail, Listed, Offer, Submission},
};
use crate::{
    domain::{
        ids::{OfferId, OperationId, Origin, PublisherId},
        operation::{Destination, Operation, OperationDetail, Operations, Source},
        status::Phase,
        text::SafeText,
    },
    engine::failure::{Class, Failure},
};

/// Reads the list of submissions, or the status of the offer if the list is gone. Beyond the limit, `named` is kept
/// before all others.
pub(super) async fn read(
    reader: &Reader,
    route: &ListRoute,
    origin: &Origin,
    (publisher, offer): (&PublisherId, &OfferId),
    named: Option<&OperationId>,
) -> Result<Operations, Failure> {
    // An operation with a known id was in that list: it may be missing for a moment, which does not prove its end.
    if named.is_none() && !route.should_try() {
        return through_status(reader, origin, publisher, offer).await;
    }
    let request = Request::submissions(origin, publisher, offer)?;
    let rank = |submission: &Submission| submission.rank(named);
    match reader.list(&request, rank).await {
        Ok(Listed { kept, left_out, .. }) => {
            route.answered();
            Ok(Operations {
                source: Source::Submissions,
                list: once_each(kept.into_iter().map(Submission::read)),
                detail: None,
                left_out,
                baseline: None,
            })
        }
        Err(failure) if is_route_missing(&failure) => {
            // Only an existing offer proves that the route is missing.
            let operations = through_status(reader, origin, publisher, offer).await?;
            tracing::info!(label = %request.label, "no list of operations; read from the offer's status");
            route.was_missing();
            Ok(operations)
        }
        Err(failure) => Err(failure),
    }
}

/// Returns true if the list is missing, as far as the status shows. A gateway in front of the service has its own page
/// for unknown routes; whether the offer exists decides.
fn is_route_missing(failure: &Failure) -> bool {
    failure.class == Class::NotFound
        || failure.class == Class::Foreign && matches!(failure.status, Some(404 | 405 | 410))
}

/// Merges rows of one operation: it is active if any row is, because two rows of one operation are not a second one
/// that a cancel could hit.
fn once_each(list: impl Iterator<Item = Operation>) -> Vec<Operation> {
    let mut once: Vec<Operation> = Vec::new();
    let mut places: HashMap<OperationId, usize> = HashMap::new();
    for operation in list {
        let known = operation.id.as_ref().and_then(|id| places.get(id)).copied();
        match known {
            Some(at) if operation.state.is_active() && !once[at].state.is_active() => once[at] = operation,
            Some(_) => {}
            None => {
                if let Some(id) = &operation.id {
                    places.insert(id.clone(), once.len());
                }
                once.push(operation);
            }
        }
    }
    once
}

async fn through_status(
    reader: &Reader,
    origin: &Origin,
    publisher: &PublisherId,
    offer: &OfferId,
) -> Result<Operations, Failure> {
    let (offer, status) = (
        Request::offer(origin, publisher, offer)?,
        Request::status(origin, publisher, offer)?,
    );
    let (offer, status) = tokio::join!(reader.one::<Offer>(&offer), reader.one::<Detail>(&status));
    // A missing offer explains a missing status.
    let (offer, _) = offer?;
    let (status, answered) = status?;
    Ok(only(&offer, status.read(|said| answered.bearer.hide(said))))
}

/// Converts an offer's status: one operation without an id, or none if nothing was ever published.
fn only(offer: &Offer, detail: OperationDetail) -> Operations {
    let (offer_version, changed_at) = offer.mark();
    let operation = Operation {
        id: None,
        kind: SafeText::default(),
        destination: Destination::Unknown(SafeText::default()),
        state: detail.state.clone(),
        offer_version,
        version: None,
        changed_at,
    };
    let is_idle = detail.state.phase() == Phase::Idle;
    Operations {
        source: Source::OfferStatus,
        list: if is_idle { Vec::new() } else { vec![operation] },
        detail: Some(detail),
        left_out: 0,
        baseline: None,
    }
}
