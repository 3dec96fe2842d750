//! Decision on the readings of a target, without I/O. No end, refusal, or final verdict rests on a single witness, as
//! long as the service lets the other be read.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{
        answer::Outcome,
        fact::Via,
        status::{Phase, Status},
        verdict::{Ending, Evidence, Verdict},
    },
    engine::witnesses::{Witness, Witnesses, Word},
};

/// Time to wait for a list without the operation, before the end on the operation's page stands.
const LAG: Duration = Duration::from_mins(1);

/// Time for which an accepted cancel is read as active before a person may send again.
pub(super) const STALLED: Duration = Duration::from_mins(10);

/// Facts beside the readings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Now.
    pub(super) now: Instant,
    /// Meaning of the answer; none without a meaningful one.
    pub(super) answer: Option<Outcome>,
    /// Time when the answer came or was lost, or following began; none while waiting for it.
    pub(super) answered_at: Option<Instant>,
    /// Whether the request is so old that it will not take effect any more.
    pub(super) is_long_ago: bool,
    /// Time since which the separate cancel operation is known to have failed.
    pub(super) cancel_failed_at: Option<Instant>,
    /// Whether the target is bound by its id; without one, the offer's state is the only witness.
    pub(super) is_bound_by_id: bool,
    /// Whether any state of the target was read since the request, by any process.
    pub(super) was_read: bool,
}

/// Result of weighing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Weighed {
    /// It ended, or stands, like this.
    Settled(Ending),
    /// The list has to be read first.
    ReadList,
    /// The page has to be read first.
    ReadPage,
    /// One witness shows an end and the other does not yet: both are read on, on schedule.
    Disagree,
    /// Nothing yet.
    Open,
}

/// Weighs the readings.
pub(super) fn weigh(heard: &Witnesses, known: &Known) -> Weighed {
    if let Some(ending) = canceled(heard, known) {
        return Weighed::Settled(ending);
    }
    // The request whose answer is outstanding may still hit the target, or a newer operation.
    let Some(answered_at) = known.answered_at else {
        return Weighed::Open;
    };
    let weighed = if known.is_bound_by_id {
        ended(heard, known, answered_at)
            .or_else(|| denied(heard, known, answered_at))
            .or_else(|| gone(heard, known))
    } else {
        by_offer(heard, known, answered_at)
    };
    weighed.unwrap_or_else(|| undecided(heard, known))
}

/// Believes any witness with *canceled* at once.
fn canceled(heard: &Witnesses, known: &Known) -> Option<Ending> {
    let is_canceled = |phase| phase == Phase::Canceled;
    if !known.is_bound_by_id {
        let moved = heard.moved_offer()?;
        return is_canceled(moved.phase()).then(|| read(Verdict::Canceled, moved, Via::OfferStatus));
    }
    let page = if heard.is_absent {
        Via::Absence
    } else {
        Via::Operation
    };
    for (witness, via) in [(&heard.page, page), (&heard.list, Via::Submissions)] {
        if let Some(state) = witness.state_in(is_canceled) {
            return Some(read(Verdict::Canceled, state, via));
        }
    }
    // The offer alone may show an earlier operation, unless it has moved while nothing else is readable.
    let moved = heard.moved_offer().filter(|state| is_canceled(state.phase()))?;
    let nothing_else = is_closed(&heard.list) && heard.list.is_silent_for_good() && heard.page.is_silent();
    nothing_else.then(|| read(Verdict::Canceled, moved, Via::OfferStatus))
}

