//! An offer: its operations, and what is derived from them.

use jiff::SignedDuration;
use serde::Deserialize;

use super::cancel::CancelBehavior;
use super::default_steps;
use super::operation::{Kind, Operation, is_end};
use super::quirks::Quirks;
use super::time::Moment;
use crate::simulator::identity;
use crate::simulator::script::Script;

/// Operations kept for an offer that is published again and again.
const HISTORY: usize = 12;

/// An offer and its behavior.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Offer {
    /// The id, as in the path.
    pub id: String,
    /// The display text.
    #[serde(default)]
    pub name: String,
    /// The publisher's id; the first publisher when empty.
    #[serde(default)]
    pub publisher: String,
    /// The offer type id; a virtual machine when empty.
    #[serde(default, rename = "type")]
    pub type_id: String,
    /// The state word while the offer has no operation at all; `neverPublished` when absent.
    pub status: Option<String>,
    /// Time from its last change by hand to the world's start; changed at the start when it has no operation
    /// either.
    pub changed: Option<SignedDuration>,
    /// Never moved to Partner Center: other ids, and an address for mail in its status.
    #[serde(default)]
    pub legacy: bool,
    /// `changedTime` comes without a zone.
    #[serde(default)]
    pub zoneless: bool,
    /// A single operation comes wrapped in an array.
    #[serde(default)]
    pub wrapped: bool,
    /// Real time every answer on this offer takes at least.
    #[serde(default)]
    pub latency: SignedDuration,
    /// Its operations, oldest first.
    #[serde(default)]
    pub operations: Vec<Operation>,
    /// A new operation like the last one starts this long after the last one ended.
    pub again: Option<SignedDuration>,
    /// Just before this look (the first is 1) at the submissions the active operation ends and another starts.
    pub superseded_at_look: Option<u32>,
    /// The effect of a cancel.
    #[serde(default)]
    pub cancel: CancelBehavior,
    /// Answers given out of turn.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// Oddities of its entry in the list.
    #[serde(default)]
    pub quirks: Quirks,
    /// The id of the operation that the last cancel meant.
    #[serde(skip)]
    pub(crate) target: Option<String>,
    /// The number of cancels that got an operation canceled, now or later.
    #[serde(skip)]
    pub(crate) carried_out: usize,
    /// The number of looks at its submissions.
    #[serde(skip)]
    pub(crate) looks: u32,
    /// The number of operation ids that were made up.
    #[serde(skip)]
    pub(crate) minted: u32,
}

impl Offer {
    /// An offer of that id, which has nothing else yet.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// Fills in what a scenario may leave out; `publisher` when it names none.
    pub(crate) fn complete(&mut self, publisher: &str) {
        for (given, default) in [
            (&mut self.publisher, publisher),
            (&mut self.type_id, "microsoft-azure-virtualmachines"),
        ] {
            if given.is_empty() {
                default.clone_into(given);
            }
        }
        let mut operations = std::mem::take(&mut self.operations);
        for operation in &mut operations {
            if operation.id.is_empty() {
                operation.id = self.mint();
            }
            if operation.steps.is_empty() {
                operation.steps = default_steps::steps(operation.kind, &self.type_id);
            }
        }
        self.operations = operations;
    }

    /// A new operation id, the same in every run.
    pub(super) fn mint(&mut self) -> String {
        self.minted += 1;
        let parts = [self.publisher.as_str(), &self.id, &self.minted.to_string()];
        if self.legacy {
            identity::guid(&parts)
        } else {
            identity::moved_id(&parts)
        }
    }

    /// The entries in the list of operations, newest first.
    pub(crate) fn listed(&self, now: Moment) -> impl Iterator<Item = &Operation> {
        let newest_first = self.operations.iter().rev();
        newest_first.filter(move |operation| operation.is_listed() && operation.is_shown(now))
    }

    /// The operation of that id, as far as the answers know it.
    pub(crate) fn operation(&self, id: &str, now: Moment) -> Option<&Operation> {
        self.in_truth(id, now).filter(|operation| operation.is_shown(now))
    }

    /// The operation of that id, whatever the answers know.
    pub(crate) fn in_truth(&self, id: &str, now: Moment) -> Option<&Operation> {
        let mut operations = self.operations.iter();
        operations.find(|operation| operation.id == id && operation.exists(now))
    }

    /// The active operation, or else the newest.
    pub(crate) fn current(&self, now: Moment) -> Option<&Operation> {
        self.listed(now)
            .find(|operation| operation.is_active(now))
            .or_else(|| self.listed(now).next())
    }

    /// The offer's own state word.
    pub(crate) fn status(&self, now: Moment) -> &str {
        let Some(operation) = self.current(now) else {
            return self.status.as_deref().unwrap_or("neverPublished");
        };
        match operation.state(now) {
            word @ ("canceled" | "failed") => word,
            word if !is_end(word) => word,
            _ if operation.kind == Kind::GoLive => "succeeded",
            _ => "waitingForPublisherReview",
        }
    }

    /// The moment at which anything about it last changed.
    pub(crate) fn changed(&self, now: Moment) -> Moment {
        let operations = self.listed(now).map(|operation| operation.changed(now));
        let by_hand = self.changed.map(|ago| -ago);
        operations.chain(by_hand).max().unwrap_or(Moment::ZERO)
    }

    /// A number that grows with every change of state.
    pub(crate) fn version(&self, now: Moment) -> i64 {
        let changes = self
            .listed(now)
            .map(|operation| 1 + i64::from(operation.ended_at(now).is_some()));
        identity::number(&[&self.publisher, &self.id]) + changes.sum::<i64>()
    }

    /// Starts again what has ended long enough ago.
    pub(super) fn restart(&mut self, now: Moment) {
        let mut newest_first = self.operations.iter().rev();
        let last = newest_first.find(|operation| operation.is_listed() && operation.exists(now));
        let (Some(again), Some(last)) = (self.again, last) else {
            return;
        };
        let (lasts, Some(ended)) = (last.lasts, last.ended_at(now)) else {
            return;
        };
        // After a long jump of the clock only the newest of all the operations there would have been.
        let start = ended.saturating_add(again).max(now.saturating_sub(lasts));
        if start <= now && self.operations.iter().all(|operation| operation.exists(now)) {
            self.start(start);
        }
    }

    /// Starts another operation like the last one, at that moment.
    fn start(&mut self, at: Moment) {
        let mut newest_first = self.operations.iter().rev();
        let Some(last) = newest_first.find(|operation| operation.is_listed()).cloned() else {
            return;
        };
        let id = self.mint();
        self.operations.push(last.again(id, at));
        if self.operations.len() > HISTORY {
            self.operations.remove(0);
        }
    }

    /// Counts a look at the list of operations, which may be the one that finds another in flight.
    pub(crate) fn look(&mut self, now: Moment) {
        self.looks = self.looks.saturating_add(1);
        if self.superseded_at_look == Some(self.looks) {
            self.supersede(now);
        }
    }

    /// Ends the active operation by itself, and starts another.
    pub(crate) fn supersede(&mut self, now: Moment) {
        for operation in &mut self.operations {
            if operation.is_listed() && operation.is_active(now) {
                operation.end_at(now);
            }
        }
        self.start(now);
    }
}
