//! The dialog before a cancel, of one or of many: where its text stands and how far it is scrolled.
//!
//! The text scrolls between a head and a foot that stay. What it says is in the files below; this one must not know it.

mod facts;
mod foot;
mod head;
mod notes;
mod text;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
    text::Line,
};

use crate::{
    presentation::Tone,
    tui::{
        layout::{LEAST, middle},
        model::{Dialog, Model},
        view::paint,
    },
};

/// The widest that the dialog on one offer is drawn.
const WIDEST: u16 = 76;
/// The widest that the dialog on several is drawn.
const WIDEST_OF_SEVERAL: u16 = 100;
/// From this height there is room for a frame.
const FRAMED: u16 = 16;

/// The window onto the text of the dialog on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The lines that the window has.
    pub(crate) height: usize,
    /// The first line of the text in the window when that is at its end.
    pub(crate) furthest: usize,
    /// How many lines tell of what would be canceled.
    pub(crate) to_read: usize,
}

/// Where everything stands.
struct Sheet {
    area: Rect,
    is_framed: bool,
    head: Vec<Line<'static>>,
    text: Vec<Line<'static>>,
    foot: usize,
    page: Page,
}

impl Sheet {
    fn of(model: &Model, dialog: &Dialog, screen: Rect) -> Self {
        let is_framed = screen.height >= FRAMED;
        let widest = match dialog.proposal.only() {
            Some(_) => WIDEST,
            None => WIDEST_OF_SEVERAL,
        };
        let (width, sides, ends) = if is_framed {
            (widest.min(screen.width.saturating_sub(2)), 4, 2)
        } else {
            (screen.width, 0, 0)
        };
        let room = usize::from(width.saturating_sub(sides));
        let mut head = head::lines(model, dialog, room);
        if !is_framed {
            // It stands on the frame where there is one.
            let title = paint::sentence(&head::title(dialog), Tone::Strong, room, model.theme());
            head.splice(0..0, title);
        }
        let (text, to_read) = text::lines(model, dialog, room);
        let foot = foot::height(model, dialog, room);
        // One blank line above the foot.
        let fixed = head.len() + 1 + foot + ends;
        let height = text.len().min(usize::from(screen.height).saturating_sub(fixed));
        let area = if is_framed {
            let rows = u16::try_from(fixed + height).unwrap_or(u16::MAX);
            middle(screen, Size::new(width, rows))
        } else {
            screen
        };
        let page = Page {
            height,
            furthest: text.len() - height,
            to_read,
        };
        Self {
            area,
            is_framed,
            head,
            text,
            foot,
            page,
        }
    }

    /// Whether there is room to read anything at all.
    fn is_readable(&self) -> bool {
        self.page.height > 0 || self.text.is_empty()
    }
}

/// The window onto the text of the dialog on top; none where there is no such dialog, or no room for it.
pub(crate) fn page(model: &Model) -> Option<Page> {
    let screen = model.area();
    if screen.width < LEAST.width || screen.height < LEAST.height {
        return None;
    }
    let sheet = Sheet::of(model, model.confirmation()?, screen);
    sheet.is_readable().then_some(sheet.page)
}

/// Draws the dialog; returns where text is typed.
pub(super) fn draw(model: &Model, dialog: &Dialog, buffer: &mut Buffer) -> Option<Position> {
    let sheet = Sheet::of(model, dialog, buffer.area);
    let theme = model.theme();
    let title = head::title(dialog);
    let mut rest = paint::sheet(buffer, sheet.area, &title, sheet.is_framed, theme);
    let room = usize::from(rest.width);
    if !sheet.is_readable() {
        let sentence = "Enlarge the window to read and answer this; esc leaves it alone.";
        let lines = paint::sentence(sentence, Tone::Bad, room, theme);
        paint::lines(buffer, rest, &lines, 0);
        return None;
    }
    let mut take = |height: usize| {
        let height = u16::try_from(height).unwrap_or(u16::MAX).min(rest.height);
        let taken = Rect { height, ..rest };
        rest.y += height;
        rest.height -= height;
        taken
    };
    paint::lines(buffer, take(sheet.head.len()), &sheet.head, 0);
    let from = dialog.scrolled.min(sheet.page.furthest);
    paint::lines(buffer, take(sheet.page.height), &sheet.text, from);
    take(1);
    let area = take(sheet.foot);
    paint::lines(buffer, area, &foot::lines(model, dialog, sheet.page, room), 0);
    foot::cursor(model, dialog, area)
}
