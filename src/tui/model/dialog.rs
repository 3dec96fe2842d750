//! The dialog between `c` and a cancel, on one offer or on what is marked: a proposal, and how far it was read.

use std::time::Duration;

use crate::{
    domain::time::Now,
    proposal::{Proposal, Required},
    tui::{keymap::Place, model::Recipients},
};

/// One opened dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialog {
    /// What would be canceled.
    pub(crate) proposal: Proposal,
    /// How many marks were hidden when it was opened.
    pub(crate) hidden: usize,
    /// Who will be mailed, while that is edited.
    pub(crate) editing: Option<Recipients>,
    /// The first line of its text in its window.
    pub(crate) scrolled: usize,
    /// How many lines of its text have been on the screen, from the first on.
    pub(crate) read: usize,
}

impl Dialog {
    /// On `proposal`; `hidden` marks are left out.
    pub(crate) fn new(proposal: Proposal, hidden: usize) -> Self {
        Self {
            proposal,
            hidden,
            editing: None,
            scrolled: 0,
            read: 0,
        }
    }

    /// Where keys are pressed while it is open.
    pub(crate) fn place(&self) -> Place {
        match self.proposal.required() {
            Required::Nothing => Place::Told,
            _ if self.editing.is_some() => Place::Addresses,
            Required::Id(_) | Required::Count(_) if self.proposal.guard.tells_how() => Place::Typing,
            Required::Yes | Required::Id(_) | Required::Count(_) => Place::Asked,
        }
    }

    /// Whether the screen tells of a key that takes what it shows.
    pub(crate) fn can_be_answered(&self) -> bool {
        match &self.editing {
            Some(recipients) => recipients.check().is_ok(),
            None => self.proposal.can_be_confirmed(),
        }
    }

    /// Begins to edit who is notified.
    pub(crate) fn edit_recipients(&mut self) {
        self.invalidate();
        self.editing = Some(Recipients::new(&self.proposal.notify));
    }

    /// It has to be painted, read and left alone anew.
    pub(crate) fn invalidate(&mut self) {
        self.proposal.guard.invalidate();
        self.scrolled = 0;
        self.read = 0;
    }

    /// When it arms or expires. Who types addresses is not interrupted; what grew old meanwhile is looked at right after.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        self.proposal.wake_at().filter(|_| self.editing.is_none())
    }

    /// Whether what it shows is too old to be answered.
    pub(crate) fn has_expired(&self, now: Now) -> bool {
        self.editing.is_none() && self.proposal.has_expired(now)
    }
}
