//! The list of offers: its order, what it is narrowed to, the selection and the marks by id, the window onto it.
//!
//! Unless a person chose a column, what is in flight or was cancelled from here stands on top, each group by id. While
//! something is looked for, what has its letters here and there is shown only where nothing has it as it stands. The order
//! changes only when a snapshot arrives and no dialog is open, and the selection follows its offer.

mod extent;
mod marks;

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use jiff::Timestamp;
use tui_input::Input;

use crate::{
    domain::{ids::OfferId, offer::Offer},
    engine::Snapshot,
    presentation::{Finder, Ground, Hit, Key, Query, Requests, Row, Sort, is_active, is_in_flight},
    tui::width::cells,
};

use extent::Extent;
use marks::Marks;

/// The list and the window onto it.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    /// Who chose the selection.
    pub(crate) chosen: Chosen,
    /// The offers shown, in order.
    pub(crate) rows: Vec<Arc<Offer>>,
    /// The selected offer, whether it is shown or not.
    pub(crate) selected: Option<OfferId>,
    /// Where the selection stands, or stood when it was last seen.
    pub(crate) cursor: usize,
    /// The first row of the window.
    pub(crate) top: usize,
    /// How well what is looked for is met: by its letters alone only where nothing has it as it stands.
    pub(crate) met: Hit,
    /// What is looked for, as it is typed.
    pub(crate) filter: Input,
    /// What the next letter does to that.
    pub(crate) next_letter: Letter,
    /// The same, read.
    pub(crate) query: Query,
    /// The order that a person chose.
    pub(crate) sort: Sort,
    /// What is marked to be cancelled together.
    pub(crate) marks: Marks,
    /// Whether keys go into the filter.
    pub(crate) is_typing: bool,
    /// Whether only what is in flight is shown.
    pub(crate) only_in_flight: bool,
    /// The cells that the longest id in the list takes.
    pub(crate) widest: usize,
    /// The room that the states and the times want.
    pub(crate) extent: Extent,
    /// How many offers have something in flight, shown or not.
    pub(crate) in_flight: usize,
    /// How many offers there are, shown or not.
    pub(crate) total: usize,
    /// Whether the order is older than the snapshot, because a dialog held it still.
    pub(crate) is_held: bool,
}

/// What a letter that is typed does to what stands in the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Letter {
    /// It is put in.
    #[default]
    GoesOn,
    /// It takes the place of what stands there from before.
    BeginsAnew,
}

/// Who chose a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// Nobody was at the keys since there is one: it is whatever stands first.
    #[default]
    ByOrder,
    /// Whoever is at the keys, who saw it and did not move.
    ByPerson,
}

