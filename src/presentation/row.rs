//! What one row says of an offer: folded from the offer, its operations and our newest cancellation on it.
//!
//! The order of trust: what we are doing to it, how that ended, what is active, what the offer says of itself.

use jiff::Timestamp;

use crate::{
    domain::{
        ids::OfferId,
        offer::Offer,
        operation::{Destination, Operation, OperationDetail},
        preflight,
        remote::Remote,
        target::Binding,
        verdict::Verdict,
    },
    engine::{Snapshot, Tracked},
    presentation::{Family, Requests, standing, state},
};

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where the operation leads that the row tells of.
    pub(crate) to: Option<Destination>,
    /// What state it is in, in a word or two.
    pub(crate) state: String,
    /// What family of states that is of.
    pub(crate) family: Family,
    /// The step under way.
    pub(crate) step: String,
    /// Since when.
    pub(crate) since: Option<Timestamp>,
}

/// The operations of `offer` that a cancel could hit, without those that a verdict says have ended since they were read.
pub(crate) fn active<'a>(known: &'a Snapshot, offer: &'a OfferId) -> impl Iterator<Item = &'a Operation> {
    known
        .operations_of(offer)
        .and_then(Remote::value)
        .into_iter()
        .flat_map(|operations| preflight::choosable(operations))
        .filter(move |operation| !has_ended(known, offer, operation))
}

fn has_ended(known: &Snapshot, offer: &OfferId, operation: &Operation) -> bool {
    known.cancellations.iter().any(|tracked| {
        let target = &tracked.cancellation.request.target;
        let verdict = tracked.cancellation.verdict();
        target.offer == *offer
            && target.binding.names(operation)
            && matches!(verdict, Some(Verdict::Canceled | Verdict::FinishedFirst))
    })
}

/// Whether something is in flight on `offer`, as far as is known.
pub(crate) fn is_in_flight(known: &Snapshot, requests: &Requests, offer: &Offer) -> bool {
    let newest = known.newest_on(&offer.id);
    requests.on(&offer.id).is_some()
        || newest.is_some_and(|tracked| tracked.is_in_progress())
        || is_active(known, offer)
}

/// Whether `offer` has an active operation, as far as is known, whoever asked for what.
pub(crate) fn is_active(known: &Snapshot, offer: &Offer) -> bool {
    match known.operations_of(&offer.id).and_then(Remote::value) {
        Some(_) => active(known, &offer.id).next().is_some(),
        None => !offer.is_at_rest(),
    }
}

/// The cancellation that the status of an offer tells of: the newest, until something else began after it had ended.
pub(crate) fn story_of<'a>(known: &'a Snapshot, offer: &OfferId) -> Option<&'a Tracked> {
    let newest = known.newest_on(offer)?;
    let Some((ended_at, _)) = &newest.cancellation.ending else {
        return Some(newest);
    };
    let began_after = |operation: &Operation| operation.changed_at.is_none_or(|at| at > *ended_at);
    let is_past = !newest.is_in_progress() && others(known, newest).any(began_after);
    (!is_past).then_some(newest)
}

/// The active operations of the same offer that a cancellation is not about.
fn others<'a>(known: &'a Snapshot, tracked: &'a Tracked) -> impl Iterator<Item = &'a Operation> {
    let target = &tracked.cancellation.request.target;
    active(known, &target.offer).filter(|operation| !target.binding.names(operation))
}

impl Row {
    /// What the row of `offer` says.
    pub(crate) fn of(known: &Snapshot, requests: &Requests, offer: &Offer) -> Self {
        if let Some(asked) = requests.on(&offer.id) {
            return Self {
                to: shown_destination(known, &offer.id),
                state: standing::CONFIRMED.to_owned(),
                family: Family::Ours,
                step: String::new(),
                since: Some(asked.at),
            };
        }
        let newest = known.newest_on(&offer.id);
        let told = newest.filter(|newest| newest.is_in_progress() || others(known, newest).next().is_none());
        if let Some(row) = told.and_then(|tracked| Self::of_cancellation(tracked)) {
            return row;
        }
        let mut active = active(known, &offer.id);
        match (active.next(), active.count()) {
            (Some(operation), 0) => Self::of_operation(known, &offer.id, operation),
            (Some(operation), more) => Self {
                state: format!("{} active", more + 1),
                ..Self::of_operation(known, &offer.id, operation)
            },
            (None, _) => Self::of_offer(offer),
        }
    }

    /// Nothing where the cancellation says nothing of the operation itself.
    fn of_cancellation(tracked: &Tracked) -> Option<Self> {
        let cancellation = &tracked.cancellation;
        let (state, family) = standing::of_row(tracked)?;
        let detail = tracked.detail.as_deref().filter(|_| cancellation.is_open());
        Some(Self {
            to: Some(cancellation.request.shown.destination.clone()),
            state,
            family,
            step: step_of(detail),
            since: match &cancellation.ending {
                Some((at, _)) if !tracked.is_in_progress() => Some(*at),
                _ => Some(cancellation.claimed_at),
            },
        })
    }

