//! The effect of a cancel on an offer.

use super::cancel::CancelOutcome;
use super::default_steps;
use super::offer::Offer;
use super::operation::Operation;
use super::time::Moment;
use crate::simulator::script::Script;

/// A cancel that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// An operation is canceled because of it, now or later.
    pub(crate) carried_out: bool,
    /// The operation it meant, or else the newest there is.
    pub(crate) target: Option<String>,
    /// The operation that carries it out, where that is another.
    pub(crate) carried_by: Option<String>,
}

impl Offer {
    /// Accepts a cancel, with the effect that the scenario gives it. It means the newest active operation; without one it does nothing.
    pub(crate) fn accept_cancel(&mut self, now: Moment) -> Accepted {
        let mut newest_first = self.operations.iter_mut().rev();
        let active = newest_first.find(|operation| operation.is_listed() && operation.is_active(now));
        let (target, carried_out) = match active {
            Some(operation) => (Some(operation.id.clone()), self.cancel.act_on(operation, now)),
            None => (self.listed(now).next().map(|newest| newest.id.clone()), false),
        };
        self.carried_out += usize::from(carried_out);
        self.target.clone_from(&target);
        self.fall_behind(now);
        self.scripts.iter_mut().for_each(Script::on_cancel_accepted);
        let carried_by = self.cancel.is_carried().then(|| self.carry(now));
        Accepted {
            carried_out,
            target,
            carried_by,
        }
    }

    /// Lets what is read lag behind from now on, for as long as the scenario has it.
    fn fall_behind(&mut self, now: Moment) {
        let until = now.saturating_add(self.cancel.lag);
        for operation in &mut self.operations {
            if Some(&operation.id) == self.target.as_ref() {
                operation.hide_until(until);
            }
        }
    }

    /// Starts an operation that carries the cancel out, or fails to. Gives its id.
    fn carry(&mut self, now: Moment) -> String {
        let word = match self.cancel.outcome {
            CancelOutcome::RunsOn => "failed",
            _ => "succeeded",
        };
        let id = self.mint();
        self.operations.push(Operation {
            id: id.clone(),
            starts_in: Some(now),
            lasts: self.cancel.takes,
            ends: word.into(),
            steps: vec![default_steps::cancel_step()],
            carries_cancel: true,
            ..Operation::default()
        });
        id
    }
}
