//! What was confirmed and is not in a snapshot yet, and what was confirmed and did not begin.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    domain::{
        ids::{CancellationId, OfferId},
        target::Target,
        text::SafeText,
    },
    engine::Snapshot,
};

/// The requests between the confirmation and the snapshot that tells the rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    /// Handed to the engine.
    pub(crate) asked: Vec<Asked>,
    /// Turned away by the engine, the newest of each offer.
    pub(crate) declined: BTreeMap<OfferId, Declined>,
}

/// A confirmed cancel on its way into the journal.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// What is to be cancelled.
    pub(crate) target: Target,
    /// When it was confirmed.
    pub(crate) at: Timestamp,
    /// Its cancellation, once there is one.
    id: Option<CancellationId>,
}

/// A confirmed cancel of which nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declined {
    /// Why, and what to do.
    pub(crate) why: SafeText,
    /// When.
    pub(crate) at: Timestamp,
}

impl Requests {
    /// Takes a confirmed target.
    pub(crate) fn ask(&mut self, target: Target, at: Timestamp) {
        self.declined.remove(&target.offer);
        self.asked.push(Asked { target, at, id: None });
    }

    /// Takes the id that the engine gave; done as soon as a snapshot tells of it.
    pub(crate) fn began(&mut self, target: &Target, id: CancellationId, known: &Snapshot) {
        let asked = self
            .asked
            .iter_mut()
            .find(|asked| asked.id.is_none() && asked.target.is(target));
        if let Some(asked) = asked {
            asked.id = Some(id);
        }
        self.settle(known);
    }

    /// Takes the engine's refusal to begin.
    pub(crate) fn decline(&mut self, target: &Target, declined: Declined) {
        self.asked
            .retain(|asked| asked.id.is_some() || !asked.target.is(target));
        self.declined.insert(target.offer.clone(), declined);
    }

    /// Forgets what `known` tells of.
    pub(crate) fn settle(&mut self, known: &Snapshot) {
        self.asked.retain(|asked| {
            asked
                .id
                .as_ref()
                .is_none_or(|id| known.cancellation(id).is_none())
        });
    }

    /// The request on an offer that is on its way.
    pub(crate) fn on(&self, offer: &OfferId) -> Option<&Asked> {
        self.asked.iter().find(|asked| asked.target.offer == *offer)
    }

    /// Whether exactly this target is on its way.
    pub(crate) fn has(&self, target: &Target) -> bool {
        self.asked.iter().any(|asked| asked.target.is(target))
    }
}
