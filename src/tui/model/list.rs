//! The list of offers: its order, what it is narrowed to, the selection by id and the window onto it.
//!
//! What is in flight or was cancelled from here stands on top, each group by id. The order changes only when a snapshot
//! arrives and no dialog is open, and the selection follows its offer.

use std::{collections::HashSet, sync::Arc};

use tui_input::Input;

use crate::{
    domain::{ids::OfferId, offer::Offer},
    engine::Snapshot,
    tui::{
        model::{Requests, is_active, is_in_flight},
        width::cells,
    },
};

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
    /// The text that id or name must have.
    pub(crate) filter: Input,
    /// Whether keys go into the filter.
    pub(crate) is_typing: bool,
    /// Whether only what is in flight is shown.
    pub(crate) only_in_flight: bool,
    /// The cells that the longest id in the list takes.
    pub(crate) widest: usize,
    /// How many offers have something in flight, shown or not.
    pub(crate) in_flight: usize,
    /// How many offers there are, shown or not.
    pub(crate) total: usize,
    /// Whether the order is older than the snapshot, because a dialog held it still.
    pub(crate) is_held: bool,
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

    /// Orders and narrows anew. The selection stays what it is; where nobody chose one yet, the first row gets it.
    pub(crate) fn arrange(&mut self, known: &Snapshot, requests: &Requests) {
        self.is_held = false;
        let offers = known.offers.value().map(|offers| &**offers).unwrap_or_default();
        self.total = offers.len();
        self.in_flight = 0;
        let wanted = self.filter.value().to_lowercase();
        let touched = touched(known, requests);
        let mut ranked: Vec<(bool, &Arc<Offer>)> = Vec::new();
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
            if (on_top || is_selected || !self.only_in_flight) && has(offer, &wanted) {
                ranked.push((!on_top, offer));
            }
        }
        ranked.sort_by(|(rank, offer), (other, than)| rank.cmp(other).then_with(|| offer.id.cmp(&than.id)));
        self.rows = ranked.into_iter().map(|(_, offer)| Arc::clone(offer)).collect();
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

/// Whether id or name has `wanted`, which is in lower case.
fn has(offer: &Offer, wanted: &str) -> bool {
    wanted.is_empty()
        || offer.id.raw().to_lowercase().contains(wanted)
        || offer.name.as_str().to_lowercase().contains(wanted)
}
