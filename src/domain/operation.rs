//! An operation on an offer (the service also says submission), and what is known of its inside.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::OperationId,
    status::{Phase, Status},
    text::SafeText,
};

/// One operation, as the list of submissions tells it, or as it shows through the offer's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id; none where only the offer's status could be read.
    pub id: Option<OperationId>,
    /// What is being done, such as `publish`.
    pub kind: SafeText,
    /// Where it leads.
    pub destination: Destination,
    /// Its state.
    pub state: Status,
    /// The version of the offer that it carries.
    pub offer_version: Option<i64>,
    /// The operation's own version, a .NET tick count.
    pub version: Option<i64>,
    /// When it last changed, where the service says so.
    pub changed_at: Option<Timestamp>,
}

impl Operation {
    /// What is being done and where it leads, as `publish → preview`.
    #[must_use]
    pub fn course(&self) -> String {
        course(&self.kind, &self.destination)
    }
}

/// What is being done and where it leads, as `publish → preview`.
#[must_use]
pub fn course(kind: &SafeText, destination: &Destination) -> String {
    let kind = if kind.is_empty() {
        "operation"
    } else {
        kind.as_str()
    };
    format!("{kind} → {}", destination.word())
}

/// Where an operation leads. Customers see `Live`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The preview, seen by the publisher alone.
    Preview,
    /// The marketplace itself.
    Live,
    /// A slot this program does not know, in the service's word, or none at all.
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

    /// Whether stopping it could stop a launch: everything that is not known to end at the preview.
    #[must_use]
    pub fn may_be_production(&self) -> bool {
        *self != Self::Preview
    }

    /// One word for a column.
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

/// The operations of one offer, and where the knowledge is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operations {
    /// Which route answered.
    pub source: Source,
    /// Every operation the route tells of, in its order.
    pub list: Vec<Operation>,
    /// Steps and messages, where the offer's status brought them along.
    pub detail: Option<OperationDetail>,
    /// How many more the route told of than are kept: what is active is kept before what has ended.
    #[serde(default)]
    pub left_out: usize,
    /// What the service wants to know again when it tracks one of them; none where it needs nothing.
    #[serde(default)]
    pub baseline: Option<Baseline>,
}

/// What a look saw that a service later needs as proof, in its own words: whoever keeps it does not read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Baseline(pub Box<str>);

/// Which route told of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The list of submissions: each operation with its id.
    Submissions,
    /// The offer's status, because the list is gone: one operation at the most, without an id.
    OfferStatus,
}

impl Operations {
    /// Whether these are all that the route told of. Where not, they do not show what is *not* there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.left_out == 0
    }

    /// Those that are not known to have ended.
    pub fn active(&self) -> impl Iterator<Item = &Operation> {
        self.list.iter().filter(|operation| operation.state.is_active())
    }

    /// The operation with this id.
    #[must_use]
    pub fn find(&self, id: &OperationId) -> Option<&Operation> {
        self.list
            .iter()
            .find(|operation| operation.id.as_ref().is_some_and(|found| found.is(id)))
    }
}

/// What an operation, or the status of its offer, tells of its inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationDetail {
    /// The state it has.
    pub state: Status,
    /// Whether the service says that it can be cancelled.
    pub cancel_state: CancelState,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// What the service has to say about it as a whole.
    pub messages: Vec<Message>,
}

impl OperationDetail {
    /// The step that is under way: the first that has neither ended nor not begun.
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

    /// All messages, those of the steps included.
    pub fn all_messages(&self) -> impl Iterator<Item = &Message> {
        self.messages
            .iter()
            .chain(self.steps.iter().flat_map(|step| &step.messages))
    }
}

/// What `cancellationRequestState` says. Only `canCancel` is documented, so nothing here ever blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelState {
    /// The service does not say.
    #[default]
    Unknown,
    /// It can be cancelled.
    CanCancel,
    /// Something else, in the service's word.
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
    /// Its name, such as `Certification`; the id where there is none.
    pub name: SafeText,
    /// Its state.
    pub state: Status,
    /// How long it is said to take, such as `< 5 days`; empty where unsaid.
    pub estimate: SafeText,
    /// What the service has to say about it.
    pub messages: Vec<Message>,
}

/// One message of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Plain text, from the service's HTML.
    pub text: SafeText,
    /// `information`, `error`, or what else the service says.
    pub level: SafeText,
    /// When, where the service says so.
    pub at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_surely_ends_at_the_preview_is_no_production() {
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
    fn a_cancel_state_other_than_can_cancel_is_kept_in_its_word() {
        assert_eq!(CancelState::read("CanCancel"), CancelState::CanCancel);
        assert_eq!(CancelState::read(" "), CancelState::Unknown);
        assert_eq!(CancelState::read("tooLate"), CancelState::Says("tooLate".into()));
    }
}
