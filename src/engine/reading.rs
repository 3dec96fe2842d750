//! Reads the state of a target: from the operation itself, then the list of submissions, then the offer.

use std::sync::Arc;

use crate::{
    domain::{
        fact::Via,
        operation::{OperationDetail, Source},
        target::{Binding, Target},
    },
    engine::{
        decide::Reading,
        failure::{Class, Failure},
        ports::Catalogue,
    },
};

/// A reading of a target, with the steps that came along.
pub(super) struct Read {
    pub(super) reading: Reading,
    pub(super) detail: Option<Arc<OperationDetail>>,
}

/// Reads the state of `target` by the surest route that answers.
///
/// # Errors
/// The failure of the surest route, where none told the state, or at once where asking on would not help.
pub(super) async fn of_target(catalogue: &dyn Catalogue, target: &Target) -> Result<Read, Failure> {
    let (publisher, offer) = (&target.publisher, &target.offer);
    let mut first_failure = None;
    if let Binding::Operation(id) = &target.binding {
        match catalogue.operation(publisher, offer, id).await {
            Ok(detail) if !detail.state.word().is_empty() => return Ok(read(Via::Operation, detail)),
            Ok(_) => {}
            Err(failure) => pass_over(&mut first_failure, failure)?,
        }
    }
    match catalogue.operations(publisher, offer).await {
        Ok(known) => {
            let found = known.list.iter().find(|operation| match &target.binding {
                Binding::Operation(id) => operation.id.as_ref().is_some_and(|found| found.is(id)),
                Binding::Fingerprint(_) => operation.id.is_none(),
            });
            if let Some(found) = found {
                let via = match known.source {
                    Source::Submissions => Via::Submissions,
                    Source::OfferStatus => Via::OfferStatus,
                };
                let reading = Reading {
                    state: found.state.clone(),
                    via,
                };
                return Ok(Read {
                    reading,
                    detail: known.detail.map(Arc::new),
                });
            }
        }
        Err(failure) => pass_over(&mut first_failure, failure)?,
    }
    match catalogue.offer_status(publisher, offer).await {
        Ok(detail) => Ok(read(Via::OfferStatus, detail)),
        Err(failure) => Err(first_failure.unwrap_or(failure)),
    }
}

fn read(via: Via, detail: OperationDetail) -> Read {
    Read {
        reading: Reading {
            state: detail.state.clone(),
            via,
        },
        detail: Some(Arc::new(detail)),
    }
}

/// Remembers a failure that another route may make up for; gives back one that it cannot.
fn pass_over(first: &mut Option<Failure>, failure: Failure) -> Result<(), Failure> {
    let another_route_may_answer = match failure.class {
        Class::NotFound | Class::Forbidden | Class::Bug => true,
        // A 5xx is also how the service says that an id does not fit; without a status there is no connection.
        Class::Transient => failure.status.is_some_and(|status| status != 503),
        Class::SignIn | Class::Throttled => false,
    };
    if !another_route_may_answer {
        return Err(failure);
    }
    first.get_or_insert(failure);
    Ok(())
}
