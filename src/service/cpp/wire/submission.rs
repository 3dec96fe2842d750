//! A submission: an operation, as in the list.

use super::{
    lenient::{Id, Int, Text, Time, object},
    list::{Element, Rank},
};
use crate::domain::{
    ids::OperationId,
    operation::{Destination, Operation},
    text::SafeText,
};
use crate::service::cpp::meaning::status;

object! {
    /// Element of `GET submissions`.
    struct Submission {
        "id" => id: Id,
        "submissionType" => kind: Text,
        "submissionState" => state: Text,
        "status" => status: Text,
        "slot" => slot: Text,
        "offerVersion" => offer_version: Int,
        "version" => version: Int,
        "changedTime" => changed: Time,
        "lastActionDateTime" => acted: Time,
        "createdDateTime" => created: Time,
    }
}

impl Element for Submission {
    const MOST: usize = 10_000;

    fn weight(&self) -> usize {
        let texts = [&self.kind, &self.state, &self.status, &self.slot];
        self.id.0.len() + texts.iter().map(|text| text.0.as_str().len()).sum::<usize>()
    }
}

impl Submission {
    /// Ranks the one requested by name first, then those that a cancel could hit.
    pub(in super::super) fn rank(&self, named: Option<&OperationId>) -> Rank {
        if named.is_some_and(|named| named.raw().eq_ignore_ascii_case(&self.id.0)) {
            Rank::Named
        } else if status(self.word().as_str()).is_active() {
            Rank::Active
        } else {
            Rank::Other
        }
    }

    fn word(&self) -> &SafeText {
        if self.state.0.is_empty() {
            &self.status.0
        } else {
            &self.state.0
        }
    }

    /// Converts to the operation. One without an id is kept: a cancel would hit it like any other.
    pub(in super::super) fn read(self) -> Operation {
        Operation {
            id: (!self.id.0.is_empty()).then(|| OperationId::new(&self.id.0)),
            destination: Destination::read(self.slot.0.as_str(), self.kind.0.as_str()),
            state: status(self.word().as_str()),
            kind: self.kind.0,
            offer_version: self.offer_version.0,
            version: self.version.0,
            changed_at: self.changed.0.or(self.acted.0).or(self.created.0),
        }
    }
}
