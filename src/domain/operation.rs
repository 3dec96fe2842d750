//! An operation on an offer (the service also calls it submission), and its details.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::OperationId,
    status::{Phase, Status},
    text::SafeText,
};

/// One operation, from the list of submissions or from the offer's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id; none if only the offer's status could be read.
    pub id: Option<OperationId>,
    /// Kind of operation, such as `publish`.
    pub kind: SafeText,
    /// Destination.
    pub destination: Destination,
    /// State.
    pub state: Status,
    /// Version of the offer that it carries.
    pub offer_version: Option<i64>,
    /// Version of the operation, a .NET tick count.
    pub version: Option<i64>,
    /// Time of the last change, if the service gives it.
    pub changed_at: Option<Timestamp>,
}

impl Operation {
    /// Returns kind and destination, as `publish → preview`.
    #[must_use]
    pub fn course(&self) -> String {
        course(&self.kind, &self.destination)
    }
}

/// Returns kind and destination, as `publish → preview`.
#[must_use]
pub fn course(kind: &SafeText, destination: &Destination) -> String {
    let kind = if kind.is_empty() {
        "operation"
    } else {
        kind.as_str()
    };
    format!("{kind} → {}", destination.word())
}

/// Destination of an operation. Customers see `Live`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The preview, visible to the publisher alone.
    Preview,
    /// The marketplace itself.
    Live,
    /// A slot that this program does not know, in the service's word, or none at all.
    Unknown(SafeText),
}

impl Destination {
    /// Reads the slot and the kind of an operation; either may be missing.
    #[must_use]
    pub fn read(slot: &str, kind: &str) -> Self {
        let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
        if is(slot, &["production", "live"]) || is(kind, &["golive", "go live"]) {
            Self::Live
        } else if is(slot, &["staging", "preview"]) {
            Self::Preview
        } else {
            Self::Unknown(SafeText::new(slot))
        }
    }

    /// Returns true if canceling it could stop a launch: any operation not known to end at the preview.
    #[must_use]
    pub fn may_be_production(&self) -> bool {
        *self != Self::Preview
    }

    /// Returns one word for a column.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Preview => "preview",
            Self::Live => "LIVE",
            Self::Unknown(slot) if slot.is_empty() => "unknown",
            Self::Unknown(slot) => slot.as_str(),
        }
    }
}

/// The operations of one offer, and their source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operations {
    /// Route that answered.
    pub source: Source,
    /// Operations in the order of the route.
    pub list: Vec<Operation>,
    /// Steps and messages, if the offer's status included them.
    pub detail: Option<OperationDetail>,
    /// Number of operations beyond the limit; active ones are kept before ended ones.
    #[serde(default)]
    pub left_out: usize,
    /// Data that the service needs to track one of them; none if it needs nothing.
    #[serde(default)]
    pub baseline: Option<Baseline>,
}

/// Data of a look that the service's module needs as proof later, opaque to all others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Baseline(pub Box<str>);

/// Route that returned operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The list of submissions: each operation with its id.
    Submissions,
    /// The offer's status, because the list is gone: one operation at most, without an id.
    OfferStatus,
}

impl Operations {
    /// Returns true if the list is complete. A truncated one does not prove absence.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.left_out == 0
    }

    /// Returns the operations that are not known to have ended.
    pub fn active(&self) -> impl Iterator<Item = &Operation> {
        self.list.iter().filter(|operation| operation.state.is_active())
    }

    /// Returns the operation with this id.
    #[must_use]
    pub fn find(&self, id: &OperationId) -> Option<&Operation> {
        self.list
            .iter()
            .find(|operation| operation.id.as_ref().is_some_and(|found| found.is(id)))
    }
}

/// Details of an operation, or of its offer's status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationDetail {
    /// State.
    pub state: Status,
    /// Cancelability, by the service's word.
    pub cancel_state: CancelState,
    /// Steps, in order.
    pub steps: Vec<Step>,
    /// Messages about the operation as a whole.
    pub messages: Vec<Message>,
}

impl OperationDetail {
    /// Returns the current step: the first one that has begun and not ended.
    #[must_use]
    pub fn current_step(&self) -> Option<&Step> {
        let under_way = |step: &&Step| {
            matches!(
                step.state.phase(),
                Phase::Running | Phase::Waiting | Phase::Unknown
            )
        };
        self.steps.iter().find(under_way)
    }

    /// Returns all messages, those of the steps included.
    pub fn all_messages(&self) -> impl Iterator<Item = &Message> {
        self.messages
            .iter()
            .chain(self.steps.iter().flat_map(|step| &step.messages))
    }
}

/// Value of `cancellationRequestState`. Only `canCancel` is documented, so no value ever blocks a cancel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelState {
    /// Not given.
    #[default]
    Unknown,
    /// Cancelable.
    CanCancel,
    /// Another value, in the service's word.
    Says(SafeText),
}

impl CancelState {
    /// Reads the service's word.
    #[must_use]
    pub fn read(word: &str) -> Self {
        if word.trim().is_empty() {
            Self::Unknown
        } else if word.eq_ignore_ascii_case("canCancel") {
            Self::CanCancel
        } else {
            Self::Says(SafeText::new(word))
        }
    }
}

/// One step of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The service's id of the step, such as `displaycertify`.
    pub id: SafeText,
    /// Its name, such as `Certification`; the id if it has none.
    pub name: SafeText,
    /// State.
    pub state: Status,
    /// Expected duration by the service's word, such as `< 5 days`; empty if not given.
    pub estimate: SafeText,
    /// Messages about the step.
    pub messages: Vec<Message>,
}

/// One message of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Plain text, from the service's HTML.
    pub text: SafeText,
    /// `information`, `error`, or another word of the service.
    pub level: SafeText,
    /// Time, if the service gives it.
    pub at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_preview_destinations_are_not_production() {
        for (slot, kind, destination) in [
            ("staging", "publish", Destination::Preview),
            ("Preview", "", Destination::Preview),
            ("production", "publish", Destination::Live),
            ("", "GoLive", Destination::Live),
            ("staging", "GoLive", Destination::Live),
            ("", "publish", Destination::Unknown("".into())),
            ("canary", "publish", Destination::Unknown("canary".into())),
        ] {
            let read = Destination::read(slot, kind);
            assert_eq!(read, destination);
            assert_eq!(read.may_be_production(), read != Destination::Preview);
        }
    }

    #[test]
    fn other_cancel_states_keep_their_word() {
        assert_eq!(CancelState::read("CanCancel"), CancelState::CanCancel);
        assert_eq!(CancelState::read(" "), CancelState::Unknown);
        assert_eq!(CancelState::read("tooLate"), CancelState::Says("tooLate".into()));
    }
}
