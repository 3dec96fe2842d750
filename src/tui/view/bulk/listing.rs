//! What would be cancelled, a line or two each with what else is to be known, and what would be left alone and why.

use ratatui::text::Line;

use crate::{
    domain::operation::{CancelState, Destination, OperationDetail},
    presentation::{Tone, moment::exact, state::words},
    tui::{
        model::{Aim, Bulk, Model, Skip},
        view::paint,
        width::{cells, cut},
    },
};

/// The cells that a destination takes in its column.
const TO: usize = 9;
/// The fewest cells for a step beside the rest; with less room everything but the id has a line of its own.
const LEAST_STEP: usize = 10;

/// What would be cancelled, then what would be left alone; and how many lines the first takes.
pub(super) fn list(model: &Model, bulk: &Bulk, room: usize) -> (Vec<Line<'static>>, usize) {
    let theme = model.theme();
    let mut lines = Vec::new();
    let columns = Columns::fitting(bulk, room);
    for (offer, aim) in bulk.aims() {
        lines.extend(aimed(model, offer.shown().as_str(), aim, columns, room));
    }
    let to_read = lines.len();
    if bulk.skipped().next().is_some() {
        if to_read > 0 {
            lines.push(Line::default());
        }
        lines.push(Line::from(theme.say(Tone::Strong, "Left alone")));
    }
    for (offer, skip) in bulk.skipped() {
        let text = format!("{offer}: {}", why(model, skip));
        lines.extend(paint::labelled("", &text, Tone::Plain, 2, room, theme));
    }
    (lines, to_read)
}

/// How wide the columns are; none where what is told of an operation has lines of its own under the id.
#[derive(Clone, Copy)]
enum Columns {
    Beside { id: usize, what: usize },
    Under,
}

impl Columns {
    fn fitting(bulk: &Bulk, room: usize) -> Self {
        let id = bulk.aims().map(|(offer, _)| cells(offer.shown().as_str())).max();
        let what = bulk.aims().map(|(_, aim)| cells(&what(aim))).max();
        let (id, what) = (id.unwrap_or(0), what.unwrap_or(0));
        if id + 2 + TO + what + 2 + LEAST_STEP <= room {
            Self::Beside { id, what }
        } else {
            Self::Under
        }
    }
}

fn aimed(model: &Model, id: &str, aim: &Aim, columns: Columns, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let to = to(aim);
    let tone = if aim.may_be_production() {
        Tone::Live
    } else {
        Tone::Plain
    };
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(cells(text)));
    let mut lines = match columns {
        Columns::Beside { id: width, what: of } => {
            let what = what(aim);
            let step = room.saturating_sub(width + 2 + TO + of + 2);
            let gap = pad(&what, of + 2);
            vec![Line::from(vec![
                theme.say(Tone::Strong, format!("{id}{}", pad(id, width + 2))),
                theme.say(tone, format!("{to}{}", pad(to, TO))),
                theme.say(Tone::Plain, format!("{what}{gap}{}", cut(&step_of(aim), step))),
            ])]
        }
        Columns::Under => {
            let mut lines = paint::sentence(id, Tone::Strong, room, theme);
            let rest = cut(
                &format!(" · {} · {}", what(aim), step_of(aim)),
                room.saturating_sub(2 + cells(to)),
            )
            .into_owned();
            lines.push(Line::from(vec![
                theme.say(tone, format!("  {to}")),
                theme.say(Tone::Plain, rest),
            ]));
            lines
        }
    };
    for note in notes(model, aim) {
        lines.extend(paint::labelled("", &note, Tone::Open, 2, room, theme));
    }
    lines
}

/// The word of the destination; what is not known may be the marketplace.
fn to(aim: &Aim) -> &str {
    match aim.destination() {
        Destination::Unknown(_) => "LIVE?",
        known => known.word(),
    }
}

/// The kind of the operation and enough of its id.
fn what(aim: &Aim) -> String {
    let kind = aim.candidate.operation.kind.as_str();
    format!("{} {}", cut(kind, 12), aim.name)
}

fn step_of(aim: &Aim) -> String {
    let step = aim
        .candidate
        .detail
        .as_ref()
        .and_then(OperationDetail::current_step);
    step.map_or_else(
        || words(&aim.candidate.operation.state),
        |step| step.name.to_string(),
    )
}

/// What else is to be known before it is cancelled.
fn notes(model: &Model, aim: &Aim) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(CancelState::Says(word)) = aim.candidate.detail.as_ref().map(|detail| &detail.cancel_state) {
        let word = cut(word.as_str(), 60);
        notes.push(format!("the service says ‘{word}’; you may still try"));
    }
    if let Some(presumed) = &aim.presumed {
        notes.push(cut(presumed.as_str(), 120).into_owned());
    }
    if let Some(earlier) = &aim.earlier {
        let repeats = if earlier.is_repeated {
            "; this asks again"
        } else {
            ""
        };
        let asked = exact(earlier.at, model.now.wall, &model.setup.zone);
        notes.push(format!("asked before at {asked}: {}{repeats}", earlier.outcome));
    }
    notes
}

/// Why an offer is left alone.
fn why(model: &Model, skip: &Skip) -> String {
    match skip {
        Skip::Inert => "its id holds characters that must not be sent".to_owned(),
        Skip::UnderWay => "is being cancelled already".to_owned(),
        Skip::Nothing { at } => {
            format!(
                "nothing in flight at {}",
                exact(*at, model.now.wall, &model.setup.zone)
            )
        }
        Skip::Hindered(why) => why.to_string(),
        Skip::Failed(failure) => format!("could not be looked at: {}", failure.text()),
    }
}
