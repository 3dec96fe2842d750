//! The dialog on what is marked: what exactly would be cancelled, what would be left alone and why, how to answer.
//!
//! The list scrolls between a head and a foot that stay. An id is never cut, because two may differ at their ends.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    domain::{
        operation::{CancelState, Destination, OperationDetail},
        text::SafeText,
    },
    tui::{
        layout::{LEAST, middle},
        model::{Aim, Answer, Bulk, Model, Skip, words},
        moment::exact,
        theme::{Theme, Tone},
        view::paint,
        width::{cells, cut},
    },
};

/// The widest that a dialog is drawn.
const WIDEST: u16 = 100;
/// From this height there is room for a frame.
const FRAMED: u16 = 16;
/// How to answer takes this many lines, so that the dialog does not jump.
const FOOT: usize = 3;
/// The cells that a destination takes in its column.
const TO: usize = 9;
/// The fewest cells for a step beside the rest; with less room everything but the id has a line of its own.
const LEAST_STEP: usize = 10;

/// The window onto the list of the dialog on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The lines that the window has.
    pub(crate) height: usize,
    /// The first line of the list in the window when that is at its end.
    pub(crate) furthest: usize,
    /// How many lines tell of what would be cancelled.
    pub(crate) to_read: usize,
}

/// Where everything stands, and what is to be read there.
struct Plan {
    area: Rect,
    framed: bool,
    head: Vec<Line<'static>>,
    list: Vec<Line<'static>>,
    to_read: usize,
    height: usize,
}

impl Plan {
    fn of(model: &Model, bulk: &Bulk, screen: Rect) -> Self {
        let framed = screen.height >= FRAMED;
        let width = if framed {
            WIDEST.min(screen.width.saturating_sub(2))
        } else {
            screen.width
        };
        let (sides, ends) = if framed { (4, 2) } else { (0, 0) };
        let room = usize::from(width.saturating_sub(sides));
        let mut head = head(model, bulk, room);
        if !framed {
            // It says how many there are, and stands on the frame where there is one.
            head.splice(
                0..0,
                paint::sentence(&title(bulk), Tone::Strong, room, model.theme()),
            );
        }
        let (list, to_read) = list(model, bulk, room);
        // One blank line above the foot.
        let fixed = head.len() + 1 + FOOT + ends;
        let most = usize::from(screen.height).saturating_sub(fixed);
        let height = list.len().min(most);
        let area = if framed {
            let rows = u16::try_from(fixed + height).unwrap_or(u16::MAX);
            middle(screen, Size::new(width, rows))
        } else {
            screen
        };
        Self {
            area,
            framed,
            head,
            list,
            to_read,
            height,
        }
    }

    fn furthest(&self) -> usize {
        self.list.len() - self.height
    }

    /// Whether there is room to read anything at all.
    fn is_readable(&self) -> bool {
        self.height > 0 || self.list.is_empty()
    }
}

/// The window onto the list of the dialog on top; none where there is no such dialog, or no room for it.
pub(crate) fn page(model: &Model) -> Option<Page> {
    let screen = model.area();
    if screen.width < LEAST.width || screen.height < LEAST.height {
        return None;
    }
    let plan = Plan::of(model, model.bulk()?, screen);
    plan.is_readable().then(|| Page {
        height: plan.height,
        furthest: plan.furthest(),
        to_read: plan.to_read,
    })
}

