//! The dialog on what is marked: what exactly would be cancelled, what would be left alone and why, how to answer.
//!
//! The list scrolls between a head and a foot that stay. An id is never cut, because two may differ at their ends.

mod answering;
mod listing;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    domain::{operation::Destination, recipients::write},
    presentation::{Tone, moment::exact},
    tui::{
        layout::{LEAST, middle},
        model::{Aim, Bulk, Model},
        view::paint,
    },
};

/// The widest that a dialog is drawn.
const WIDEST: u16 = 100;
/// From this height there is room for a frame.
const FRAMED: u16 = 16;
/// How to answer takes this many lines, so that the dialog does not jump.
const FOOT: usize = 3;

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
        let (list, to_read) = listing::list(model, bulk, room);
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
        &answering::answer(bulk, &plan, usize::from(foot.width), theme),
        0,
    );
    answering::typing_at(bulk, foot)
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
    let told = |some: usize, how: &str| match some {
        0 => String::new(),
        _ if count == 1 => format!(", {}", how.trim_start_matches("of them ")),
        some => format!(", {some} {how}"),
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
        // Everyone by name, however many lines that takes: it is part of what is confirmed.
        let mails = match &model.setup.notify[..] {
            [] => "nobody named is mailed".to_owned(),
            named => format!("mails {}", write(named)),
        };
        lines.extend(say(&format!("read {read} · {mails}"), Tone::Quiet));
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