    fn of_operation(known: &Snapshot, offer: &OfferId, operation: &Operation) -> Self {
        let detail = known.detail_of(offer, &Binding::of(operation));
        Self {
            to: Some(operation.destination.clone()),
            state: state::of_operation(operation, detail),
            family: Family::of_operation(operation),
            step: step_of(detail),
            since: operation.changed_at,
        }
    }

    fn of_offer(offer: &Offer) -> Self {
        Self {
            to: None,
            state: state::of_offer(&offer.state),
            family: Family::of_offer(&offer.state),
            step: String::new(),
            since: offer.changed_at,
        }
    }
}

fn shown_destination(known: &Snapshot, offer: &OfferId) -> Option<Destination> {
    active(known, offer)
        .next()
        .map(|operation| operation.destination.clone())
}

fn step_of(detail: Option<&OperationDetail>) -> String {
    detail
        .and_then(OperationDetail::current_step)
        .map(|step| step.name.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        domain::{
            fact::Fact,
            operation::{Operations, Source},
        },
        tui::fixture::*,
    };

    fn row_after(facts: Vec<(&str, Fact)>, is_followed: bool) -> Row {
        let cancellation = cancellation("c", "contoso-vm", &vm_operation(), "12:00:00", facts);
        let tracked = Tracked {
            is_followed,
            ..Tracked::new(cancellation)
        };
        let known = Snapshot {
            cancellations: vec![Arc::new(tracked)].into(),
            ..quiet()
        };
        let offer = offer("contoso-vm", "Contoso VM", "running", "2026-11-22T09:12:00Z");
        Row::of(&known, &Requests::default(), &offer)
    }

    fn lost() -> Fact {
        Fact::AnswerLost {
            error: "connection reset".into(),
        }
    }

    #[test]
    fn a_row_says_how_far_a_cancel_has_come_and_never_more() {
        let accepted = || answered(202, None, None);
        for (facts, is_followed, state) in [
            (vec![], true, "confirmed"),
            (vec![sending()], true, "sending…"),
            (vec![sending(), answered(429, None, None)], true, "rate limited"),
            (vec![sending(), accepted()], true, "canceling"),
            (vec![sending(), answered(200, None, None)], true, "canceling"),
            (
                vec![sending(), accepted(), observed("canceled")],
                true,
                "canceling",
            ),
            (vec![sending(), answered(409, None, None)], true, "checking…"),
            (vec![sending(), answered(503, None, None)], true, "uncertain"),
            (vec![sending(), lost()], true, "uncertain"),
            (vec![sending(), lost()], false, "uncertain"),
            (
                vec![sending(), accepted(), settled(Verdict::Pending)],
                false,
                "pending",
            ),
            (
                vec![sending(), lost(), settled(Verdict::Unknown)],
                false,
                "unknown",
            ),
            (
                vec![sending(), accepted(), settled(Verdict::Canceled)],
                false,
                "canceled",
            ),
            (
                vec![sending(), accepted(), settled(Verdict::FinishedFirst)],
                false,
                "finished first: succeeded",
            ),
            (
                vec![sending(), answered(409, None, None), settled(Verdict::Refused)],
                false,
                "refused",
            ),
            (vec![settled(Verdict::NotSent)], false, "publishing"),
            (vec![settled(Verdict::Superseded)], false, "publishing"),
        ] {
            let facts = facts.into_iter().map(|fact| ("12:00:01", fact)).collect();
            assert_eq!(row_after(facts, is_followed).state, state);
        }
    }

    #[test]
    fn what_began_after_the_end_takes_over_and_what_stood_in_the_way_does_not() {
        let known = |verdict, other_changed| {
            let bound = operation(Some("bound"), Destination::Preview, "canceled", "11:00:00");
            let other = operation(Some("other"), Destination::Preview, "running", other_changed);
            let mut known = Snapshot {
                cancellations: vec![Arc::new(ended("contoso-vm", &bound, verdict))].into(),
                ..quiet()
            };
            let operations = Operations {
                source: Source::Submissions,
                list: vec![bound, other],
                detail: None,
                left_out: 0,
                baseline: None,
            };
            Arc::make_mut(&mut known.operations).insert("contoso-vm".into(), fresh(Arc::new(operations)));
            known
        };
        let offer = offer("contoso-vm", "Contoso VM", "running", "2026-11-22T09:12:00Z");
        let before = known(Verdict::Canceled, "11:00:00");
        let after = known(Verdict::Canceled, "12:01:00");
        assert!(story_of(&before, &offer.id).is_some());
        assert!(story_of(&after, &offer.id).is_none());
        for known in [before, after] {
            assert_eq!(Row::of(&known, &Requests::default(), &offer).state, "publishing");
        }
    }
}
