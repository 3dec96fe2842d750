//! What one row says of an offer: folded from the offer, its operations and our newest cancellation on it.
//!
//! The order of trust: what we are doing to it, how that ended, what is active, what the offer says of itself.

use jiff::Timestamp;

use crate::{
    domain::{
        answer::AnswerClass,
        cancellation::Stage,
        ids::OfferId,
        offer::Offer,
        operation::{Destination, Operation, OperationDetail},
        remote::Remote,
        status::{Phase, Status},
        target::{Binding, Target},
        verdict::Verdict,
    },
    engine::{Snapshot, Tracked},
    tui::{model::Requests, theme::Tone},
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

/// Whether both mean the same operation; GUIDs differ in case between answers.
pub(crate) fn same_target(one: &Target, other: &Target) -> bool {
    one.origin == other.origin
        && one.publisher == other.publisher
        && one.offer == other.offer
        && one.binding.key() == other.binding.key()
}

/// The operations of `offer` that are active, without those that a verdict says have ended since they were read.
pub(crate) fn active<'a>(known: &'a Snapshot, offer: &'a OfferId) -> impl Iterator<Item = &'a Operation> {
    known
        .operations_of(offer)
        .and_then(Remote::value)
        .into_iter()
        .flat_map(|operations| operations.active())
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

/// The cancellation that an offer's row and status tell of: the newest, unless something else is active by now.
pub(crate) fn story_of<'a>(known: &'a Snapshot, offer: &OfferId) -> Option<&'a Tracked> {
    let newest = known.newest_on(offer)?;
    let binding = &newest.cancellation.request.target.binding;
    let is_told = newest.is_in_progress()
        || newest.cancellation.is_open()
        || !active(known, offer).any(|operation| !binding.names(operation));
    is_told.then_some(newest)
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
        if let Some(row) = story_of(known, &offer.id).and_then(Self::of_cancellation) {
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
            state: state.to_owned(),
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
            state: words(&offer.state),
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
fn cancelling(tracked: &Tracked) -> Option<(&'static str, Tone)> {
    let cancellation = &tracked.cancellation;
    let verdict = cancellation.verdict();
    if tracked.is_in_progress() {
        return Some(match cancellation.stage {
            Stage::Claimed => ("asked", Tone::Busy),
            Stage::Sending => ("sending…", Tone::Busy),
            Stage::Answered(AnswerClass::Refused) => ("checking…", Tone::Busy),
            Stage::Answered(_) => ("cancelling", Tone::Busy),
            Stage::Uncertain | Stage::Settled => ("uncertain", Tone::Open),
        });
    }
    match verdict {
        Some(verdict @ (Verdict::Canceled | Verdict::FinishedFirst)) => Some((verdict.phrase(), Tone::Good)),
        Some(verdict @ Verdict::Refused) => Some((verdict.phrase(), Tone::Bad)),
        Some(verdict @ (Verdict::Unknown | Verdict::Pending)) => Some((verdict.phrase(), Tone::Open)),
        // Open, and nobody here follows it.
        None if cancellation.may_have_been_carried_out() => Some(("uncertain", Tone::Open)),
        Some(Verdict::NothingRunning | Verdict::Superseded | Verdict::NotSent) | None => None,
    }
}

/// What an active operation is doing.
fn doing(operation: &Operation, detail: Option<&OperationDetail>) -> String {
    let waits_for_sign_off = |state: &Status| {
        state
            .word()
            .as_str()
            .eq_ignore_ascii_case("waitingForPublisherReview")
    };
    let step = detail.and_then(OperationDetail::current_step);
    if waits_for_sign_off(&operation.state) || step.is_some_and(|step| waits_for_sign_off(&step.state)) {
        return "waiting for sign-off".to_owned();
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
