//! From the facts of a cancellation to the lines that report them.

use crate::{
    domain::{
        cancellation::Cancellation,
        confirmation::Address,
        fact::{Fact, PreflightResult, Recorded},
        text::SafeText,
        verdict::{Ending, Verdict},
    },
    presentation::{
        About, Event, Line, ending,
        event::FactLine,
        fact,
        json::{self, FactJson},
        phrase,
    },
};

/// The line of a fact. The claim is no news to whoever made it, and the verdict has a line of its own; what is read on
/// for all that is a note on the way, and so is what came instead of an answer.
pub(crate) fn line(cancellation: &Cancellation, recorded: &Recorded) -> Option<Line> {
    let one = &recorded.fact;
    let event = match one {
        Fact::Settled(ending) if ending.verdict == Verdict::Unknown || ending.is_stalled => {
            provisional(ending)
        }
        Fact::Claimed(_) | Fact::Settled(_) => return None,
        Fact::Unsent { .. } | Fact::AnswerLost { .. } => note(&fact::describe(one, cancellation).0),
        Fact::Looked(_) | Fact::Sending { .. } | Fact::Answered(_) | Fact::Observed(_) => {
            Event::Fact(Box::new(FactLine {
                event: json::name(one),
                fact: FactJson::of(one, cancellation.went_out()),
                text: fact::describe(one, cancellation).0,
                details: fact::details_text(one),
            }))
        }
    };
    Some(event.about(About::cancellation(cancellation, recorded.at)))
}

/// The line of a look before anything was recorded.
pub(crate) fn looked(preflight: &PreflightResult, about: About) -> Line {
    let one = Fact::Looked(preflight.clone());
    let text = match (&about.operation, &preflight.state, &preflight.others_active[..]) {
        (None, None, []) => "looked: nothing is active".to_owned(),
        (None, None, _) => "looked: several are active".to_owned(),
        _ => fact::looked(preflight),
    };
    let event = Event::Fact(Box::new(FactLine {
        event: json::name(&one),
        fact: FactJson::looked(preflight),
        text,
        details: fact::details_text(&one),
    }));
    event.about(about)
}

/// Whether what hinders is what came instead of an answer, so that the line of that fact says it.
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
        by: phrase::who(cancellation),
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
fn provisional(ending: &Ending) -> Event {
    let what = match ending.verdict {
        Verdict::Unknown => "not known yet whether it was carried out; still looking",
        _ => "still canceling; still looking",
    };
    note(&match ending::reason(ending, true) {
        Some(error) => format!("{what}: {error}"),
        None => what.to_owned(),
    })
}

fn note(text: &str) -> Event {
    Event::Note {
        note: Some(SafeText::new(text)),
        passed: None,
    }
}
