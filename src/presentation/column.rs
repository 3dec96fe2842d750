//! In what order offers stand: what is in flight on top, or by a column that a person chose, one way or the other.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::{
    domain::{offer::Offer, operation::Destination},
    presentation::Row,
};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sort {
    /// None for the usual order.
    pub(crate) column: Option<Column>,
    /// Whether the last stands first.
    pub(crate) is_turned: bool,
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Offer,
    To,
    State,
    Step,
    Since,
}

/// Every column, as they stand on the screen.
const COLUMNS: [Column; 5] = [
    Column::Offer,
    Column::To,
    Column::State,
    Column::Step,
    Column::Since,
];

/// What one row is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Word(String),
    /// Customers see the first.
    Place(u8, String),
    At(Timestamp),
}

impl Sort {
    /// By the next column; after the last, in the usual order again.
    pub(crate) fn next(self) -> Self {
        let column = match self.column {
            None => COLUMNS.first(),
            Some(column) => COLUMNS.iter().skip_while(|one| **one != column).nth(1),
        };
        Self {
            column: column.copied(),
            is_turned: false,
        }
    }

    /// The other way round.
    pub(crate) fn turned(self) -> Self {
        Self {
            is_turned: !self.is_turned,
            ..self
        }
    }

    /// In words, such as `by state, from z to a`.
    pub(crate) fn describe(self) -> String {
        let Some(column) = self.column else {
            return "in flight on top, then by id".to_owned();
        };
        let (name, there, back) = match column {
            Column::Offer => ("offer", "from a to z", "from z to a"),
            Column::To => ("destination", "LIVE first", "LIVE last"),
            Column::State => ("state", "from a to z", "from z to a"),
            Column::Step => ("step", "from a to z", "from z to a"),
            Column::Since => ("time", "the oldest first", "the newest first"),
        };
        format!("by {name}, {}", if self.is_turned { back } else { there })
    }

    /// How two rows with these keys stand to each other. What has none stands last, either way.
    pub(crate) fn compare(self, one: Option<&Key>, other: Option<&Key>) -> Ordering {
        match (one, other) {
            (Some(one), Some(other)) if self.is_turned => other.cmp(one),
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => other.is_some().cmp(&one.is_some()),
        }
    }
}

impl Column {
    /// What `offer` is sorted by in this column; `row` is what its row says.
    pub(crate) fn key(self, offer: &Offer, row: impl FnOnce() -> Row) -> Option<Key> {
        let word = |word: &str| (!word.is_empty()).then(|| Key::Word(word.to_lowercase()));
        match self {
            Self::Offer => word(offer.id.raw()),
            Self::To => row().to.map(|to| {
                let rank = match to {
                    Destination::Live => 0,
                    Destination::Unknown(_) => 1,
                    Destination::Preview => 2,
                };
                Key::Place(rank, to.word().to_lowercase())
            }),
            Self::State => word(&row().state),
            Self::Step => word(&row().step),
            Self::Since => row().since.map(Key::At),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_comes_by_and_then_the_usual_order() {
        let mut sort = Sort::default();
        for column in COLUMNS {
            sort = sort.next();
            assert_eq!(sort.column, Some(column));
            sort = sort.turned();
        }
        assert_eq!(sort.next(), Sort::default());
    }

    #[test]
    fn what_has_no_key_stands_last_either_way() {
        let key = |word: &str| Some(Key::Word(word.to_owned()));
        let sort = Sort {
            column: Some(Column::Step),
            is_turned: false,
        };
        for sort in [sort, sort.turned()] {
            assert_eq!(sort.compare(None, key("a").as_ref()), Ordering::Greater);
            assert_eq!(sort.compare(key("a").as_ref(), None), Ordering::Less);
            assert_eq!(sort.compare(None, None), Ordering::Equal);
        }
        assert_eq!(sort.compare(key("a").as_ref(), key("b").as_ref()), Ordering::Less);
        assert_eq!(
            sort.turned().compare(key("a").as_ref(), key("b").as_ref()),
            Ordering::Greater
        );
    }
}
