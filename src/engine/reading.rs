//! One reading of each witness of a target, and its meaning.

use std::sync::Arc;

use crate::{
    domain::{
        operation::{Baseline, Operation, OperationDetail, Operations, Source},
        status::{Phase, Status},
        target::Target,
        text::SafeText,
    },
    engine::{
        failure::{Class, Failure},
        ports::{Catalogue, Reading},
        witnesses::{Word, as_word},
    },
};

/// Reads the operation's own page; it is addressed by its id even if a location of the target is known.
pub(super) async fn of_page(
    catalogue: &dyn Catalogue,
    target: &Target,
    baseline: Option<&Baseline>,
) -> Result<Reading, Failure> {
    if target.binding.operation().is_none() {
        return Err(no_information(target));
    }
    let reading = catalogue.track(target, None, baseline).await?;
    if is_informative(&reading.detail.state) {
        Ok(reading)
    } else {
        Err(no_information(target))
    }
}

/// Reading of the list of submissions, and of the offer's status if that has to stand in for it.
pub(super) struct ListRead {
    /// The list.
    pub(super) listed: Result<Operations, Failure>,
    /// The offer's status, read after the list.
    pub(super) offer: Option<Result<OperationDetail, Failure>>,
}

/// Reads the list of submissions, and the offer's status too if the service denies the list.
pub(super) async fn of_list(catalogue: &dyn Catalogue, target: &Target) -> ListRead {
    let (publisher, offer) = (&target.publisher, &target.offer);
    let listed = match target.binding.operation() {
        Some(named) => catalogue.operations_with(publisher, offer, named).await,
        None => catalogue.operations(publisher, offer).await,
    };
    let offer = if needs_the_offer(&listed, target) {
        Some(catalogue.offer_status(publisher, offer).await)
    } else {
        None
    };
    ListRead { listed, offer }
}

/// Returns true if the offer's status has to stand in for the list: because the service denies the list, or because the
/// list has no entry of a target without an id.
fn needs_the_offer(listed: &Result<Operations, Failure>, target: &Target) -> bool {
    match listed {
        Ok(listed) => {
            listed.source == Source::Submissions && entry(listed, target).is_none() && is_unnamed(target)
        }
        Err(failure) => as_word(failure).is_some(),
    }
}

impl ListRead {
    /// Returns the list's word on `target`, or the failure to read it.
    pub(super) fn word(&self, target: &Target) -> Result<Word, Failure> {
        match &self.listed {
            Ok(listed) if listed.source == Source::OfferStatus => Ok(Word::Closed),
            Ok(listed) => Ok(match entry(listed, target) {
                Some(found) if is_informative(&found.state) => Word::State(found.state.clone()),
                Some(_) => Word::Closed,
                // A truncated list does not prove that an operation is absent.
                None if !listed.is_whole() => return Err(too_long(target)),
                None => Word::Missing,
            }),
            Err(failure) => as_word(failure)
                .map(|_| Word::Closed)
                .ok_or_else(|| failure.clone()),
        }
    }

    /// Returns the offer's word in the place of the list; none if it was not read.
    pub(super) fn offer_word(&self, target: &Target) -> Option<Result<Word, Failure>> {
        if let Some(offer) = &self.offer {
            return Some(match offer {
                Ok(detail) if is_informative(&detail.state) => Ok(Word::State(detail.state.clone())),
                Ok(_) => Ok(Word::Closed),
                Err(failure) => as_word(failure).ok_or_else(|| failure.clone()),
            });
        }
        let listed = self.listed.as_ref().ok()?;
        match listed.source {
            Source::OfferStatus => Some(Ok(listed
                .list
                .first()
                .map(|only| &only.state)
                .filter(|state| is_informative(state))
                .map_or(Word::Closed, |state| Word::State(state.clone())))),
            // An entry without an id is the only reference to a target without one.
            Source::Submissions if is_unnamed(target) => entry(listed, target)
                .filter(|found| is_informative(&found.state))
                .map(|found| Ok(Word::State(found.state.clone()))),
            Source::Submissions => None,
        }
    }

    /// Returns true if the offer was read although the list is readable, because the list does not identify the target.
    pub(super) fn stands_in_for_an_entry(&self) -> bool {
        self.offer.is_some() && self.listed.is_ok()
    }

    /// Returns the steps and messages that came along.
    pub(super) fn detail(&self) -> Option<Arc<OperationDetail>> {
        match (&self.offer, &self.listed) {
            (Some(Ok(detail)), _) => Some(Arc::new(detail.clone())),
            (_, Ok(listed)) => listed.detail.clone().map(Arc::new),
            _ => None,
        }
    }
}

fn is_unnamed(target: &Target) -> bool {
    target.binding.operation().is_none()
}

/// Returns the entry of `target`. Several possible entries without an id are ambiguous.
fn entry<'a>(listed: &'a Operations, target: &Target) -> Option<&'a Operation> {
    let binding = &target.binding;
    let mut named = listed
        .list
        .iter()
        .filter(|operation| binding.may_have_become(operation));
    match (named.next(), named.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Returns true if a state is information about an operation with a cancel.
fn is_informative(state: &Status) -> bool {
    !state.word().is_empty() && state.phase() != Phase::Idle
}

fn no_information(target: &Target) -> Failure {
    no_state(target, "the service says nothing of its state")
}

fn too_long(target: &Target) -> Failure {
    no_state(
        target,
        "the list of its operations is longer than is read, and what was read does not hold it",
    )
}

fn no_state(target: &Target, what: &str) -> Failure {
    Failure {
        class: Class::Bug,
        request: SafeText::new(&format!("state of {}", target.offer)),
        what: what.into(),
        advice: "look at the offer in the portal".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}

#[cfg(test)]
mod tests;
