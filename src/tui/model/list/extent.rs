//! What a list has to show at the most, so that its columns fit the whole of it and none moves while it scrolls.

use jiff::Timestamp;

use crate::{domain::offer::Offer, presentation::Row, tui::width::cells};

/// The room that the rows want.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// The cells that the longest state takes that has a step beside it.
    pub(crate) state: usize,
    /// The longest ago that a row is said to be as it is.
    pub(crate) oldest: Option<Timestamp>,
}

impl Extent {
    /// Takes notice of an offer; where its row says no more than the offer itself, it need not be built.
    pub(super) fn take(&mut self, offer: &Offer, row: Option<&Row>) {
        let since = row.map_or(offer.changed_at, |row| row.since);
        self.oldest = [self.oldest, since].into_iter().flatten().min();
        if let Some(row) = row.filter(|row| !row.step.is_empty()) {
            self.state = self.state.max(cells(&row.state));
        }
    }
}
