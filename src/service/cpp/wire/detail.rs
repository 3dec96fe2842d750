//! Details of an operation, which the status of an offer has in the same form.

use crate::service::cpp::meaning::status;
use std::borrow::Cow;

use super::{
    lenient::{Html, Text, Time, object},
    list::{Element, Listed},
};
use crate::domain::{
    operation::{self, CancelState, OperationDetail},
    text::SafeText,
};

object! {
    /// Answer to `GET operations/{id}` and to `GET status`.
    struct Detail {
        "status" => status: Text,
        "submissionState" => state: Text,
        "cancellationRequestState" => cancel_state: Text,
        "steps" => steps: Listed<Step>,
        "messages" => messages: Listed<Message>,
    }
}

object! {
    /// One step.
    struct Step {
        "id" => id: Text,
        "stepName" => name: Text,
        "status" => status: Text,
        "estimatedTimeFrame" => estimate: Text,
        "messages" => messages: Listed<Message>,
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

/// Maximum numbers of steps and of messages kept of one answer.
const MOST: usize = 1_000;

impl Element for Step {
    const MOST: usize = MOST;

    fn has_content(&self) -> bool {
        !(self.id.0.is_empty() && self.name.0.is_empty())
    }
}

impl Element for Message {
    const MOST: usize = MOST;

    fn has_content(&self) -> bool {
        !self.text.0.is_empty()
    }
}

impl Detail {
    /// Converts to the domain's terms. Empty steps and messages are dropped; if the limit is exceeded, a message of the
    /// program reports that first. HTML text goes through `hide` before it is cut: a hidden secret may appear once
    /// more, in HTML escapes.
    pub(in super::super) fn read(self, hide: impl Fn(&str) -> Cow<'_, str>) -> OperationDetail {
        let state = if self.status.0.is_empty() {
            self.state
        } else {
            self.status
        };
        let mut room = Room::new(&hide);
        let mut messages = room.messages(self.messages);
        let steps_left_out = self.steps.left_out;
        let steps = self.steps.kept.into_iter();
        let steps = steps.map(|step| step.read(&mut room)).collect();
        if steps_left_out + room.left_out > 0 {
            messages.insert(0, cut(steps_left_out, room.left_out));
        }
        OperationDetail {
            state: status(state.0.as_str()),
            cancel_state: CancelState::read(self.cancel_state.0.as_str()),
            steps,
            messages,
        }
    }
}

/// Returns the message for an answer beyond the limits.
fn cut(steps: usize, messages: usize) -> operation::Message {
    let text = format!(
        "the answer is longer than is read: {steps} more steps and {messages} more messages are not shown"
    );
    operation::Message {
        text: text.into(),
        level: "warning".into(),
        at: None,
    }
}

impl Step {
    fn read(self, room: &mut Room<'_>) -> operation::Step {
        let name = if self.name.0.is_empty() {
            self.id.0.clone()
        } else {
            self.name.0
        };
        operation::Step {
            id: self.id.0,
            name,
            state: status(self.status.0.as_str()),
            estimate: self.estimate.0,
            messages: room.messages(self.messages),
        }
    }
}

/// Number of messages that may still be kept of an answer, wherever they are in it.
struct Room<'a> {
    left: usize,
    left_out: usize,
    hide: &'a dyn Fn(&str) -> Cow<'_, str>,
}

impl<'a> Room<'a> {
    fn new(hide: &'a dyn Fn(&str) -> Cow<'_, str>) -> Self {
        Self {
            left: MOST,
            left_out: 0,
            hide,
        }
    }

    fn messages(&mut self, listed: Listed<Message>) -> Vec<operation::Message> {
        let kept = listed.kept.len().min(self.left);
        self.left -= kept;
        self.left_out += listed.left_out + listed.kept.len() - kept;
        let read = |message: Message| operation::Message {
            text: SafeText::new(&(self.hide)(&message.text.0)),
            level: message.level.0,
            at: message.at.0,
        };
        listed.kept.into_iter().take(kept).map(read).collect()
    }
}
