//! Words for how a cancellation ended, or stands, and for what that rests on.
//!
//! That nothing came of a cancel is worded by whether a request went out, so that no sentence denies what stands in the
//! timeline beside it. What is recorded is the bare reason. What earlier versions recorded said more than they could
//! know, and is shown without it.

use crate::{
    domain::{
        text::SafeText,
        verdict::{Ending, Evidence, Verdict},
    },
    presentation::state,
};

/// What earlier versions recorded around a reason.
const ONCE_BEFORE: &str = "nothing was carried out: ";
const ONCE_AFTER: &str = "; nothing was sent";

/// What became of a cancel of which nothing was carried out.
pub(crate) fn fate(went_out: bool) -> &'static str {
    if went_out {
        "not carried out"
    } else {
        "nothing was sent"
    }
}

/// Why something did not begin, with what that means.
pub(crate) fn not_begun(why: &str) -> String {
    format!("{why}; {}", fate(false))
}

/// What another session asked for and has not got carried out yet.
pub(crate) fn not_yet(went_out: bool) -> &'static str {
    if went_out {
        "not carried out yet"
    } else {
        "not sent yet"
    }
}

/// A verdict in one short phrase.
pub(crate) fn label(verdict: Verdict, went_out: bool) -> &'static str {
    match verdict {
        Verdict::Canceled => "canceled",
        Verdict::FinishedFirst => "finished first",
        Verdict::Refused => "refused",
        Verdict::Unknown => "unknown",
        Verdict::Pending => "pending",
        Verdict::NothingRunning => "nothing running",
        Verdict::Superseded => "superseded",
        Verdict::NotSent if went_out => fate(went_out),
        Verdict::NotSent => "not sent",
    }
}

/// The phrase of a verdict; of an operation that ended by itself, also how.
pub(crate) fn outcome(ending: &Ending, went_out: bool) -> String {
    let label = label(ending.verdict, went_out);
    match &ending.target_state {
        Some(state) if ending.verdict == Verdict::FinishedFirst => {
            format!("{label}: {}", state::words(state))
        }
        _ => label.to_owned(),
    }
}

/// The same with what it rests on, and whether it is open.
pub(crate) fn with_evidence(ending: &Ending, went_out: bool) -> String {
    let mut text = outcome(ending, went_out);
    if let Some(evidence) = ending.evidence {
        text.extend([" · ", evidence_label(evidence)]);
    }
    if ending.is_provisional() {
        text.push_str(" · open");
    }
    text
}

fn evidence_label(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Observed => "observed",
        Evidence::Answer => "by its answer",
        Evidence::OfferStatus => "by offer status",
        Evidence::Absent => "by its absence",
    }
}

/// Why it ended as it did, as a sentence of its own.
pub(crate) fn reason(ending: &Ending, went_out: bool) -> Option<SafeText> {
    let bare = bare_reason(ending)?;
    Some(match ending.verdict {
        Verdict::NothingRunning | Verdict::Superseded | Verdict::NotSent if went_out => {
            format!("{}: {bare}", fate(went_out)).into()
        }
        Verdict::Refused | Verdict::Unknown | Verdict::Pending => bare,
        _ if went_out => bare,
        _ => not_begun(bare.as_str()).into(),
    })
}

/// The same beside a phrase that says already what was sent.
pub(crate) fn bare_reason(ending: &Ending) -> Option<SafeText> {
    let recorded = ending.error.as_ref()?.as_str();
    let reason = recorded.strip_prefix(ONCE_BEFORE).unwrap_or(recorded);
    let reason = reason.strip_suffix(ONCE_AFTER).unwrap_or(reason);
    Some(SafeText::new(&reason.replace(
        "before anything was sent",
        "before anything was carried out",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_to_nothing_is_told_by_whether_a_request_went_out() {
        for (verdict, unsent, sent) in [
            (Verdict::NotSent, "why; nothing was sent", "not carried out: why"),
            (
                Verdict::Superseded,
                "why; nothing was sent",
                "not carried out: why",
            ),
            (
                Verdict::NothingRunning,
                "why; nothing was sent",
                "not carried out: why",
            ),
            (Verdict::Canceled, "why; nothing was sent", "why"),
            (Verdict::FinishedFirst, "why; nothing was sent", "why"),
            (Verdict::Refused, "why", "why"),
            (Verdict::Unknown, "why", "why"),
            (Verdict::Pending, "why", "why"),
        ] {
            let ending = Ending::new(verdict).because("why");
            assert_eq!(reason(&ending, false), Some(unsent.into()), "{verdict:?}");
            assert_eq!(reason(&ending, true), Some(sent.into()), "{verdict:?}");
            assert_eq!(reason(&Ending::new(verdict), false), None);
        }
    }

    #[test]
    fn what_earlier_versions_recorded_is_told_without_what_they_could_not_know() {
        for (recorded, told) in [
            ("nothing was carried out: 401", "not carried out: 401"),
            (
                "it runs another; nothing was sent",
                "not carried out: it runs another",
            ),
            (
                "the session ended before anything was sent",
                "not carried out: the session ended before anything was carried out",
            ),
        ] {
            let ending = Ending::new(Verdict::NotSent).because(recorded);
            assert_eq!(reason(&ending, true), Some(told.into()));
        }
    }
}
