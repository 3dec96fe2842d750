//! What is happening to an offer, in one sentence: the first line of the status and of the details.

use crate::{
    domain::{
        ids::OfferId, offer::Offer, operation::Operations, remote::Remote, text::SafeText, verdict::Ending,
    },
    engine::Tracked,
    presentation::{
        Row, Tone, active, ending,
        moment::{between, count, exact},
        phrase,
        standing::{self, is_rate_limited},
    },
    tui::{keymap::Command, model::Model, view::trouble},
};

/// What is happening to a cancellation.
pub(super) fn of_cancellation(model: &Model, tracked: &Tracked) -> (String, Tone) {
    let (words, family) = standing::of_tracked(tracked);
    let cancellation = &tracked.cancellation;
    let text = if tracked.is_in_progress() {
        in_progress(model, tracked, &words)
    } else if let Some((at, ending)) = &cancellation.ending {
        let took = (cancellation.attempts > 0).then(|| between(cancellation.claimed_at, *at));
        let sentence = ending::sentence(ending, cancellation.went_out(), took);
        let others = ending::also_canceled(&ending.also_canceled);
        format!("{sentence}{others}{}", what_next(model, tracked, ending))
    } else {
        let key = model.key(Command::LookAgain);
        format!("{words}; not followed here, {key} to look again")
    };
    (capital(&text), family.tone())
}

/// What is waited for, how long already, and until when.
fn in_progress(model: &Model, tracked: &Tracked, words: &str) -> String {
    if is_rate_limited(&tracked.cancellation) {
        return format!("{words}{}", next_look(model, tracked, "; retrying"));
    }
    let elapsed = count(between(tracked.cancellation.claimed_at, model.now.wall));
    let next = next_look(model, tracked, ", next look");
    format!("{words} for {elapsed}{}{next}", taken_up(model, tracked))
}

/// Since when, and from whom, a cancellation was taken up that was asked for before or elsewhere.
fn taken_up(model: &Model, tracked: &Tracked) -> String {
    let at = exact(tracked.cancellation.claimed_at, model.now.wall, &model.setup.zone);
    match (tracked.joined, tracked.resumed) {
        (true, _) => {
            format!(
                ", joined: {} confirmed it at {at}",
                phrase::who(&tracked.cancellation)
            )
        }
        (_, true) => format!(", resumed: confirmed at {at}"),
        _ => String::new(),
    }
}

/// What goes on by itself, and the keys that lead on.
fn what_next(model: &Model, tracked: &Tracked, ending: &Ending) -> String {
    let mut text = String::new();
    if tracked.is_watched() {
        text.push_str("; still looking");
    } else if ending.is_provisional() {
        text.extend(["; ", &model.key(Command::LookAgain), " to look again"]);
    }
    if tracked.cancellation.may_be_asked_again() && model.setup.read_only.is_none() {
        text.extend(["; ", &model.key(Command::Cancel), " to retry"]);
    }
    text
}

/// What is happening between the confirmation and the journal.
pub(super) fn of_request() -> (String, Tone) {
    let text = "Confirmed; it is being recorded in the journal";
    (text.to_owned(), Tone::Busy)
}

/// Why there is nothing to tell.
pub(super) fn of_nothing(model: &Model, id: &OfferId) -> (String, Tone) {
    let text = match model.known.offers.value() {
        Some(_) => format!("{id} is no longer in the list of offers; move to select another"),
        None if !model.setup.has_publisher() => "nobody knows yet whose offers these are".to_owned(),
        None => format!("the offers of {} are not known yet", model.setup.publisher),
    };
    (text, Tone::Strong)
}

/// What is happening to an offer that no cancellation of ours tells of.
pub(super) fn of_offer(model: &Model, offer: &Offer) -> (String, Tone) {
    let row = Row::of(&model.known, &model.requests, offer);
    let operations = model.known.operations_of(&offer.id);
    let is_active = active(&model.known, &offer.id).next().is_some();
    if is_active {
        let step = Some(row.step.as_str()).filter(|step| !step.is_empty());
        let step = step.map(|step| format!(", at {step}")).unwrap_or_default();
        let key = match model.setup.read_only {
            Some(_) => String::new(),
            None => format!("; {} cancels it", model.key(Command::Cancel)),
        };
        return (format!("{}{step}{key}", capital(&row.state)), row.family.tone());
    }
    let text = match operations {
        Some(Remote::Fresh { .. }) => format!("Nothing in flight; the offer's state: {}", row.state),
        _ if offer.is_at_rest() => format!("At rest; the offer's state: {}", row.state),
        Some(Remote::Loading) => format!("The offer's state: {}; looking at its operations…", row.state),
        Some(Remote::NotAsked) | None => {
            format!(
                "The offer's state: {}; its operations were not looked at yet",
                row.state
            )
        }
        Some(Remote::Stale { .. }) => {
            format!(
                "The offer's state: {}; its operations could not be read",
                row.state
            )
        }
    };
    (text, Tone::Plain)
}

/// What hinders, for the line under the sentence.
pub(super) fn hindrance(model: &Model, offer: &OfferId, tracked: Option<&Tracked>) -> Option<SafeText> {
    if let Some(note) = tracked.and_then(|tracked| tracked.note.as_ref()) {
        return Some(trouble::unless_told(model, note).into_owned().into());
    }
    if let Some(declined) = model.requests.declined.get(offer) {
        let at = exact(declined.at, model.now.wall, &model.setup.zone);
        return Some(format!("{at} not begun: {}", declined.why).into());
    }
    let operations = model.known.operations_of(offer)?;
    let Some((why, since)) = operations.trouble() else {
        return operations.value().and_then(|known| notifier(known));
    };
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    let showing = operations
        .read_at()
        .map(|at| format!(", showing {}", time(at)))
        .unwrap_or_default();
    let why = trouble::unless_told(model, why);
    Some(format!("operations: since {}{showing}: {why}", time(since)).into())
}

