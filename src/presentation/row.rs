//! What one row says of an offer: folded from the offer, its operations and our newest cancellation on it.
//!
//! The order of trust: what we are doing to it, how that ended, what is active, what the offer says of itself.

use jiff::Timestamp;

use crate::{
    domain::{
        answer::AnswerClass,
        cancellation::Cancellation,
        ids::OfferId,
        offer::Offer,
        operation::{Destination, Operation, OperationDetail},
        preflight,
        remote::Remote,
        stage::Stage,
        status::{Phase, Status},
        target::Binding,
        telling,
        verdict::{Ending, Verdict},
    },
    engine::{Snapshot, Tracked},
    presentation::{Requests, Tone},
};

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where the operation leads that the row tells of.
    pub(crate) to: Option<Destination>,
    /// What state it is in, in a word or two.
    pub(crate) state: String,
    /// How that word looks.
    pub(crate) tone: Tone,
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
                state: "asked".to_owned(),
                tone: Tone::Busy,
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
                tone: Tone::Strong,
                ..Self::of_operation(known, &offer.id, operation)
            },
            (None, _) => Self::of_offer(offer),
        }
    }

    /// Nothing where the cancellation says nothing of the operation itself.
    fn of_cancellation(tracked: &Tracked) -> Option<Self> {
        let cancellation = &tracked.cancellation;
        let (state, tone) = cancelling(tracked)?;
        let detail = tracked.detail.as_deref().filter(|_| cancellation.is_open());
        Some(Self {
            to: Some(cancellation.request.shown.destination.clone()),
            state,
            tone,
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
            state: doing(operation, detail),
            tone: Tone::Strong,
            step: step_of(detail),
            since: operation.changed_at,
        }
    }

    fn of_offer(offer: &Offer) -> Self {
        let phase = offer.state.phase();
        Self {
            to: None,
            state: if waits_for_sign_off(&offer.state) {
                SIGN_OFF.to_owned()
            } else {
                words(&offer.state)
            },
            tone: match phase {
                Phase::Failed => Tone::Bad,
                Phase::Succeeded | Phase::Canceled | Phase::Idle => Tone::Quiet,
                _ => Tone::Strong,
            },
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

/// The word for a cancellation; none where nothing was sent, so that the operation speaks for itself.
fn cancelling(tracked: &Tracked) -> Option<(String, Tone)> {
    let cancellation = &tracked.cancellation;
    if tracked.is_in_progress() {
        let (word, tone) = match cancellation.stage {
            Stage::Claimed if is_throttled(cancellation) => ("throttled", Tone::Open),
            Stage::Claimed => ("asked", Tone::Busy),
            Stage::Sending => ("sending…", Tone::Busy),
            Stage::Answered(AnswerClass::Refused) => ("checking…", Tone::Busy),
            Stage::Answered(_) => ("cancelling", Tone::Busy),
            Stage::Uncertain | Stage::Settled => ("uncertain", Tone::Open),
        };
        return Some((word.to_owned(), tone));
    }
    let Some((_, ending)) = &cancellation.ending else {
        // Open, and nobody here follows it.
        let is_open = cancellation.may_have_been_carried_out();
        return is_open.then(|| ("uncertain".to_owned(), Tone::Open));
    };
    let tone = match ending.verdict {
        Verdict::Canceled => Tone::Good,
        // What was to be stopped was not.
        Verdict::FinishedFirst | Verdict::Refused => Tone::Bad,
        Verdict::Unknown | Verdict::Pending => Tone::Open,
        Verdict::NothingRunning | Verdict::Superseded | Verdict::NotSent => return None,
    };
    Some((outcome(ending, cancellation.went_out()), tone))
}

/// Whether the service asked to be left alone before it is asked again.
pub(crate) fn is_throttled(cancellation: &Cancellation) -> bool {
    let answer = cancellation.answer.as_ref();
    cancellation.stage == Stage::Claimed
        && answer.is_some_and(|answer| answer.class() == AnswerClass::Throttled)
}

/// The phrase of a verdict; of an operation that ended by itself, also how.
pub(crate) fn outcome(ending: &Ending, went_out: bool) -> String {
    let phrase = telling::phrase(ending.verdict, went_out);
    match &ending.target_state {
        Some(state) if ending.verdict == Verdict::FinishedFirst => format!("{phrase}: {}", words(state)),
        _ => phrase.to_owned(),
    }
}

/// What it is called that the publisher is to look at the preview; the service's own word is longer than its column.
const SIGN_OFF: &str = "waiting for sign-off";

fn waits_for_sign_off(state: &Status) -> bool {
    state
        .word()
        .as_str()
        .eq_ignore_ascii_case("waitingForPublisherReview")
}

/// What an active operation is doing.
fn doing(operation: &Operation, detail: Option<&OperationDetail>) -> String {
    let step = detail.and_then(OperationDetail::current_step);
    if waits_for_sign_off(&operation.state) || step.is_some_and(|step| waits_for_sign_off(&step.state)) {
        return SIGN_OFF.to_owned();
    }
    let kind = operation.kind.as_str().to_ascii_lowercase();
    match operation.state.phase() {
        Phase::Running if kind == "publish" => "publishing".to_owned(),
        Phase::Running if kind == "golive" || kind == "go live" => "going live".to_owned(),
        _ => words(&operation.state),
    }
}

/// The service's own word, with blanks where it runs words together.
pub(crate) fn words(state: &Status) -> String {
    let word = state.word().as_str();
    if word.trim().is_empty() {
        return "no state given".to_owned();
    }
    let mut text = String::with_capacity(word.len() + 4);
    let mut after_small = false;
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && after_small {
            text.push(' ');
        }
        after_small = letter.is_ascii_lowercase();
        text.push(letter.to_ascii_lowercase());
    }
    text
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
            (vec![], true, "asked"),
            (vec![sending()], true, "sending…"),
            (vec![sending(), answered(429, None, None)], true, "throttled"),
            (vec![sending(), accepted()], true, "cancelling"),
            (vec![sending(), answered(200, None, None)], true, "cancelling"),
            (
                vec![sending(), accepted(), observed("canceled")],
                true,
                "cancelling",
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
    fn an_unknown_word_is_shown_as_the_service_has_it() {
        for (state, shown) in [
            ("running", "publishing"),
            ("waitingForPublisherReview", "waiting for sign-off"),
            ("waitingForApproval", "waiting for approval"),
            ("notStarted", "not started"),
            ("QuantumLeap", "quantum leap"),
            ("", "no state given"),
        ] {
            let operation = operation(Some(VM), Destination::Preview, state, "09:12:00");
            assert_eq!(doing(&operation, None), shown);
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
