//! The text of the dialog: what would be canceled, every fact of one or a line or two of each of several; then what
//! would be left alone, and why. An id is never cut, because two may differ at their ends.

use ratatui::text::Line;

use crate::{
    domain::operation::{CancelState, Destination, OperationDetail},
    presentation::{Tone, moment::exact, state::words},
    proposal::{Plan, Skip},
    tui::{
        model::{Dialog, Model},
        view::{
            confirmation::{
                facts,
                notes::{asked_before, says},
            },
            paint,
        },
        width::{cells, cut},
    },
};

/// The cells that a destination takes in its column.
const TO: usize = 9;
/// The fewest cells for a step beside the rest; with less room everything but the id has a line of its own.
const LEAST_STEP: usize = 10;

/// All of it, and how many lines tell of what would be canceled.
pub(super) fn lines(model: &Model, dialog: &Dialog, room: usize) -> (Vec<Line<'static>>, usize) {
    let theme = model.theme();
    let plans: Vec<_> = dialog.proposal.plans().collect();
    let mut lines = if let [one] = plans[..] {
        facts::lines(model, dialog, one, room)
    } else {
        let columns = Columns::fitting(&plans, room);
        let rows = plans.iter();
        rows.flat_map(|(_, plan)| row(model, plan, columns, room))
            .collect()
    };
    let to_read = lines.len();
    let is_of_one = dialog.proposal.only().is_some();
    if !is_of_one && dialog.proposal.skipped().next().is_some() {
        if to_read > 0 {
            lines.push(Line::default());
        }
        lines.push(Line::from(theme.say(Tone::Strong, "Left alone")));
    }
    for (offer, skip) in dialog.proposal.skipped() {
        let (why, what) = (format!("{offer}: {}", why(model, skip)), failure(skip));
        if is_of_one {
            lines.extend(paint::sentence(&why, Tone::Plain, room, theme));
            lines.extend(
                what.into_iter()
                    .flat_map(|what| paint::sentence(&what, Tone::Plain, room, theme)),
            );
        } else {
            let text = what.map_or_else(|| why.clone(), |what| format!("{why}: {what}"));
            lines.extend(paint::labelled("", &text, Tone::Plain, 2, room, theme));
        }
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
    fn fitting<T>(plans: &[(T, &Plan)], room: usize) -> Self {
        let id = plans
            .iter()
            .map(|(_, plan)| cells(plan.target.offer.shown().as_str()));
        let what = plans.iter().map(|(_, plan)| cells(&what(plan)));
        let (id, what) = (id.max().unwrap_or(0), what.max().unwrap_or(0));
        if id + 2 + TO + what + 2 + LEAST_STEP <= room {
            Self::Beside { id, what }
        } else {
            Self::Under
        }
    }
}

fn row(model: &Model, plan: &Plan, columns: Columns, room: usize) -> Vec<Line<'static>> {
    let theme = model.theme();
    let (id, to) = (plan.target.offer.shown(), to(plan));
    let tone = if plan.may_be_production() {
        Tone::Live
    } else {
        Tone::Plain
    };
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(cells(text)));
    let mut lines = match columns {
        Columns::Beside { id: width, what: of } => {
            let what = what(plan);
            let step = room.saturating_sub(width + 2 + TO + of + 2);
            let gap = pad(&what, of + 2);
            vec![Line::from(vec![
                theme.say(Tone::Strong, format!("{id}{}", pad(id.as_str(), width + 2))),
                theme.say(tone, format!("{to}{}", pad(to, TO))),
                theme.say(Tone::Plain, format!("{what}{gap}{}", cut(&step_of(plan), step))),
            ])]
        }
        Columns::Under => {
            let mut lines = paint::sentence(id.as_str(), Tone::Strong, room, theme);
            let rest = cut(
                &format!(" · {} · {}", what(plan), step_of(plan)),
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
    for note in notes(model, plan) {
        lines.extend(paint::labelled("", &note, Tone::Open, 2, room, theme));
    }
    lines
}

/// The word of the destination; what is not known may be the marketplace.
fn to(plan: &Plan) -> &str {
    match plan.destination() {
        Destination::Unknown(_) => "LIVE?",
        known => known.word(),
    }
}

/// The kind of the operation and enough of its id.
fn what(plan: &Plan) -> String {
    let kind = plan.candidate.operation.kind.as_str();
    format!("{} {}", cut(kind, 12), plan.target.name().short())
}

fn step_of(plan: &Plan) -> String {
    let detail = plan.candidate.detail.as_ref();
    detail.and_then(OperationDetail::current_step).map_or_else(
        || words(&plan.candidate.operation.state),
        |step| step.name.to_string(),
    )
}

/// What else is to be known before it is canceled.
fn notes(model: &Model, plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(CancelState::Says(word)) = plan.candidate.detail.as_ref().map(|detail| &detail.cancel_state) {
        notes.push(says(word));
    }
    if let Some(presumed) = &plan.presumed {
        notes.push(cut(presumed.as_str(), 120).into_owned());
    }
    notes.extend(asked_before(model, plan).map(|asked| format!("asked before {asked}")));
    notes
}

/// Why an offer is left alone.
fn why(model: &Model, skip: &Skip) -> String {
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    match skip {
        Skip::UnsafeId => "its id holds characters that must not be sent".to_owned(),
        Skip::UnderWay => "is being cancelled already".to_owned(),
        Skip::Nothing { at } => format!("nothing in flight at {}", time(*at)),
        Skip::Hindered { why, .. } => why.to_string(),
        Skip::Failed(_) => "could not be looked at".to_owned(),
    }
}

/// What went wrong, where something did.
fn failure(skip: &Skip) -> Option<String> {
    match skip {
        Skip::Failed(failure) => Some(failure.text().to_string()),
        _ => None,
    }
}
