//! The history over the panes: what this machine knows of cancellations, the selection by id, the window onto it.

use std::sync::Arc;

use crate::{
    domain::{cancellation::Cancellation, ids::CancellationId, remote::Remote},
    tui::model::list::window_top,
};

/// The list of all cancellations and the window onto it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// Newest first, as the journal last told.
    pub(crate) known: Remote<Vec<Arc<Cancellation>>>,
    /// Where the selection stands.
    pub(crate) cursor: usize,
    /// The first row of the window.
    pub(crate) top: usize,
}

impl History {
    /// The rows, newest first.
    pub(crate) fn rows(&self) -> &[Arc<Cancellation>] {
        self.known.value().map(|rows| &**rows).unwrap_or_default()
    }

    /// The selected cancellation.
    pub(crate) fn selected(&self) -> Option<&Arc<Cancellation>> {
        self.rows().get(self.cursor)
    }

    /// Takes what the journal tells; the selection stays with its cancellation.
    pub(crate) fn learn(&mut self, known: Remote<Vec<Arc<Cancellation>>>) {
        let selected: Option<CancellationId> = self.selected().map(|row| row.id.clone());
        self.known = known;
        let rows = self.rows();
        let at = selected.and_then(|id| rows.iter().position(|row| row.id == id));
        self.cursor = at.unwrap_or(self.cursor).min(rows.len().saturating_sub(1));
    }

    /// Moves the window so that the cursor is in view.
    pub(crate) fn scroll(&mut self, height: usize) {
        self.top = window_top(self.top, self.cursor, height, self.rows().len());
    }

    /// The rows in a window of `height`, with where each stands in the list.
    pub(crate) fn window(&self, height: usize) -> impl Iterator<Item = (usize, &Arc<Cancellation>)> {
        self.rows().iter().enumerate().skip(self.top).take(height)
    }
}
