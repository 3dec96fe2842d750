//! One question to each place that knows of a target, and what it says of it.

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

/// What the operation's own page said; it is asked by the address that a location of the target has as well.
pub(super) async fn of_page(
    catalogue: &dyn Catalogue,
    target: &Target,
    baseline: Option<&Baseline>,
) -> Result<Reading, Failure> {
    if target.binding.operation().is_none() {
        return Err(says_nothing(target));
    }
    let reading = catalogue.track(target, None, baseline).await?;
    if tells(&reading.detail.state) {
        Ok(reading)
    } else {
        Err(says_nothing(target))
    }
}

/// What the list of submissions said, and the offer's status where that has to stand in for it.
pub(super) struct ListRead {
    /// The list.
    pub(super) listed: Result<Operations, Failure>,
    /// The offer's status, read after the list.
    pub(super) offer: Option<Result<OperationDetail, Failure>>,
}

/// Asks for the list of submissions; where the service says that it cannot be read, for the offer's status as well.
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

/// Whether the offer's status has to stand in for the list: because the service says that the list cannot be read, or
/// because it can be again, and holds no entry of a target without an id.
fn needs_the_offer(listed: &Result<Operations, Failure>, target: &Target) -> bool {
    match listed {
        Ok(listed) => {
            listed.source == Source::Submissions && entry(listed, target).is_none() && is_unnamed(target)
        }
        Err(failure) => as_word(failure).is_some(),
    }
}

impl ListRead {
    /// What the list says of `target`; nothing where the way to it failed.
    pub(super) fn word(&self, target: &Target) -> Result<Word, Failure> {
        match &self.listed {
            Ok(listed) if listed.source == Source::OfferStatus => Ok(Word::Closed),
            Ok(listed) => Ok(match entry(listed, target) {
                Some(found) if tells(&found.state) => Word::Says(found.state.clone()),
                Some(_) => Word::Closed,
                // What was not read to its end does not say that something is not in it.
                None if !listed.is_whole() => return Err(too_long(target)),
                None => Word::Missing,
            }),
            Err(failure) => as_word(failure)
                .map(|_| Word::Closed)
                .ok_or_else(|| failure.clone()),
        }
    }

    /// What the offer says in the place of the list; none where it was not asked.
    pub(super) fn offer_word(&self, target: &Target) -> Option<Result<Word, Failure>> {
        if let Some(offer) = &self.offer {
            return Some(match offer {
                Ok(detail) if tells(&detail.state) => Ok(Word::Says(detail.state.clone())),
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
                .filter(|state| tells(state))
                .map_or(Word::Closed, |state| Word::Says(state.clone())))),
            // An entry without an id is all that there is of a target without one.
            Source::Submissions if is_unnamed(target) => entry(listed, target)
                .filter(|found| tells(&found.state))
                .map(|found| Ok(Word::Says(found.state.clone()))),
            Source::Submissions => None,
        }
    }

    /// Whether the offer was asked although the list can be read, because that does not tell which entry is the target.
    pub(super) fn stands_in_for_an_entry(&self) -> bool {
        self.offer.is_some() && self.listed.is_ok()
    }

    /// Steps and messages that came along.
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

/// The entry of `target`. Of several without an id that may be it, nobody can say which is the one.
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

/// Whether a state tells anything of an operation that was sent a cancel.
fn tells(state: &Status) -> bool {
    !state.word().is_empty() && state.phase() != Phase::Idle
}

fn says_nothing(target: &Target) -> Failure {
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
