//! The history for a reader: a table, or the story of one cancellation.

use jiff::tz::TimeZone;

use crate::{
    cli::table,
    domain::{cancellation::Cancellation, fact::Recorded, time},
    presentation::{fact, moment, phrase, standing},
};

/// A line for each, under a head.
pub(crate) fn list(cancellations: &[Cancellation], zone: &TimeZone) -> String {
    if cancellations.is_empty() {
        return format!("{}\n", phrase::NO_HISTORY);
    }
    let rows: Vec<_> = cancellations.iter().map(|one| row(one, zone)).collect();
    table::lay_out(
        [
            "WHEN",
            "WHO",
            "PROFILE",
            "OFFER",
            "OPERATION",
            "WHAT",
            "VERDICT",
            "TOOK",
            "CANCELLATION",
        ],
        &rows,
    )
}

fn row(cancellation: &Cancellation, zone: &TimeZone) -> [String; 9] {
    let request = &cancellation.request;
    [
        moment::day_and_time(Some(cancellation.claimed_at), zone),
        phrase::who(cancellation).to_string(),
        request.profile.to_string(),
        request.target.offer.to_string(),
        request.target.name().short().to_string(),
        phrase::course(&request.shown.kind, &request.shown.destination),
        standing::recorded(cancellation).0,
        took(cancellation),
        cancellation.id.to_string(),
    ]
}

/// Everything that is known of one: what was asked, each fact with its time, and how it ended.
pub(crate) fn story(cancellation: &Cancellation, zone: &TimeZone) -> String {
    let request = &cancellation.request;
    let target = &request.target;
    let day = moment::full(cancellation.claimed_at, zone);
    let mut lines = vec![
        ("cancellation", cancellation.id.to_string()),
        (
            "offer",
            format!("{} of {} at {}", target.offer, target.publisher, target.origin),
        ),
        ("operation", target.name().to_string()),
        (
            "what",
            phrase::course(&request.shown.kind, &request.shown.destination),
        ),
        (
            "confirmed",
            format!(
                "{day} by {}, profile {}",
                phrase::who(cancellation),
                request.profile
            ),
        ),
        ("notified", phrase::notified(&request.notify)),
    ];
    lines.extend(
        request
            .again_of
            .as_ref()
            .map(|earlier| ("repeats", earlier.to_string())),
    );
    lines.push(("verdict", standing::recorded(cancellation).0));
    lines.push(("took", took(cancellation)));
    let head = lines
        .into_iter()
        .map(|(name, value)| format!("{name:<13} {value}\n"));
    let facts = cancellation
        .facts
        .iter()
        .map(|recorded| line(cancellation, recorded, zone));
    head.chain(facts).collect()
}

fn line(cancellation: &Cancellation, recorded: &Recorded, zone: &TimeZone) -> String {
    let when = moment::full(recorded.at, zone);
    let (text, _) = fact::describe(&recorded.fact, cancellation);
    format!("{when}  {text}{}\n", fact::details_text(&recorded.fact))
}

fn took(cancellation: &Cancellation) -> String {
    cancellation.ending.as_ref().map_or_else(
        || "–".to_owned(),
        |(at, _)| moment::count(time::since(cancellation.claimed_at, *at)),
    )
}
