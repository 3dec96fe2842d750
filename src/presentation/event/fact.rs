//! From the facts of a cancellation to the lines that tell them.

use crate::{
    domain::{
        answer::{Answer, Outcome},
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Fact, PreflightResult, Recorded},
        ids::OperationId,
        lead::LeadsTo,
        text::SafeText,
        verdict::{Ending, Verdict},
    },
    presentation::{About, Event, Line, ending, moment, phrase},
};

/// The line that tells a fact. The claim is no news to whoever made it, and the verdict has a line of its own; what is
/// read on for all that is a note on the way.
pub(crate) fn line(cancellation: &Cancellation, recorded: &Recorded) -> Option<Line> {
    let event = match &recorded.fact {
        Fact::Settled(ending) if ending.verdict == Verdict::Unknown || ending.is_stalled => standing(ending),
        Fact::Claimed(_) | Fact::Settled(_) => return None,
        Fact::Looked(preflight) => looked(preflight),
        Fact::Sending { attempt, .. } => Event::Sending { attempt: *attempt },
        Fact::Unsent { error } => note(&format!("the request did not reach the service: {error}")),
        Fact::Answered(answer) => answered(answer),
        Fact::AnswerLost { error } => note(&format!("sent, and no answer came: {error}")),
        Fact::Observed(observation) => Event::Observed {
            state: observation.state.clone(),
            via: observation.via,
        },
    };
    Some(event.about(About::cancellation(cancellation, recorded.at)))
}

/// Whether what hinders is what came instead of an answer, so that the line of that fact tells it.
pub(crate) fn tells(cancellation: &Cancellation, note: &SafeText) -> bool {
    cancellation.facts.iter().any(|recorded| match &recorded.fact {
        Fact::Unsent { error } | Fact::AnswerLost { error } => error == note,
        _ => false,
    })
}

/// Whose cancellation was joined, and who of `notify` it does not mail.
pub(crate) fn joined(cancellation: &Cancellation, notify: &[Address]) -> Event {
    let mails = &cancellation.request.notify;
    Event::Joined {
        by: SafeText::new(&format!("{}@{}", cancellation.by.user, cancellation.by.host)),
        since: cancellation.claimed_at,
        standing: cancellation
            .ending
            .as_ref()
            .filter(|(_, ending)| ending.is_provisional())
            .map(|(_, ending)| ending.verdict),
        not_mailed: notify
            .iter()
            .filter(|wanted| !mails.contains(wanted))
            .cloned()
            .collect(),
    }
}

/// What stands for the time being.
fn standing(ending: &Ending) -> Event {
    let what = match ending.verdict {
        Verdict::Unknown => "not known whether it was carried out; it is read on",
        _ => "still canceling; it is read on",
    };
    note(&match ending::reason(ending, true) {
        Some(error) => format!("{what}: {error}"),
        None => what.to_owned(),
    })
}

/// What a look saw.
pub(crate) fn looked(preflight: &PreflightResult) -> Event {
    Event::Looked {
        state: preflight.state.clone(),
        cancel_state: phrase::cancel_state(&preflight.cancel_state),
        others_active: preflight.others_active.iter().map(OperationId::shown).collect(),
        presumed_ended: preflight.presumed_ended.iter().map(OperationId::shown).collect(),
    }
}

fn note(text: &str) -> Event {
    Event::Note {
        note: Some(SafeText::new(text)),
        passed: None,
    }
}

fn answered(answer: &Answer) -> Event {
    let location = answer.lead.as_ref();
    Event::Answered {
        http_status: answer.http_status,
        location: location.map(|location| location.shown.clone()),
        not_called: location.and_then(|location| match location.to {
            LeadsTo::Untrusted(inert) => Some(inert.why()),
            LeadsTo::Operation(_) | LeadsTo::Parts(_) => None,
        }),
        retry_after_ms: answer.retry_after.map(moment::millis),
        correlation_id: answer.correlation_id.clone(),
        error: answer.text.clone(),
        meaning: if answer.is_foreign {
            "not by the service itself, so that nothing tells whether it was carried out"
        } else {
            meaning(answer.outcome)
        },
    }
}

fn meaning(class: Outcome) -> &'static str {
    match class {
        Outcome::Done => "canceled, the service says",
        Outcome::Accepted => "accepted",
        Outcome::Throttled => "asked too often; nothing was carried out",
        Outcome::SignIn => "sign-in not accepted; nothing was carried out",
        Outcome::Refused => "refused",
        Outcome::Gone => "there is no such operation any more",
        Outcome::Uncertain => "which does not tell whether it was carried out",
    }
}
