//! The inside of an operation, which the status of an offer shows in the same form.

use super::lenient::{Html, List, Text, Time, object};
use crate::domain::{
    operation::{self, CancelState, OperationDetail},
    status::Status,
};

object! {
    /// The answer to `GET operations/{id}` and to `GET status`.
    struct Detail {
        "status" => status: Text,
        "submissionState" => state: Text,
        "cancellationRequestState" => cancel_state: Text,
        "steps" => steps: List<Step>,
        "messages" => messages: List<Message>,
    }
}

object! {
    /// One step.
    struct Step {
        "id" => id: Text,
        "stepName" => name: Text,
        "status" => status: Text,
        "estimatedTimeFrame" => estimate: Text,
        "messages" => messages: List<Message>,
    }
}

object! {
    /// One message.
    struct Message {
        "messageHtml" => text: Html,
        "level" => level: Text,
        "timestamp" => at: Time,
    }
}

impl Detail {
    /// The same in the words of the domain. A step or a message that says nothing is left out.
    pub(in super::super) fn read(self) -> OperationDetail {
        let state = if self.status.0.is_empty() {
            self.state
        } else {
            self.status
        };
        OperationDetail {
            state: Status::new(state.0.as_str()),
            cancel_state: CancelState::read(self.cancel_state.0.as_str()),
            steps: self.steps.0.into_iter().filter_map(Step::read).collect(),
            messages: messages(self.messages),
        }
    }
}

impl Step {
    fn read(self) -> Option<operation::Step> {
        if self.id.0.is_empty() && self.name.0.is_empty() {
            return None;
        }
        let name = if self.name.0.is_empty() {
            self.id.0.clone()
        } else {
            self.name.0
        };
        Some(operation::Step {
            id: self.id.0,
            name,
            state: Status::new(self.status.0.as_str()),
            estimate: self.estimate.0,
            messages: messages(self.messages),
        })
    }
}

fn messages(list: List<Message>) -> Vec<operation::Message> {
    let read = |message: Message| {
        (!message.text.0.is_empty()).then_some(operation::Message {
            text: message.text.0,
            level: message.level.0,
            at: message.at.0,
        })
    };
    list.0.into_iter().filter_map(read).collect()
}
