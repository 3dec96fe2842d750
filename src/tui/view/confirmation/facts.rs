//! One operation that would be canceled, a line a fact, and how that is known.

use ratatui::text::Line;

use crate::{
    domain::{
        confirmation::Address,
        operation::{CancelState, Destination, Operation, OperationDetail, Source},
        recipients::write,
    },
    presentation::{Tone, moment::exact, state::words},
    proposal::{Entry, Plan},
    tui::{
        model::{Dialog, Model},
        view::{
            confirmation::notes::{asked_before, says},
            paint,
        },
        width::cut,
    },
};

/// The cells that labels take.
const INDENT: usize = 11;

/// A label, its value, and how that looks.
type Fact = (&'static str, String, Tone);

/// All that is told of `plan`.
pub(super) fn lines(
    model: &Model,
    dialog: &Dialog,
    (entry, plan): (&Entry, &Plan),
    room: usize,
) -> Vec<Line<'static>> {
    let facts = facts(model, dialog, entry, plan).into_iter();
    facts
        .flat_map(|(label, value, tone)| paint::labelled(label, &value, tone, INDENT, room, model.theme()))
        .collect()
}

fn facts(model: &Model, dialog: &Dialog, entry: &Entry, plan: &Plan) -> Vec<Fact> {
    let operation = &plan.candidate.operation;
    let detail = plan.candidate.detail.as_ref();
    let (to, to_tone) = leads_to(&operation.destination);
    let named = format!("{} · {}", short(operation.kind.as_str()), plan.target.name());
    let mut facts = vec![
        ("offer", entry.offer.to_string(), Tone::Strong),
        ("name", short(entry.name.as_str()), Tone::Plain),
        ("operation", named, Tone::Plain),
        ("goes to", to, to_tone),
        ("state", state(operation, detail), Tone::Plain),
    ];
    if let Some(CancelState::Says(word)) = detail.map(|detail| &detail.cancel_state) {
        facts.push(("cancelling", says(word), Tone::Open));
    }
    if let Some(presumed) = &plan.presumed {
        facts.push(("older", cut(presumed.as_str(), 120).into_owned(), Tone::Plain));
    }
    facts.push(("mails", mailed(&dialog.proposal.notify), Tone::Plain));
    facts.push(("read", known_by(model, plan), Tone::Plain));
    if let Some(asked) = asked_before(model, plan) {
        facts.push(("before", format!("asked {asked}"), Tone::Open));
    }
    facts
}

fn state(operation: &Operation, detail: Option<&OperationDetail>) -> String {
    let step = detail
        .and_then(OperationDetail::current_step)
        .map(|step| format!(", at {}", short(step.name.as_str())));
    let step = step.unwrap_or_else(|| ", step unknown".to_owned());
    format!("{}{step}", short(&words(&operation.state)))
}

fn leads_to(destination: &Destination) -> (String, Tone) {
    match destination {
        Destination::Preview => ("preview, seen by the publisher alone".to_owned(), Tone::Plain),
        Destination::Live => (
            "LIVE: the marketplace itself, seen by customers".to_owned(),
            Tone::Live,
        ),
        Destination::Unknown(slot) if slot.is_empty() => (
            "unknown: the service does not say; it may be LIVE".to_owned(),
            Tone::Live,
        ),
        Destination::Unknown(slot) => (
            format!("‘{}’, unknown here; it may be LIVE", short(slot.as_str())),
            Tone::Live,
        ),
    }
}

fn mailed(notify: &[Address]) -> String {
    if notify.is_empty() {
        return "nobody named; the service may mail the account's seller contact".to_owned();
    }
    format!(
        "{} (a migrated offer ignores this and mails its seller contact)",
        write(notify)
    )
}

fn known_by(model: &Model, plan: &Plan) -> String {
    let at = exact(plan.read_at, model.now.wall, &model.setup.zone);
    match plan.source {
        Source::Submissions => at,
        Source::OfferStatus => {
            format!("{at}, from the offer's status alone: no id, so bound by slot, versions and start")
        }
    }
}

/// Enough of a text of somebody else's making; however long it is, the dialog must stay easy to read.
fn short(text: &str) -> String {
    cut(text, 60).into_owned()
}