impl List {
    /// Whether anything is left out on purpose.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.is_typing || self.only_in_flight || !self.filter.value().is_empty()
    }

    /// Whether there is anything to say about the list beyond its rows.
    pub(crate) fn has_a_say(&self) -> bool {
        self.is_narrowed() || self.marks.count() > 0
    }

    /// Orders and narrows anew. The selection stays what it is, and where a refresh alone would narrow it away, it stays
    /// in the list; where nobody chose one yet, the first row gets it.
    pub(crate) fn arrange(&mut self, known: &Snapshot, requests: &Requests, now: Timestamp) {
        self.is_held = false;
        let is_kept = self.position().is_some() && self.query.is_of(self.filter.value());
        if !self.query.is_of(self.filter.value()) {
            self.query = Query::read(self.filter.value());
        }
        let offers = known.offers.value().map(|offers| &**offers).unwrap_or_default();
        self.total = offers.len();
        let ground = Ground { known, requests, now };
        self.rows = self.ranked(offers, ground, is_kept);
        if known.offers.value().is_some() {
            self.marks.keep_among(offers);
        }
        self.marks.count_among(&self.rows);
        // Of the whole list and not of the window, so that no column moves while it scrolls.
        self.widest = self.rows.iter().map(|offer| id_cells(offer)).max().unwrap_or(0);
        if self.selected.is_none() || self.chosen == Chosen::ByOrder {
            self.selected = self.rows.first().map(|offer| offer.id.clone());
            self.top = 0;
        }
        if let Some(at) = self.position() {
            self.cursor = at;
        }
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    /// The offers that are to be shown, in order; counts those in flight.
    fn ranked(&mut self, offers: &[Arc<Offer>], ground: Ground<'_>, is_kept: bool) -> Vec<Arc<Offer>> {
        let Ground { known, requests, .. } = ground;
        let touched = touched(known, requests);
        let mut finder = (!self.query.is_empty()).then(|| Finder::new(&self.query).among(offers));
        let mut ranked = Vec::new();
        self.in_flight = 0;
        let mut extent = Extent::default();
        for offer in offers {
            let is_touched = touched.contains(&offer.id);
            let in_flight = if is_touched {
                is_in_flight(known, requests, offer)
            } else {
                is_active(known, offer)
            };
            self.in_flight += usize::from(in_flight);
            let on_top = in_flight || is_touched;
            let is_selected = self.selected.as_ref() == Some(&offer.id);
            if self.only_in_flight && !on_top && !is_selected {
                continue;
            }
            let hit = finder
                .as_mut()
                .map_or(Some(Hit::Whole), |finder| finder.hit(offer, ground));
            let is_kept = is_selected && is_kept;
            let Some(hit) = hit.or(is_kept.then_some(Hit::Loose)) else {
                continue;
            };
            let row = on_top.then(|| Row::of(known, requests, offer));
            extent.take(offer, row.as_ref());
            let column = self.sort.column;
            ranked.push(Ranked {
                key: column.and_then(|column| column.key(offer, &|| Row::of(known, requests, offer))),
                hit,
                is_below: !on_top,
                is_kept,
                offer,
            });
        }
        self.met = ranked.iter().map(|row| row.hit).min().unwrap_or_default();
        if self.met == Hit::Whole {
            ranked.retain(|row| row.hit == Hit::Whole || row.is_kept);
        }
        self.extent = extent;
        ranked.sort_by(|one, other| one.stands_to(other, self.sort));
        ranked.into_iter().map(|row| Arc::clone(row.offer)).collect()
    }

    /// Marks the selected row or takes its mark off, and moves on.
    pub(crate) fn mark(&mut self) {
        if let Some(at) = self.position() {
            self.marks.toggle(&self.rows[at].id);
            self.select(at + 1);
        }
    }

    /// Marks all rows that are shown, or takes their marks off where all have one.
    pub(crate) fn mark_all(&mut self) {
        self.marks.toggle_all(&self.rows);
    }

    /// Takes every mark off.
    pub(crate) fn unmark_all(&mut self) {
        self.marks.clear();
    }

    /// Takes the marks off `offers`.
    pub(crate) fn unmark<'a>(&mut self, offers: impl IntoIterator<Item = &'a OfferId>) {
        for offer in offers {
            self.marks.remove(offer);
        }
        self.marks.count_among(&self.rows);
    }

    /// The marked offers that are shown, in the list's order.
    pub(crate) fn marked(&self) -> impl Iterator<Item = &Arc<Offer>> {
        self.rows.iter().filter(|row| self.marks.has(&row.id))
    }

    /// Where the selected offer stands, if it is shown.
    pub(crate) fn position(&self) -> Option<usize> {
        let selected = self.selected.as_ref()?;
        match self.rows.get(self.cursor) {
            Some(offer) if offer.id == *selected => Some(self.cursor),
            _ => self.rows.iter().position(|offer| offer.id == *selected),
        }
    }

    /// Selects row `at`, or the last one.
    pub(crate) fn select(&mut self, at: usize) {
        self.chosen = Chosen::ByPerson;
        self.cursor = at.min(self.rows.len().saturating_sub(1));
        if let Some(offer) = self.rows.get(self.cursor) {
            self.selected = Some(offer.id.clone());
        }
    }

    /// After the person narrowed the list: the selection goes to the first row if its own is gone.
    pub(crate) fn reselect(&mut self) {
        if self.position().is_none() {
            self.select(0);
        }
    }

    /// Moves the window, by half of it, so that the cursor is in view; whole windows cost the line most.
    pub(crate) fn scroll(&mut self, height: usize) {
        self.top = window_top(self.top, self.cursor, height, self.rows.len());
    }

    /// The rows in a window of `height`.
    pub(crate) fn window(&self, height: usize) -> &[Arc<Offer>] {
        let top = self.top.min(self.rows.len());
        let end = top.saturating_add(height).min(self.rows.len());
        &self.rows[top..end]
    }
}

/// The first row of a window of `height` onto `count` rows that began at `top`, moved by halves of itself so that
/// `cursor` is in view.
pub(super) fn window_top(top: usize, cursor: usize, height: usize, count: usize) -> usize {
    if height == 0 {
        return top;
    }
    let step = (height / 2).max(1);
    let moved = if cursor < top {
        let behind = (top - cursor).div_ceil(step);
        top.saturating_sub(behind * step)
    } else if cursor >= top + height {
        let ahead = (cursor + 1 - top - height).div_ceil(step);
        top + ahead * step
    } else {
        top
    };
    moved.min(count.saturating_sub(height))
}

/// An offer that is shown, and what decides where.
struct Ranked<'a> {
    key: Option<Key>,
    hit: Hit,
    is_below: bool,
    /// Whether it stays even where others meet the query better.
    is_kept: bool,
    offer: &'a Arc<Offer>,
}

impl Ranked<'_> {
    fn stands_to(&self, other: &Self, sort: Sort) -> Ordering {
        let order = match sort.column {
            Some(_) => sort.compare(self.key.as_ref(), other.key.as_ref()),
            None => (self.hit, self.is_below).cmp(&(other.hit, other.is_below)),
        };
        order.then_with(|| self.offer.id.cmp(&other.offer.id))
    }
}

/// The offers that someone cancels or cancelled from here.
fn touched<'a>(known: &'a Snapshot, requests: &'a Requests) -> HashSet<&'a OfferId> {
    let tracked = known
        .cancellations
        .iter()
        .map(|tracked| &tracked.cancellation.request.target.offer);
    let asked = requests.asked.iter().map(|asked| &asked.target.offer);
    tracked.chain(asked).collect()
}

fn id_cells(offer: &Offer) -> usize {
    let raw = offer.id.raw();
    if raw.bytes().all(|byte| byte.is_ascii_graphic()) {
        raw.len()
    } else {
        cells(offer.id.shown().as_str())
    }
}
