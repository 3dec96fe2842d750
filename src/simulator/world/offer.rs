//! An offer: its operations, and what is derived from them.

use jiff::SignedDuration;

use super::operation::{Operation, is_end};
use super::playing::Playing;
use super::{Moment, identity};
use crate::simulator::scenario::{CancelForm, Kind, OfferForm, OperationForm, Quirks, Script};

/// Operations kept for an offer that is published again and again.
const HISTORY: usize = 12;

/// An offer.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) id: String,
    pub(crate) publisher: String,
    pub(crate) name: String,
    pub(crate) type_id: String,
    pub(crate) legacy: bool,
    pub(crate) zoneless: bool,
    pub(crate) wrapped: bool,
    pub(crate) latency: SignedDuration,
    pub(crate) quirks: Quirks,
    pub(crate) cancel: CancelForm,
    pub(crate) scripts: Vec<Playing>,
    /// Oldest first.
    pub(crate) operations: Vec<Operation>,
    /// The operation that the last cancel meant.
    pub(crate) target: Option<String>,
    /// How many cancels ended in an operation being canceled, now or later.
    pub(crate) carried_out: usize,
    status: String,
    changed: Option<Moment>,
    again: Option<SignedDuration>,
    superseded_at_look: Option<u32>,
    looks: u32,
    minted: u32,
    last_form: Option<OperationForm>,
}

impl Offer {
    /// The offer that the form describes; `publisher` when it names none.
    pub(crate) fn new(form: &OfferForm, publisher: &str) -> Self {
        let named = if form.publisher.is_empty() {
            publisher
        } else {
            &form.publisher
        };
        let type_id = if form.type_id.is_empty() {
            "microsoft-azure-virtualmachines"
        } else {
            &form.type_id
        };
        let mut offer = Self {
            id: form.id.clone(),
            publisher: named.to_owned(),
            name: form.name.clone(),
            type_id: type_id.to_owned(),
            legacy: form.legacy,
            zoneless: form.zoneless,
            wrapped: form.wrapped,
            latency: form.latency,
            quirks: form.quirks.clone(),
            cancel: form.cancel.clone(),
            scripts: form.scripts.iter().cloned().map(Playing::new).collect(),
            operations: Vec::new(),
            target: None,
            carried_out: 0,
            status: form.status.clone().unwrap_or_else(|| "neverPublished".into()),
            changed: form.changed.map(|ago| -ago),
            again: form.again,
            superseded_at_look: form.superseded_at_look,
            looks: 0,
            minted: 0,
            last_form: form.operations.last().cloned(),
        };
        for form in &form.operations {
            let id = form.id.clone().unwrap_or_else(|| offer.mint());
            offer.operations.push(Operation::new(id, form, &offer.type_id));
        }
        offer
    }

    /// A new operation id, the same in every run.
    pub(crate) fn mint(&mut self) -> String {
        self.minted += 1;
        let parts = [self.publisher.as_str(), &self.id, &self.minted.to_string()];
        if self.legacy {
            identity::guid(&parts)
        } else {
            identity::moved_id(&parts)
        }
    }

    /// The next answers come from this script.
    pub(crate) fn play(&mut self, script: Script) {
        self.scripts.insert(0, Playing::new(script));
    }

    /// What the list of operations shows, newest first.
    pub(crate) fn listed(&self, now: Moment) -> impl Iterator<Item = &Operation> {
        self.operations
            .iter()
            .rev()
            .filter(move |operation| operation.listed && operation.is_shown(now))
    }

    /// The operation of that id, for who asks for it.
    pub(crate) fn operation(&self, id: &str, now: Moment) -> Option<&Operation> {
        self.in_truth(id, now).filter(|operation| operation.is_shown(now))
    }

    /// The operation of that id, whatever the answers know.
    pub(crate) fn in_truth(&self, id: &str, now: Moment) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|operation| operation.id == id && operation.is_seen(now))
    }

    /// The active operation, or else the newest.
    pub(crate) fn current(&self, now: Moment) -> Option<&Operation> {
        self.listed(now)
            .find(|o| o.is_active(now))
            .or_else(|| self.listed(now).next())
    }

    /// The offer's own state word.
    pub(crate) fn status(&self, now: Moment) -> &str {
        let Some(operation) = self.current(now) else {
            return &self.status;
        };
        match operation.state(now) {
            word @ ("canceled" | "failed") => word,
            word if !is_end(word) => word,
            _ if operation.kind == Kind::GoLive => "succeeded",
            _ => "waitingForPublisherReview",
        }
    }

    /// When anything about it last changed.
    pub(crate) fn changed(&self, now: Moment) -> Moment {
        let operations = self.listed(now).map(|operation| operation.changed(now));
        operations.chain(self.changed).max().unwrap_or(Moment::ZERO)
    }

    /// A number that grows with every change of state.
    pub(crate) fn version(&self, now: Moment) -> i64 {
        let changes = self
            .listed(now)
            .map(|operation| 1 + i64::from(operation.ended_at(now).is_some()));
        identity::number(&[&self.publisher, &self.id]) + changes.sum::<i64>()
    }

    /// Starts again what has ended long enough ago.
    pub(crate) fn restart(&mut self, now: Moment) {
        let mut there = self.operations.iter().rev();
        let last = there.find(|operation| operation.listed && operation.is_seen(now));
        let (Some(again), Some(last)) = (self.again, last) else {
            return;
        };
        let (lasts, Some(ended)) = (last.lasts, last.ended_at(now)) else {
            return;
        };
        // After a long jump of the clock only the newest of all the operations there would have been.
        let start = ended.saturating_add(again).max(now.saturating_sub(lasts));
        if start <= now && self.operations.iter().all(|operation| operation.is_seen(now)) {
            self.start(start);
        }
    }

    /// Another operation like the last one, from then on.
    fn start(&mut self, at: Moment) {
        let Some(last) = self.last_form.clone() else {
            return;
        };
        let form = OperationForm {
            id: None,
            state: None,
            starts_in: Some(at),
            queued: false,
            ..last
        };
        let id = self.mint();
        self.operations.push(Operation::new(id, &form, &self.type_id));
        if self.operations.len() > HISTORY {
            self.operations.remove(0);
        }
    }

    /// Somebody asks for the list of operations.
    pub(crate) fn look(&mut self, now: Moment) {
        self.looks = self.looks.saturating_add(1);
        if self.superseded_at_look == Some(self.looks) {
            self.supersede(now);
        }
    }

    /// The active operation ends by itself, and another starts.
    pub(crate) fn supersede(&mut self, now: Moment) {
        for operation in self
            .operations
            .iter_mut()
            .filter(|o| o.listed && o.is_active(now))
        {
            operation.end_at(now);
        }
        self.start(now);
    }
}