/// Draws the dialog; returns where an answer is typed.
pub(super) fn draw(model: &Model, bulk: &Bulk, buffer: &mut Buffer) -> Option<Position> {
    let plan = Plan::of(model, bulk, buffer.area);
    let theme = model.theme();
    let mut rest = paint::sheet(buffer, plan.area, &title(bulk), plan.framed, theme);
    if !plan.is_readable() {
        let room = usize::from(rest.width);
        let sentence = "Enlarge the window to read and answer this; esc leaves all alone.";
        paint::lines(
            buffer,
            rest,
            &paint::sentence(sentence, Tone::Bad, room, theme),
            0,
        );
        return None;
    }
    let mut take = |height: usize| {
        let height = u16::try_from(height).unwrap_or(u16::MAX).min(rest.height);
        let taken = Rect { height, ..rest };
        rest.y += height;
        rest.height -= height;
        taken
    };
    paint::lines(buffer, take(plan.head.len()), &plan.head, 0);
    let from = bulk.scrolled.min(plan.furthest());
    paint::lines(buffer, take(plan.height), &plan.list, from);
    take(1);
    let foot = take(FOOT);
    paint::lines(
        buffer,
        foot,
        &answer(bulk, &plan, usize::from(foot.width), theme),
        0,
    );
    typing_at(bulk, foot)
}

fn title(bulk: &Bulk) -> String {
    let (count, live, unknown) = counts(bulk);
    if bulk.arrived.is_none() {
        return "Looking".to_owned();
    }
    let which = match count {
        0 => return "Nothing to cancel".to_owned(),
        1 => "Cancel 1 operation".to_owned(),
        _ => format!("Cancel {count} operations"),
    };
    let told = |count: usize, how: &str| match count {
        0 => String::new(),
        count => format!(", {count} {how}"),
    };
    format!(
        "{which}{}{}?",
        told(live, "of them LIVE"),
        told(unknown, "perhaps LIVE")
    )
}

/// How many operations there are, how many go live, and of how many nobody knows.
fn counts(bulk: &Bulk) -> (usize, usize, usize) {
    let to = |live: bool| {
        let is =
            move |aim: &Aim| aim.may_be_production() && (*aim.destination() == Destination::Live) == live;
        bulk.aims().filter(|(_, aim)| is(aim)).count()
    };
    (bulk.aims().count(), to(true), to(false))
}

/// When it was read, who is mailed, and what was marked and cannot be seen.
fn head(model: &Model, bulk: &Bulk, room: usize) -> Vec<Line<'static>> {
    let say = |text: &str, tone| paint::sentence(text, tone, room, model.theme());
    let mut lines = Vec::new();
    if bulk.arrived.is_none() {
        let (all, unknown) = (bulk.entries.len(), bulk.unknown());
        lines.extend(say(
            &format!("looking at {all} offers, {unknown} to go…"),
            Tone::Plain,
        ));
    } else if let Some(read) = read_at(model, bulk) {
        let mails = match model.setup.notify.len() {
            0 => "nobody named is mailed".to_owned(),
            1 => format!("mails {}", model.setup.notify[0]),
            more => format!("mails {} and {} more", model.setup.notify[0], more - 1),
        };
        let read = format!("read {read} · {mails}");
        lines.extend(say(&cut(&read, room), Tone::Quiet));
    }
    if bulk.hidden > 0 {
        let hidden = bulk.hidden;
        let are = if hidden == 1 { "is" } else { "are" };
        lines.extend(say(
            &format!("{hidden} marked {are} hidden and left alone"),
            Tone::Strong,
        ));
    }
    lines
}

/// From when to when what would be cancelled was read.
fn read_at(model: &Model, bulk: &Bulk) -> Option<String> {
    let time = |at| exact(at, model.now.wall, &model.setup.zone);
    let first = bulk.aims().map(|(_, aim)| aim.read_at).min()?;
    let last = bulk.aims().map(|(_, aim)| aim.read_at).max()?;
    let (first, last) = (time(first), time(last));
    Some(if first == last {
        first
    } else {
        format!("{first}–{last}")
    })
}

