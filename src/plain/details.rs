//! All that is known of one offer, a fact a line.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::history::text::story,
    domain::{
        offer::Offer,
        operation::{Operation, OperationDetail},
        preflight,
        target::{Binding, Scope},
    },
    engine::{Candidate, Look, Snapshot},
    presentation::{json, moment, state::words},
};

/// How many operations that have ended are told.
const ENDED: usize = 5;

/// Everything about `offer`: from `look` where one succeeded, else as it was known.
pub(super) fn text(
    known: &Snapshot,
    offer: &Offer,
    scope: Scope<'_>,
    look: Option<&Look>,
    zone: &TimeZone,
) -> String {
    let mut lines = vec![
        ("offer", offer.id.to_string()),
        ("name", offer.name.to_string()),
        ("type", offer.short_kind().to_owned()),
        ("state", words(&offer.state)),
        ("changed", moment::day_and_time(offer.changed_at, zone)),
    ];
    let read = known.operations_of(&offer.id);
    let operations = look.map(|look| &look.operations);
    let operations = operations.or_else(|| read?.value().map(|known| &**known));
    let read_at = look.map(|look| look.at).or_else(|| read?.read_at());
    lines.push(("as of", as_of(read_at, zone)));
    if let Some(cut) = operations.filter(|operations| !operations.is_whole()) {
        let beyond = format!(
            "{} more operations than are read; nothing is canceled here",
            cut.left_out
        );
        lines.push(("not shown", beyond));
    }
    let every = || {
        let operations = operations.into_iter();
        operations.flat_map(preflight::with_presumption)
    };
    for (operation, is_presumed_ended) in every().filter(|(one, _)| one.state.is_active()) {
        if is_presumed_ended {
            let told = in_flight(operation, scope) + &changed(operation, zone) + ", presumed ended";
            lines.push(("older", told));
            continue;
        }
        lines.push(("in flight", in_flight(operation, scope)));
        let binding = Binding::of(operation);
        let looked = look.map(|look| detail_of(look, &binding));
        let detail = looked.unwrap_or_else(|| known.detail_of(&offer.id, &binding));
        lines.extend(detail.into_iter().flat_map(|detail| inside(detail, zone)));
    }
    let ended = every().filter(|(one, _)| !one.state.is_active());
    lines.extend(
        ended
            .take(ENDED)
            .map(|(one, _)| ("ended", in_flight(one, scope) + &changed(one, zone))),
    );
    let told = lines.iter().map(|(name, value)| format!("{name:<13} {value}\n"));
    let story = known
        .newest_on(&offer.id)
        .map(|tracked| story(&tracked.cancellation, zone));
    told.chain(story).collect()
}

fn as_of(read_at: Option<Timestamp>, zone: &TimeZone) -> String {
    read_at.map_or_else(
        || "its operations are not known yet".to_owned(),
        |at| moment::time_of_day(at, zone),
    )
}

fn detail_of<'a>(look: &'a Look, binding: &Binding) -> Option<&'a OperationDetail> {
    let names = |candidate: &&Candidate| binding.names(&candidate.operation);
    look.active.iter().find(names)?.detail.as_ref()
}

/// The operation in one line.
fn in_flight(operation: &Operation, scope: Scope<'_>) -> String {
    let (name, course) = (scope.name(operation), operation.course());
    format!("{name}, {course}, {}", words(&operation.state))
}

fn changed(operation: &Operation, zone: &TimeZone) -> String {
    operation.changed_at.map_or_else(String::new, |at| {
        format!(", {}", moment::day_and_time(Some(at), zone))
    })
}

/// Steps and messages.
fn inside(detail: &OperationDetail, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let says = json::cancel_state(&detail.cancel_state);
    let mut lines: Vec<_> = says
        .map(|says| ("service says", says.to_string()))
        .into_iter()
        .collect();
    lines.extend(detail.steps.iter().map(|step| {
        let estimate = Some(&step.estimate).filter(|estimate| !estimate.is_empty());
        let estimate = estimate.map_or_else(String::new, |estimate| format!(" ({estimate})"));
        ("step", format!("{}: {}{estimate}", step.name, words(&step.state)))
    }));
    lines.extend(detail.all_messages().map(|message| {
        let at = message.at.map(|at| moment::day_and_time(Some(at), zone) + " ");
        let text = format!("{}{}: {}", at.unwrap_or_default(), message.level, message.text);
        ("message", text)
    }));
    lines
}
