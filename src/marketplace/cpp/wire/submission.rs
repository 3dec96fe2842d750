//! A submission: an operation, as the list tells of it.

use super::lenient::{Id, Int, Text, Time, object};
use crate::domain::{
    ids::OperationId,
    operation::{Destination, Operation},
    status::Status,
};

object! {
    /// An element of `GET submissions`.
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

impl Submission {
    /// The operation. Without an id it is kept all the same: a cancel would hit it like any other.
    pub(in super::super) fn read(self) -> Operation {
        let state = if self.state.0.is_empty() {
            self.status
        } else {
            self.state
        };
        Operation {
            id: (!self.id.0.is_empty()).then(|| OperationId::new(&self.id.0)),
            destination: Destination::read(self.slot.0.as_str(), self.kind.0.as_str()),
            kind: self.kind.0,
            state: Status::new(state.0.as_str()),
            offer_version: self.offer_version.0,
            version: self.version.0,
            changed_at: self.changed.0.or(self.acted.0).or(self.created.0),
        }
    }
}
