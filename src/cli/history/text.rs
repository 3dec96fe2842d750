//! The history for a reader: a table, or the story of one cancellation.

use jiff::tz::TimeZone;

use crate::{
    cli::table,
    domain::{
        cancellation::Cancellation,
        fact::{Fact, Recorded},
        stage::Stage,
        time,
        verdict::Ending,
    },
    presentation::{About, Event, Final, ending, event, moment, phrase},
};

/// A line for each, under a head.
pub(crate) fn list(cancellations: &[Cancellation], zone: &TimeZone) -> String {
    if cancellations.is_empty() {
        return "nothing was cancelled on this machine\n".to_owned();
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
        who(cancellation),
        request.profile.to_string(),
        request.target.offer.to_string(),
        request.target.name().short().to_string(),
        phrase::course(&request.shown.kind, &request.shown.destination),
        standing(cancellation),
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
            "asked",
            format!("{day} by {}, profile {}", who(cancellation), request.profile),
        ),
        ("mailed", phrase::mailed(&request.notify)),
    ];
    lines.extend(
        request
            .again_of
            .as_ref()
            .map(|earlier| ("again of", earlier.to_string())),
    );
    lines.push(("verdict", standing(cancellation)));
    lines.push(("took", took(cancellation)));
    let head = lines
        .into_iter()
        .map(|(name, value)| format!("{name:<13} {value}\n"));
    let facts = cancellation
        .facts
        .iter()
        .map(|recorded| fact(cancellation, recorded, zone));
    head.chain(facts).collect()
}

fn fact(cancellation: &Cancellation, recorded: &Recorded, zone: &TimeZone) -> String {
    let about = About::cancellation(cancellation, recorded.at);
    let when = moment::full(recorded.at, zone);
    match &recorded.fact {
        Fact::Claimed(_) => format!("{when}  asked\n"),
        Fact::Settled(ending) => {
            let verdict = Event::Verdict(Box::new(Final::recorded(cancellation, ending.clone())));
            let why = ending::bare_reason(ending).map_or_else(String::new, |error| format!("; {error}"));
            format!("{when}  {}{why}\n", verdict.about(about).sentence(zone))
        }
        _ => event::line(cancellation, recorded)
            .map_or_else(String::new, |line| format!("{when}  {}\n", line.sentence(zone))),
    }
}

fn who(cancellation: &Cancellation) -> String {
    format!("{}@{}", cancellation.by.user, cancellation.by.host)
}

/// The verdict and what it rests on; of what is open, how far it has come.
fn standing(cancellation: &Cancellation) -> String {
    let phrase = |verdict| ending::label(verdict, cancellation.went_out());
    match &cancellation.ending {
        Some((_, ending)) if ending.is_provisional() => {
            format!("{}, open", phrase(ending.verdict))
        }
        Some((
            _,
            Ending {
                verdict,
                evidence: None,
                ..
            },
        )) => phrase(*verdict).to_owned(),
        Some((
            _,
            Ending {
                verdict,
                evidence: Some(evidence),
                ..
            },
        )) => {
            format!("{} · {}", phrase(*verdict), phrase::evidence(*evidence))
        }
        None => match cancellation.stage {
            Stage::Claimed => "claimed, open",
            Stage::Sending => "sending, open",
            Stage::Answered(_) => "answered, open",
            Stage::Uncertain | Stage::Settled => "uncertain, open",
        }
        .to_owned(),
    }
}

fn took(cancellation: &Cancellation) -> String {
    cancellation.ending.as_ref().map_or_else(
        || "–".to_owned(),
        |(at, _)| moment::span(time::since(cancellation.claimed_at, *at)),
    )
}