/// Weighs an end other than *canceled*: it counts once the other witness was read after it.
fn ended(heard: &Witnesses, known: &Known, answered_at: Instant) -> Option<Weighed> {
    let finished = |state: &Status, via| Some(Weighed::Settled(read(Verdict::FinishedFirst, state, via)));
    let has_ended = Phase::has_ended;
    if let Some(state) = heard.page.state_in(has_ended) {
        let since = heard.page.heard()?.since.max(answered_at);
        return match heard.list.heard_since(since) {
            _ if heard.list.state_in(has_ended).is_some()
                && heard.list.heard_since(answered_at).is_some() =>
            {
                finished(state, Via::Operation)
            }
            Some(Word::State(_)) => Some(Weighed::Disagree),
            Some(Word::Missing) if known.now.saturating_duration_since(since) < LAG => {
                Some(Weighed::Disagree)
            }
            Some(Word::Missing) => finished(state, Via::Operation),
            // It was readable at the look: one denial is not permanent.
            Some(Word::Closed) if !heard.list.is_silent_for_good() => Some(Weighed::Disagree),
            Some(Word::Closed) => match heard.offer.heard_since(since) {
                // Unchanged, it may show an earlier operation.
                Some(Word::State(offer)) if offer.phase() == Phase::Canceled => {
                    Some(if heard.moved_offer().is_some() {
                        Weighed::Settled(read(Verdict::Canceled, offer, Via::OfferStatus))
                    } else {
                        Weighed::Disagree
                    })
                }
                Some(_) => finished(state, Via::Operation),
                None => Some(Weighed::Disagree),
            },
            None => Some(Weighed::ReadList),
        };
    }
    let state = heard.list.state_in(has_ended)?;
    let since = heard.list.heard()?.since.max(answered_at);
    if heard.list.heard_since(answered_at).is_none() {
        return Some(Weighed::ReadList);
    }
    if heard.page.is_silent_since(since) {
        finished(state, Via::Submissions)
    } else if heard.page.heard_since(since).is_some() {
        Some(Weighed::Disagree)
    } else {
        Some(Weighed::ReadPage)
    }
}

/// Weighs a refusal, or a failed cancel operation, with the target read as active after it.
fn denied(heard: &Witnesses, known: &Known, answered_at: Instant) -> Option<Weighed> {
    let (since, why) = match (known.answer, known.cancel_failed_at) {
        (Some(Outcome::Refused), _) => (answered_at, None),
        (Some(_), Some(failed_at)) => (
            answered_at.max(failed_at),
            Some("the service accepted the cancel, then its own cancel operation failed; it still runs"),
        ),
        _ => return None,
    };
    let (page, list) = (&heard.page, &heard.list);
    let refused = |state: Option<&Status>, via| {
        let ending = read(Verdict::Refused, state?, via);
        Some(Weighed::Settled(match why {
            Some(why) => ending.because(why),
            None => ending,
        }))
    };
    if page.is_active_since(since) {
        return match list.heard_since(since) {
            Some(_) => refused(page.state(), Via::Operation),
            None => Some(Weighed::ReadList),
        };
    }
    if list.is_active_since(since) {
        return if page.is_silent_since(since) {
            refused(list.state(), Via::Submissions)
        } else {
            Some(Weighed::ReadPage)
        };
    }
    None
}

/// Weighs an accepted cancel whose operation the service repeatedly calls unreadable.
fn gone(heard: &Witnesses, known: &Known) -> Option<Weighed> {
    let answer = known.answer.filter(|answer| answer.has_accepted())?;
    let (page, list) = (&heard.page, &heard.list);
    if !page.is_silent_for_good() || !list.is_silent_for_good() {
        return None;
    }
    let offer_runs = heard.offer.state().is_some_and(Status::is_active);
    let is_unknown_to_both = page.is_missing() && list.is_missing();
    let cannot_be_read = answer == Outcome::Done && !known.was_read && !offer_runs;
    (is_unknown_to_both || cannot_be_read).then(by_answer)
}

fn by_answer() -> Weighed {
    let ending = Ending {
        evidence: Some(Evidence::Answer),
        is_open: true,
        ..Ending::new(Verdict::Canceled)
    };
    Weighed::Settled(ending.because(
        "the service took the cancel on, and says that the operation cannot be read any more; it is looked for again",
    ))
}

