//! Reads the state of a target: from the operation itself, then the list of submissions, then the offer.

use std::{sync::Arc, time::Duration};

use crate::{
    domain::{
        fact::Via,
        location::Way,
        operation::{OperationDetail, Source},
        status::{Phase, Status},
        target::{Binding, Target},
        text::SafeText,
    },
    engine::{
        decide::Reading,
        failure::{Class, Failure},
        ports::{Catalogue, Followed},
    },
};

/// A reading of a target, with the steps that came along, and how long the service asks to be left alone.
pub(super) struct Read {
    pub(super) reading: Reading,
    pub(super) detail: Option<Arc<OperationDetail>>,
    pub(super) retry_after: Option<Duration>,
}

/// How much one failure means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// It may pass: a route that fails for the moment is waited for.
    Waits,
    /// It has failed again and again: the next best route has to do.
    IsOver,
}

/// Reads the state of `target` by the surest route that answers.
///
/// # Errors
/// The failure of the surest route, where none told the state, or at once where asking on would not help.
pub(super) async fn of_target(
    catalogue: &dyn Catalogue,
    target: &Target,
    patience: Patience,
) -> Result<Read, Failure> {
    let mut passed_over = None;
    if let Some(read) = from_operation(catalogue, target, &mut passed_over).await? {
        return Ok(read);
    }
    let read = match from_list(catalogue, target, patience, &mut passed_over).await? {
        Some(read) => read,
        None => from_offer(catalogue, target, passed_over.as_ref()).await?,
    };
    // The offer's state stands in for the target's only where that is gone for good, or has failed again and again.
    match passed_over {
        Some(failure)
            if read.reading.via == Via::OfferStatus
                && patience == Patience::Waits
                && !is_lasting(&failure) =>
        {
            Err(failure)
        }
        _ => Ok(read),
    }
}

/// By the operation's own address, which a location of the target has as well.
async fn from_operation(
    catalogue: &dyn Catalogue,
    target: &Target,
    passed_over: &mut Option<Failure>,
) -> Result<Option<Read>, Failure> {
    let Some(id) = target.binding.operation() else {
        return Ok(None);
    };
    match catalogue.follow(target, &Way::Operation(id.clone())).await {
        Ok(Followed { detail, retry_after }) => Ok(read(Via::Operation, detail, retry_after)),
        // A 5xx is also how the service says that an id does not fit; without a status there is no connection.
        Err(failure) if is_lasting(&failure) || is_answered(&failure) => {
            passed_over.get_or_insert(failure);
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

async fn from_list(
    catalogue: &dyn Catalogue,
    target: &Target,
    patience: Patience,
    passed_over: &mut Option<Failure>,
) -> Result<Option<Read>, Failure> {
    let (publisher, offer) = (&target.publisher, &target.offer);
    let read = match target.binding.operation() {
        Some(named) => catalogue.operations_with(publisher, offer, named).await,
        None => catalogue.operations(publisher, offer).await,
    };
    let known = match read {
        Ok(known) => known,
        Err(failure) if is_lasting(&failure) || (patience == Patience::IsOver && is_answered(&failure)) => {
            passed_over.get_or_insert(failure);
            return Ok(None);
        }
        Err(failure) => return Err(passed_over.take().unwrap_or(failure)),
    };
    let mut named = known
        .list
        .iter()
        .filter(|operation| match (&target.binding, known.source) {
            (Binding::Operation(id), Source::Submissions) => {
                operation.id.as_ref().is_some_and(|found| found.is(id))
            }
            _ => operation.id.is_none(),
        });
    // Of several without an id, nobody can say which is the one.
    let found = match (named.next(), named.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    let via = match known.source {
        Source::Submissions => Via::Submissions,
        Source::OfferStatus => Via::OfferStatus,
    };
    Ok(found.filter(|found| tells(&found.state)).map(|found| Read {
        reading: Reading {
            state: found.state.clone(),
            via,
        },
        detail: known.detail.clone().map(Arc::new),
        retry_after: None,
    }))
}

async fn from_offer(
    catalogue: &dyn Catalogue,
    target: &Target,
    passed_over: Option<&Failure>,
) -> Result<Read, Failure> {
    let status = catalogue.offer_status(&target.publisher, &target.offer).await;
    let detail = status.map_err(|failure| passed_over.cloned().unwrap_or(failure))?;
    read(Via::OfferStatus, detail, None)
        .ok_or_else(|| passed_over.cloned().unwrap_or_else(|| says_nothing(target)))
}

fn read(via: Via, detail: OperationDetail, retry_after: Option<Duration>) -> Option<Read> {
    tells(&detail.state).then(|| Read {
        reading: Reading {
            state: detail.state.clone(),
            via,
        },
        detail: Some(Arc::new(detail)),
        retry_after,
    })
}

/// Whether a state tells anything of an operation that was sent a cancel.
fn tells(state: &Status) -> bool {
    !state.word().is_empty() && state.phase() != Phase::Idle
}

/// Whether a failure says that a route will not tell, now or later.
pub(super) fn is_lasting(failure: &Failure) -> bool {
    matches!(failure.class, Class::NotFound | Class::Forbidden | Class::Bug)
}

/// Whether the service itself failed, and did not ask to be left alone.
fn is_answered(failure: &Failure) -> bool {
    failure.class == Class::Transient && failure.status.is_some_and(|status| status != 503)
}

fn says_nothing(target: &Target) -> Failure {
    Failure {
        class: Class::Bug,
        request: SafeText::new(&format!("state of {}", target.offer)),
        what: "the service says nothing of its state".into(),
        advice: "look at the offer in the portal".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}
