//! The columns of the list, a row of one table each, and the order that a person chose by them.
//!
//! How wide a column is, and which has no room, is up to a face.

use std::cmp::Ordering;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    domain::{offer::Offer, operation::Destination},
    presentation::{Row, Tone, moment},
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

/// When a list is shown, and in which zone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a TimeZone,
}

/// All about a column.
struct Definition {
    column: Column,
    head: &'static str,
    /// What a sentence calls it, and the two ways to sort by it.
    name: &'static str,
    ways: [&'static str; 2],
    /// What it says, and how that looks; empty where there is nothing to say.
    cell: fn(&Offer, &Row, Reading<'_>) -> (String, Tone),
    /// What an offer is sorted by; the row is worked out only where it is needed.
    key: fn(&Offer, &dyn Fn() -> Row) -> Option<Key>,
}

const BY_LETTER: [&str; 2] = ["from a to z", "from z to a"];

/// Every column, as they stand on the screen.
const COLUMNS: [Definition; 5] = [
    Definition {
        column: Column::Offer,
        head: "OFFER",
        name: "offer",
        ways: BY_LETTER,
        cell: |offer, _, _| (offer.id.to_string(), Tone::Plain),
        key: |offer, _| Key::word(offer.id.raw()),
    },
    Definition {
        column: Column::To,
        head: "TO",
        name: "destination",
        ways: ["LIVE first", "LIVE last"],
        cell: |_, row, _| destination(row.to.as_ref()),
        key: |_, row| row().to.map(|to| Key::destination(&to)),
    },
    Definition {
        column: Column::State,
        head: "STATE",
        name: "state",
        ways: BY_LETTER,
        cell: |_, row, _| (row.state.clone(), row.family.tone()),
        key: |_, row| Key::word(&row().state),
    },
    Definition {
        column: Column::Step,
        head: "STEP",
        name: "step",
        ways: BY_LETTER,
        cell: |_, row, _| (row.step.clone(), Tone::Plain),
        key: |_, row| Key::word(&row().step),
    },
    Definition {
        column: Column::Since,
        head: "SINCE",
        name: "time",
        ways: ["the oldest first", "the newest first"],
        cell: |_, row, reading| {
            let since = row.since.map(|at| moment::brief(at, reading.now, reading.zone));
            (since.unwrap_or_default(), Tone::Quiet)
        },
        key: |_, row| row().since.map(Key::At),
    },
];

/// The word of a destination; customers see the one that stands out.
pub(crate) fn destination(to: Option<&Destination>) -> (String, Tone) {
    match to {
        None => (String::new(), Tone::Quiet),
        Some(to @ Destination::Live) => (to.word().to_owned(), Tone::Live),
        Some(to) => (to.word().to_owned(), Tone::Plain),
    }
}

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
        let mut columns = Column::all();
        let column = match self.column {
            None => columns.next(),
            Some(column) => columns.skip_while(|one| *one != column).nth(1),
        };
        Self {
            column,
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
        let Definition { name, ways, .. } = column.definition();
        format!("by {name}, {}", ways[usize::from(self.is_turned)])
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
    /// Every column, as they stand on the screen.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        COLUMNS.iter().map(|one| one.column)
    }

    /// What stands over it.
    pub(crate) fn head(self) -> &'static str {
        self.definition().head
    }

    /// What it says of `offer`, and how that looks; empty where there is nothing to say.
    pub(crate) fn cell(self, offer: &Offer, row: &Row, reading: Reading<'_>) -> (String, Tone) {
        (self.definition().cell)(offer, row, reading)
    }

    /// What `offer` is sorted by in this column; `row` is what its row says.
    pub(crate) fn key(self, offer: &Offer, row: &dyn Fn() -> Row) -> Option<Key> {
        (self.definition().key)(offer, row)
    }

    /// The table has the columns in the order of the variants.
    fn definition(self) -> &'static Definition {
        &COLUMNS[self as usize]
    }
}

impl Key {
    fn word(word: &str) -> Option<Self> {
        (!word.is_empty()).then(|| Self::Word(word.to_lowercase()))
    }

    fn destination(to: &Destination) -> Self {
        let rank = match to {
            Destination::Live => 0,
            Destination::Unknown(_) => 1,
            Destination::Preview => 2,
        };
        Self::Place(rank, to.word().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_comes_by_and_then_the_usual_order() {
        let mut sort = Sort::default();
        for column in Column::all() {
            sort = sort.next();
            assert_eq!(sort.column, Some(column));
            sort = sort.turned();
        }
        assert_eq!(sort.next(), Sort::default());
    }

    #[test]
    fn every_column_has_its_own_row_of_the_table() {
        for column in Column::all() {
            assert_eq!(column.definition().column, column);
        }
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
