//! The list as it was last printed: a number leads to the offer that it stood beside, whatever has moved since.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::table,
    domain::{
        ids::{OfferId, PublisherId},
        offer::Offer,
        operation::Destination,
    },
    engine::Snapshot,
    tui::{
        model::{Requests, Row, is_in_flight},
        moment,
    },
};

/// The most rows for a person; who reads by ear or over a bad line narrows the list instead.
pub(super) const FOR_A_PERSON: usize = 100;

/// What the list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Narrowing {
    /// The text that id or name must have; empty for all.
    pub(super) text: String,
    /// Whether only what is in flight or was cancelled from here is listed.
    pub(super) in_flight: bool,
}

/// What was printed.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    rows: Vec<Numbered>,
}

/// A row that was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    /// The offer.
    pub(super) offer: OfferId,
    /// The state that stood beside it.
    pub(super) state: String,
}

/// Who a list is for, and when.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) publisher: &'a PublisherId,
    pub(super) now: Timestamp,
    pub(super) zone: &'a TimeZone,
    /// Whether a person can narrow it.
    pub(super) is_person: bool,
}

impl Narrowing {
    /// Whether id or name of `offer` has the text.
    pub(super) fn admits(&self, offer: &Offer) -> bool {
        let wanted = self.text.to_lowercase();
        offer.id.raw().to_lowercase().contains(&wanted)
            || offer.name.as_str().to_lowercase().contains(&wanted)
    }

    /// What it is narrowed to, in words; empty when it is not.
    fn words(&self) -> String {
        let mut words = String::new();
        if self.in_flight {
            words.push_str(", only those in flight");
        }
        if !self.text.is_empty() {
            let text = crate::domain::text::SafeText::new(&self.text);
            words.push_str(&format!(", only those with \"{text}\""));
        }
        words
    }
}

impl Listing {
    /// Numbers what `known` tells of, and the text that is to be printed.
    pub(super) fn of(known: &Snapshot, narrowing: &Narrowing, reader: Reader<'_>) -> (Self, String) {
        let offers = known.offers.value().map(|offers| &**offers).unwrap_or_default();
        let none = Requests::default();
        let is_in_flight = |offer: &Offer| is_in_flight(known, &none, offer);
        let in_flight = offers.iter().filter(|offer| is_in_flight(offer)).count();
        let mut ranked: Vec<(bool, &Arc<Offer>)> = offers
            .iter()
            .filter(|offer| narrowing.admits(offer))
            .map(|offer| {
                (
                    !is_in_flight(offer) && known.newest_on(&offer.id).is_none(),
                    offer,
                )
            })
            .filter(|(is_at_rest, _)| !(narrowing.in_flight && *is_at_rest))
            .collect();
        ranked.sort_by(|(rank, offer), (other, than)| rank.cmp(other).then_with(|| offer.id.cmp(&than.id)));
        let found = ranked.len();
        if reader.is_person {
            ranked.truncate(FOR_A_PERSON);
        }
        let (rows, cells): (Vec<_>, Vec<_>) = ranked
            .iter()
            .zip(1..)
            .map(|((_, offer), number)| {
                let row = Row::of(known, &none, offer);
                let cells = cells(number, offer, &row, reader);
                let numbered = Numbered {
                    offer: offer.id.clone(),
                    state: row.state,
                };
                (numbered, cells)
            })
            .unzip();
        let mut text = head(known, offers.len(), in_flight, reader) + &narrowing.words() + "\n";
        if !cells.is_empty() {
            text += &table::lay_out(["#", "OFFER", "TO", "STATE", "STEP", "SINCE"], &cells);
        }
        if found > rows.len() {
            text += &format!(
                "{} more are not shown; /text narrows the list\n",
                found - rows.len()
            );
        }
        (Self { rows }, text)
    }

    /// The row that `number` stands beside.
    pub(super) fn row(&self, number: usize) -> Option<&Numbered> {
        self.rows.get(number.checked_sub(1)?)
    }

    /// The number that stands beside `offer`.
    pub(super) fn number_of(&self, offer: &OfferId) -> Option<usize> {
        let at = self.rows.iter().position(|row| row.offer == *offer)?;
        Some(at + 1)
    }

    /// How many rows were printed.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

fn head(known: &Snapshot, total: usize, in_flight: usize, reader: Reader<'_>) -> String {
    let at = known.offers.read_at().unwrap_or(reader.now);
    let at = moment::exact(at, reader.now, reader.zone);
    let noun = if total == 1 { "offer" } else { "offers" };
    format!(
        "{at}  {total} {noun} of {}, {in_flight} in flight",
        reader.publisher
    )
}

fn cells(number: usize, offer: &Offer, row: &Row, reader: Reader<'_>) -> [String; 6] {
    let unsaid = || "-".to_owned();
    [
        number.to_string(),
        offer.id.to_string(),
        row.to
            .as_ref()
            .map_or_else(unsaid, |to: &Destination| to.word().to_owned()),
        row.state.clone(),
        Some(row.step.clone())
            .filter(|step| !step.is_empty())
            .unwrap_or_else(unsaid),
        row.since
            .map_or_else(unsaid, |since| moment::brief(since, reader.now, reader.zone)),
    ]
}