/// Weighs the offer's state, the only witness if the service gives no ids: an end counts if it was seen to arrive.
fn by_offer(heard: &Witnesses, known: &Known, answered_at: Instant) -> Option<Weighed> {
    let offer = &heard.offer;
    let settled = |verdict, state| Some(Weighed::Settled(read(verdict, state, Via::OfferStatus)));
    if let Some(state) = heard.moved_offer().filter(|state| state.phase().has_ended()) {
        return match offer.heard_since(answered_at) {
            Some(_) => settled(Verdict::FinishedFirst, state),
            None => Some(Weighed::ReadList),
        };
    }
    match known.answer? {
        Outcome::Refused if offer.is_active_since(answered_at) => settled(Verdict::Refused, offer.state()?),
        answer if answer.has_accepted() && !known.was_read && offer.is_silent_for_good() => Some(by_answer()),
        _ => None,
    }
}

/// Returns `unknown` after a minute without a meaningful answer and without an end.
pub(super) fn undecided(heard: &Witnesses, known: &Known) -> Weighed {
    let is_meaningless = known.answer.is_none_or(Outcome::came_to_nothing);
    if is_meaningless && known.is_long_ago {
        let witnesses = [
            (&heard.page, Via::Operation),
            (&heard.list, Via::Submissions),
            (&heard.offer, Via::OfferStatus),
        ];
        let state = witnesses
            .into_iter()
            .find_map(|(witness, via)| witness.state().map(|state| (state, via)));
        Weighed::Settled(state.map_or_else(
            || Ending::new(Verdict::Unknown),
            |(state, via)| read(Verdict::Unknown, state, via),
        ))
    } else {
        Weighed::Open
    }
}

fn is_closed(list: &Witness) -> bool {
    matches!(list.heard().map(|heard| &heard.word), Some(Word::Closed))
}

fn read(verdict: Verdict, state: &Status, via: Via) -> Ending {
    let evidence = match via {
        Via::Operation | Via::Submissions => Evidence::Observed,
        Via::OfferStatus | Via::Location => Evidence::OfferStatus,
        Via::Absence => Evidence::Absent,
    };
    Ending {
        evidence: Some(evidence),
        target_state: Some(state.clone()),
        ..Ending::new(verdict)
    }
}

/// Returns true if an accepted cancel has been read as active in both places, ten minutes and more after it was sent:
/// it probably canceled nothing.
pub(super) fn is_stalled(heard: &Witnesses, stalled_since: Option<Instant>, is_bound_by_id: bool) -> bool {
    let Some(since) = stalled_since else { return false };
    if is_bound_by_id {
        heard.page.is_active_since(since) && heard.list.is_active_since(since)
    } else {
        heard.offer.is_active_since(since)
    }
}

/// Returns true if a witness of its own shows *canceled*: no other reading changes that.
pub(super) fn is_canceled(heard: &Witnesses) -> bool {
    [&heard.page, &heard.list]
        .into_iter()
        .any(|witness| witness.state_in(|phase| phase == Phase::Canceled).is_some())
}

/// Returns true if any witness shows an end.
pub(super) fn has_an_end(heard: &Witnesses) -> bool {
    let witnesses = [&heard.page, &heard.list];
    witnesses
        .into_iter()
        .any(|witness| witness.state_in(Phase::has_ended).is_some())
        || heard.moved_offer().is_some_and(|state| state.phase().has_ended())
}

/// Returns both words with their places, while the witnesses disagree.
pub(super) fn disagreement(heard: &Witnesses) -> Option<String> {
    let (page, list) = (heard.page.state()?, heard.list.state()?);
    (page.is_active() != list.is_active()).then(|| {
        format!(
            "the operation's page says {}, the list of submissions says {}",
            page.word(),
            list.word()
        )
    })
}

/// Returns the verdict that stands when following stops: at the timeout, or on exit.
pub(super) fn when_we_stop(answer: Option<Outcome>, last: Option<&Status>) -> Ending {
    let verdict = if answer.is_some_and(Outcome::has_accepted) {
        Verdict::Pending
    } else {
        Verdict::Unknown
    };
    Ending {
        target_state: last.cloned(),
        ..Ending::new(verdict)
    }
}

#[cfg(test)]
mod tests;
