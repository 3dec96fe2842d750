//! The offers that are marked to be cancelled together: by id, shown or not.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use crate::domain::{ids::OfferId, offer::Offer};

/// The marks, and how many of them are on rows that are shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    ids: BTreeSet<OfferId>,
    shown: usize,
}

impl Marks {
    /// Whether `offer` is marked.
    pub(crate) fn has(&self, offer: &OfferId) -> bool {
        !self.ids.is_empty() && self.ids.contains(offer)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.ids.len()
    }

    /// How many of them are on rows that are shown.
    pub(crate) fn shown(&self) -> usize {
        self.shown
    }

    /// How many of them are on rows that the list is narrowed away from.
    pub(crate) fn hidden(&self) -> usize {
        self.ids.len() - self.shown
    }

    /// Marks `offer`, which is shown, or takes the mark off.
    pub(super) fn toggle(&mut self, offer: &OfferId) {
        if self.ids.remove(offer) {
            self.shown -= 1;
        } else {
            self.ids.insert(offer.clone());
            self.shown += 1;
        }
    }

    /// Marks every one of `rows`, which are those shown; takes the marks off where all are marked already.
    pub(super) fn toggle_all(&mut self, rows: &[Arc<Offer>]) {
        if self.shown == rows.len() {
            for row in rows {
                self.ids.remove(&row.id);
            }
            self.shown = 0;
        } else {
            self.ids.extend(rows.iter().map(|row| row.id.clone()));
            self.shown = rows.len();
        }
    }

    /// Takes the mark off `offer`, whether it is shown or not, after which the marks are to be counted again.
    pub(super) fn remove(&mut self, offer: &OfferId) {
        self.ids.remove(offer);
    }

    /// Takes every mark off.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets marks on what is not among `all` any more.
    pub(super) fn keep_among(&mut self, all: &[Arc<Offer>]) {
        if !self.ids.is_empty() {
            let all: HashSet<&OfferId> = all.iter().map(|offer| &offer.id).collect();
            self.ids.retain(|id| all.contains(id));
        }
    }

    /// Counts those on `rows`, which are those shown now.
    pub(super) fn count_among(&mut self, rows: &[Arc<Offer>]) {
        self.shown = if self.ids.is_empty() {
            0
        } else {
            rows.iter().filter(|row| self.ids.contains(&row.id)).count()
        };
    }
}