/// What a list that was cut leaves open, and what it hinders.
fn notifier(operations: &Operations) -> Option<SafeText> {
    let left_out = operations.left_out;
    let told = || format!("{left_out} more operations than are read; nothing is canceled here");
    (!operations.is_whole()).then(|| told().into())
}

fn next_look(model: &Model, tracked: &Tracked, what: &str) -> String {
    match tracked.next_look_at {
        Some(at) if at > model.now.wall => {
            format!("{what} in {}", count(between(model.now.wall, at)))
        }
        Some(_) => ", looking…".to_owned(),
        None => String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crossterm::event::KeyCode;

    use super::*;
    use crate::{
        domain::{fact::Fact, verdict::Verdict},
        engine::Snapshot,
        presentation::fact,
        tui::fixture::{TestApp, answered, at, cancellation, ended, quiet, sending, vm_operation},
    };

    #[test]
    fn a_verdict_is_told_with_its_evidence_its_reason_and_what_went_with_it() {
        let app = TestApp::new(quiet());
        let mut tracked = ended("contoso-vm", &vm_operation(), Verdict::Canceled);
        if let Some((_, ending)) = &mut tracked.cancellation.ending {
            ending.also_canceled = vec!["0d2c7a11-77aa-4e0e-b0f3-9f3cf0a1b002".into()];
        }
        let (text, tone) = of_cancellation(&app.model, &tracked);
        assert_eq!(
            text,
            "Canceled after 26s (confirmed by the operation's own state); also canceled since: 0d2c7a11"
        );
        assert_eq!(tone, Tone::Good);
    }

    #[test]
    fn what_is_provisional_says_that_it_is_open() {
        for word in Verdict::ALL {
            let told = ending::with_evidence(&Ending::new(word), false);
            assert!(told.starts_with(ending::label(word, false)));
            assert_eq!(told.ends_with("open"), word.is_provisional(), "{told}");
        }
    }

    #[test]
    fn a_throttled_cancel_says_so_and_when_it_asks_again() {
        let app = TestApp::new(quiet());
        let facts = vec![("12:04:20", sending()), ("12:04:21", answered(429, None, None))];
        let cancellation = cancellation("c", "contoso-vm", &vm_operation(), "12:04:19", facts);
        let mut tracked = Tracked::new(cancellation);
        tracked.next_look_at = Some(at("12:04:40"));
        let (text, tone) = of_cancellation(&app.model, &tracked);
        assert_eq!(text, "Rate limited; retrying in 9s");
        assert_eq!(tone, Tone::Open);
    }

    /// What came before an ending: nothing, a request that never got there, one that was answered, one without an answer.
    fn timelines() -> Vec<Vec<(&'static str, Fact)>> {
        let unsent = Fact::Unsent {
            error: "connection refused".into(),
        };
        let lost = Fact::AnswerLost {
            error: "connection reset".into(),
        };
        let sent = |then: Fact| vec![("12:00:01", sending()), ("12:00:02", then)];
        let mut timelines = vec![vec![], sent(unsent), sent(lost)];
        timelines.extend([200, 202, 401, 409, 429, 503].map(|status| sent(answered(status, None, None))));
        timelines
    }

    #[test]
    fn no_sentence_denies_what_went_out() {
        for (facts, verdict) in timelines()
            .into_iter()
            .flat_map(|facts| Verdict::ALL.map(|verdict| (facts.clone(), verdict)))
        {
            for reason in ["why", "why; nothing was sent", "nothing was carried out: why"] {
                let mut ended = cancellation("c", "contoso-vm", &vm_operation(), "12:00:00", facts.clone());
                let fact = Fact::Settled(Ending::new(verdict).because(reason));
                if !ended.apply_unrecorded(fact, at("12:00:03")) {
                    continue; // Nothing that can be true after these facts.
                }
                let tracked = Tracked {
                    is_followed: false,
                    ..Tracked::new(ended)
                };
                let went_out = tracked.cancellation.went_out();
                let mut app = TestApp::new(Snapshot {
                    cancellations: vec![Arc::new(tracked.clone())].into(),
                    ..quiet()
                });
                app.select("contoso-vm");
                let (sentence, _) = of_cancellation(&app.model, &tracked);
                let entries = fact::timeline(&tracked.cancellation);
                let entries: Vec<String> = entries.into_iter().map(|(_, text, _)| text).collect();
                let mut told = format!("{sentence}\n{}\n{}", entries.join("\n"), app.screen());
                app.press(KeyCode::Enter);
                told += &app.screen();
                let told_lower = told.to_lowercase();
                let denies = told_lower.contains("nothing was sent") || told_lower.contains("not sent");
                assert!(!went_out || !denies, "{told}");
                let came_to_nothing = matches!(
                    verdict,
                    Verdict::NotSent | Verdict::NothingRunning | Verdict::Superseded
                );
                assert!(went_out || !came_to_nothing || denies, "{told}");
            }
        }
    }

    #[test]
    fn what_the_service_said_goes_on_without_its_full_stop() {
        let app = TestApp::new(quiet());
        let mut tracked = ended("contoso-vm", &vm_operation(), Verdict::Refused);
        if let Some((_, ending)) = &mut tracked.cancellation.ending {
            ending.error = Some("a signing step is in progress.".into());
        }
        let (text, _) = of_cancellation(&app.model, &tracked);
        assert!(
            text.ends_with("(a signing step is in progress). Still running; c to retry"),
            "{text}"
        );
    }
}