/// What would be cancelled, then what would be left alone; and how many lines the first takes.
fn list(model: &Model, bulk: &Bulk, room: usize) -> (Vec<Line<'static>>, usize) {
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
    format!("{} {}", cut(kind, 12), aim.binding.short())
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
        Skip::Several(active) => {
            let one = |candidate: &crate::engine::Candidate| {
                let operation = &candidate.operation;
                let id = crate::domain::target::Binding::of(operation).short();
                format!(
                    "{} {id} → {}",
                    cut(operation.kind.as_str(), 12),
                    operation.destination.word()
                )
            };
            let active: Vec<String> = active.iter().map(one).collect();
            format!(
                "{} active, choose one with c on it alone: {}",
                active.len(),
                active.join(", ")
            )
        }
        Skip::Failed(failure) => format!("could not be looked at: {}", failure.text()),
    }
}

/// How to answer; nothing can be, before it is armed.
fn answer(bulk: &Bulk, plan: &Plan, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let say = |text: &str, tone| Line::from(theme.say(tone, cut(text, room).into_owned()));
    // What this frame shows is read with it.
    let shown = if bulk.scrolled <= bulk.read {
        bulk.scrolled + plan.height
    } else {
        0
    };
    let unread = plan.to_read.saturating_sub(bulk.read.max(shown));
    let below = plan.furthest().saturating_sub(bulk.scrolled);
    let more = if below > 0 {
        format!("PgDn {below} more lines · ")
    } else {
        String::new()
    };
    let leaves = format!("{more}esc leaves all alone");
    match bulk.answer() {
        _ if bulk.arrived.is_none() => vec![say("…", Tone::Quiet), say(&leaves, Tone::Quiet)],
        Answer::Nothing => vec![
            say("There is nothing to confirm.", Tone::Plain),
            say(&format!("{more}esc back"), Tone::Quiet),
        ],
        _ if unread > 0 && below > 0 => vec![
            say(&format!("PgDn: {unread} more lines to read first"), Tone::Strong),
            say("esc leaves all alone", Tone::Quiet),
        ],
        _ if !bulk.guard.tells_how() => vec![say("…", Tone::Quiet), say(&leaves, Tone::Quiet)],
        Answer::Key => vec![
            Line::from(vec![
                theme.say(Tone::Strong, "y"),
                theme.say(Tone::Plain, " cancels it"),
            ]),
            say(
                &format!("{more}esc or any other letter leaves all alone"),
                Tone::Quiet,
            ),
        ],
        Answer::Id(_) | Answer::Count(_) => to_type(bulk, &more, room, theme),
    }
}

fn to_type(bulk: &Bulk, more: &str, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let answer = bulk.answer();
    let is_count = matches!(answer, Answer::Count(_));
    let prompt = match (bulk.typed.is_wrong, is_count) {
        (true, true) => "That is not how many there are:",
        (true, false) => "That is not the offer's id:",
        (false, true) => "Type how many are to be cancelled:",
        (false, false) => "Type the offer's id to cancel:",
    };
    let tone = if bulk.typed.is_wrong {
        Tone::Bad
    } else {
        Tone::Strong
    };
    let typed = SafeText::new(&bulk.typed.text);
    let keys = match (bulk.can_be_answered(), is_count) {
        (false, _) => "",
        (true, true) => "enter cancels them · ",
        (true, false) => "enter cancels it · ",
    };
    vec![
        Line::from(theme.say(tone, prompt)),
        Line::from(vec![
            theme.say(Tone::Quiet, "> "),
            theme.say(Tone::Strong, typed.to_string()),
        ]),
        Line::from(theme.say(
            Tone::Quiet,
            cut(&format!("{keys}{more}esc leaves all alone"), room).into_owned(),
        )),
    ]
}

fn typing_at(bulk: &Bulk, foot: Rect) -> Option<Position> {
    bulk.answer().wanted().filter(|_| bulk.guard.tells_how())?;
    let typed = u16::try_from(2 + cells(&bulk.typed.text)).unwrap_or(u16::MAX);
    Some(Position::new(
        foot.x.saturating_add(typed),
        foot.y.saturating_add(1),
    ))
}
