//! How a cancellation stands, in a word or two, for rows, lists and the beginning of a sentence.

use crate::{
    domain::{answer::Outcome, cancellation::Cancellation, stage::Stage, verdict::Verdict},
    engine::Tracked,
    presentation::{Family, ending},
};

/// The words, and what family of states they are of.
pub(crate) type Standing = (String, Family);

/// How a cancellation of this run stands: what is being waited for, or how it ended and by what that is known.
pub(crate) fn of_tracked(tracked: &Tracked) -> Standing {
    if tracked.is_in_progress() {
        in_progress(&tracked.cancellation)
    } else {
        recorded(&tracked.cancellation)
    }
}

/// How a cancellation that nobody here follows stands.
pub(crate) fn recorded(cancellation: &Cancellation) -> Standing {
    match &cancellation.ending {
        Some((_, ending)) => (
            ending::with_evidence(ending, cancellation.went_out()),
            Family::of_verdict(ending.verdict),
        ),
        None if cancellation.may_have_been_carried_out() => {
            ("uncertain · open".to_owned(), Family::Uncertain)
        }
        None => (
            format!("{CONFIRMED} · {}", ending::not_yet(cancellation.went_out())),
            Family::Uncertain,
        ),
    }
}

/// How the row of an offer stands by its newest cancellation; none where the operation speaks for itself, because nothing
/// of the cancel was carried out.
pub(crate) fn of_row(tracked: &Tracked) -> Option<Standing> {
    let cancellation = &tracked.cancellation;
    if tracked.is_in_progress() {
        return Some(in_progress(cancellation));
    }
    let Some((_, ending)) = &cancellation.ending else {
        // Open, and nobody here follows it.
        let is_open = cancellation.may_have_been_carried_out();
        return is_open.then(|| ("uncertain".to_owned(), Family::Uncertain));
    };
    match ending.verdict {
        Verdict::NothingRunning | Verdict::Superseded | Verdict::NotSent => None,
        verdict => Some((
            ending::outcome(ending, cancellation.went_out()),
            Family::of_verdict(verdict),
        )),
    }
}

fn in_progress(cancellation: &Cancellation) -> Standing {
    let (word, family) = match cancellation.stage {
        Stage::Claimed if is_rate_limited(cancellation) => ("rate limited", Family::Uncertain),
        Stage::Claimed => (CONFIRMED, Family::Ours),
        Stage::Sending => ("sending…", Family::Ours),
        Stage::Answered(Outcome::Refused) => ("checking…", Family::Ours),
        Stage::Answered(_) => ("canceling", Family::Ours),
        Stage::Uncertain | Stage::Settled => ("uncertain", Family::Uncertain),
    };
    (word.to_owned(), family)
}

/// The word for a cancel of which nothing has been sent yet.
pub(crate) const CONFIRMED: &str = "confirmed";

/// Whether the service asked to be left alone before it is asked again.
pub(crate) fn is_rate_limited(cancellation: &Cancellation) -> bool {
    let answer = cancellation.answer.as_ref();
    cancellation.stage == Stage::Claimed && answer.is_some_and(|answer| answer.outcome == Outcome::Throttled)
}
