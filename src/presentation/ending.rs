//! Words for how a cancellation ended, or stands, and for what that rests on.
//!
//! That nothing came of a cancel is worded by whether a request went out, so that no sentence denies what stands in the
//! timeline beside it. What is recorded is the bare reason. What earlier versions recorded said more than they could
//! know, and is shown without it.

use std::time::Duration;

use crate::{
    domain::{
        ids::OperationId,
        text::SafeText,
        verdict::{Ending, Evidence, Verdict},
    },
    presentation::{moment, state},
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

/// What another session confirmed and has not got carried out yet.
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
        Evidence::Answer => "by answer",
        Evidence::OfferStatus => "by offer status",
        Evidence::Absent => "by its absence",
    }
}

/// How it ended or stands, in one sentence without its full stop; `took` is how long a cancel took that was sent.
pub(crate) fn sentence(ending: &Ending, went_out: bool, took: Option<Duration>) -> String {
    let bare = bare_reason(ending);
    // The service ends its sentences; here they go on.
    let bare = bare.as_ref().map(|reason| reason.as_str().trim_end_matches('.'));
    let and_why =
        |before: &str, after: &str| bare.map_or_else(String::new, |why| format!("{before}{why}{after}"));
    let state = ending.target_state.as_ref().map(state::words);
    match ending.verdict {
        Verdict::Canceled => {
            let after = took.map_or_else(String::new, |took| format!(" after {}", moment::count(took)));
            let evidence = ending.evidence.map_or_else(String::new, |evidence| {
                format!(" ({})", evidence_phrase(evidence))
            });
            format!("canceled{after}{evidence}{}", and_why("; ", ""))
        }
        Verdict::FinishedFirst => {
            let end = state.map_or_else(|| "ended".to_owned(), |state| past(&state));
            let what = if went_out { "took effect" } else { "was sent" };
            format!("too late: it {end} before the cancel {what}{}", and_why("; ", ""))
        }
        Verdict::Refused => {
            let state = state.unwrap_or_else(|| "running".to_owned());
            format!("refused{}. Still {state}", and_why(" (", ")"))
        }
        Verdict::Unknown => {
            let what = "unknown: the cancel was sent, and nothing tells whether it was carried out";
            format!("{what}{}", and_why("; ", ""))
        }
        Verdict::Pending => {
            let what = "pending: accepted, still canceling";
            format!("{what}{}", and_why("; ", ""))
        }
        Verdict::NothingRunning | Verdict::Superseded => {
            let why = reason(ending, went_out).unwrap_or_else(|| fate(went_out).into());
            let why = why.as_str().trim_end_matches('.');
            format!("{}: {why}", label(ending.verdict, went_out))
        }
        Verdict::NotSent => format!("{}{}", label(ending.verdict, went_out), and_why(": ", "")),
    }
}

/// The state of what ended, as something that it did.
fn past(state: &str) -> String {
    match state {
        "canceled" => "was canceled".to_owned(),
        "succeeded" | "failed" => state.to_owned(),
        _ => format!("ended ({state})"),
    }
}

fn evidence_phrase(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Observed => "confirmed by the operation's own state",
        Evidence::Answer => "by the service's answer alone; the operation's state could not be read",
        Evidence::OfferStatus => "by the offer's status alone; the operation's state could not be read",
        Evidence::Absent => "the service knows it no more",
    }
}

/// The other operations that went with it, for the end of a sentence: a cancel names the offer, not the operation.
pub(crate) fn also_canceled<'a>(ids: impl IntoIterator<Item = &'a OperationId>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.short().to_string()).collect();
    match &ids[..] {
        [] => String::new(),
        ids => format!("; also canceled since: {}", ids.join(", ")),
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
