//! What a cancel does to an offer.

use super::Moment;
use super::offer::Offer;
use super::operation::Operation;
use crate::simulator::scenario::{LocationForm, Outcome};

/// How a cancel was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Done on the spot.
    pub(crate) synchronous: bool,
    /// An operation is canceled because of it, now or later.
    pub(crate) carried_out: bool,
    /// The operation it meant, or else the newest there is.
    pub(crate) target: Option<String>,
    /// The operation that carries it out, where that is another.
    pub(crate) carried_by: Option<String>,
}

impl Offer {
    /// Takes a cancel as the scenario says. It means the newest active operation; without one it does nothing.
    pub(crate) fn take_cancel(&mut self, now: Moment) -> Taken {
        let target = self.operations.iter().rposition(|o| o.listed && o.is_active(now));
        let carried_out = target.is_some_and(|at| self.act_on(at, now));
        let named = target
            .and_then(|at| self.operations.get(at))
            .or_else(|| self.listed(now).next())
            .map(|operation| operation.id.clone());
        self.carried_out += usize::from(carried_out);
        self.target.clone_from(&named);
        self.fall_behind(now);
        for playing in &mut self.scripts {
            playing.cancel_accepted();
        }
        let carried_by = matches!(
            self.cancel.location,
            LocationForm::OtherOperation | LocationForm::Differing
        );
        Taken {
            synchronous: self.cancel.synchronous,
            carried_out,
            carried_by: carried_by.then(|| self.carry(now)),
            target: named,
        }
    }

    /// What is read lags behind from now on, as the scenario says.
    fn fall_behind(&mut self, now: Moment) {
        let until = now.saturating_add(self.cancel.lag);
        let meant = self.operations.iter_mut();
        for operation in meant.filter(|operation| Some(&operation.id) == self.target.as_ref()) {
            operation.hide_until(until);
        }
    }

    fn act_on(&mut self, at: usize, now: Moment) -> bool {
        let takes_effect = if self.cancel.synchronous {
            now
        } else {
            now.saturating_add(self.cancel.takes)
        };
        let Some(operation) = self.operations.get_mut(at) else {
            return false;
        };
        match self.cancel.outcome {
            Outcome::Canceled => {
                if !operation.is_cancelling(now) {
                    operation.cancel(now, takes_effect);
                }
                true
            }
            Outcome::TooLate => {
                operation.end_at(takes_effect);
                false
            }
            Outcome::EndsFirst => {
                operation.end_at(now);
                false
            }
            Outcome::RunsOn => false,
        }
    }

    /// A new operation that carries the cancel out, or fails to. Gives its id.
    fn carry(&mut self, now: Moment) -> String {
        let word = if self.cancel.outcome == Outcome::RunsOn {
            "failed"
        } else {
            "succeeded"
        };
        let id = self.mint();
        self.operations.push(Operation::carrying_a_cancel(
            id.clone(),
            now,
            self.cancel.takes,
            word,
        ));
        id
    }
}
