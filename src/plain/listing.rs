//! The list as it was last printed: a number leads to the offer that it stood beside, whatever has moved since.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::table,
    domain::{
        ids::{OfferId, PublisherId},
        offer::Offer,
    },
    engine::Snapshot,
    plain::narrowing::Narrowing,
    presentation::{Column, Reading, Requests, Row, is_in_flight, moment},
};

/// The most rows for a person; who reads by ear or over a bad line narrows the list instead.
pub(super) const FOR_A_PERSON: usize = 100;

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

impl Listing {
    /// Numbers what `known` tells of, and the text that is to be printed.
    pub(super) fn of(known: &Snapshot, narrowing: &Narrowing, reader: Reader<'_>) -> (Self, String) {
        let offers = known.offers.value().map(|offers| &**offers).unwrap_or_default();
        let none = Requests::default();
        let in_flight = offers
            .iter()
            .filter(|offer| is_in_flight(known, &none, offer))
            .count();
        let ranked = ranked(known, offers, narrowing, reader.now);
        let most = if reader.is_person {
            FOR_A_PERSON
        } else {
            usize::MAX
        };
        let numbered = ranked.iter().take(most).zip(1..).map(|(offer, number)| {
            let row = Row::of(known, &none, offer);
            let cells = cells(number, offer, &row, reader);
            let numbered = Numbered {
                offer: offer.id.clone(),
                state: row.state,
            };
            (numbered, cells)
        });
        let (rows, cells): (Vec<_>, Vec<_>) = numbered.unzip();
        let what = format!(
            "{} of {}, {in_flight} in flight{}",
            counted(offers.len()),
            reader.publisher,
            narrowing.words()
        );
        let mut text = head(known, &what, reader);
        if !cells.is_empty() {
            text += &table::lay_out(heads(), &cells);
        }
        if known.offers_left_out > 0 {
            text = format!("{text}{} more offers than are read\n", known.offers_left_out);
        }
        let more = ranked.len() - rows.len();
        if more > 0 {
            text = format!("{text}{more} more are not shown; /text narrows the list\n");
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

/// What is listed, in order: what has the text that is looked for as it stands; in it what is in flight or was cancelled
/// from here; each by id.
fn ranked<'a>(
    known: &Snapshot,
    offers: &'a [Arc<Offer>],
    narrowing: &Narrowing,
    now: Timestamp,
) -> Vec<&'a Arc<Offer>> {
    let none = Requests::default();
    let is_at_rest =
        |offer: &Offer| !is_in_flight(known, &none, offer) && known.newest_on(&offer.id).is_none();
    let mut sieve = narrowing.sieve(known, now);
    let mut ranked: Vec<_> = offers
        .iter()
        .map(|offer| (is_at_rest(offer), offer))
        .filter(|(is_at_rest, _)| !(narrowing.in_flight && *is_at_rest))
        .filter_map(|(is_at_rest, offer)| Some((sieve.hit(offer)?, is_at_rest, offer)))
        .collect();
    ranked.sort_by(|one, other| (one.0, one.1, &one.2.id).cmp(&(other.0, other.1, &other.2.id)));
    ranked.into_iter().map(|(_, _, offer)| offer).collect()
}

/// The time, what is listed, and of when that is where it is older.
fn head(known: &Snapshot, what: &str, reader: Reader<'_>) -> String {
    let exact = |at| moment::exact(at, reader.now, reader.zone);
    let now = exact(reader.now);
    let read = known.offers.read_at().map(exact).filter(|read| *read != now);
    let read = read.map_or_else(String::new, |read| format!(", as of {read}"));
    format!("{now}  {what}{read}\n")
}

fn counted(offers: usize) -> String {
    if offers == 1 {
        "1 offer".to_owned()
    } else {
        format!("{offers} offers")
    }
}

/// The step last, because it may be long.
const COLUMNS: [Column; 5] = [
    Column::Offer,
    Column::To,
    Column::State,
    Column::Since,
    Column::Step,
];

fn heads() -> [&'static str; 6] {
    let [offer, to, state, since, step] = COLUMNS.map(Column::head);
    ["#", offer, to, state, since, step]
}

fn cells(number: usize, offer: &Offer, row: &Row, reader: Reader<'_>) -> [String; 6] {
    let reading = Reading {
        now: reader.now,
        zone: reader.zone,
    };
    let [offer, to, state, since, step] = COLUMNS.map(|column| column.cell(offer, row, reading).0);
    let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    [
        number.to_string(),
        offer,
        or_dash(to),
        state,
        or_dash(since),
        step,
    ]
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::ToSpan as _;

    use super::*;
    use crate::domain::{
        operation::{Destination, Operation, Operations, Source},
        remote::Remote,
    };
    use crate::service::cpp::status;

    pub(in crate::plain) fn offer(id: &str, state: &str) -> Arc<Offer> {
        Arc::new(Offer {
            id: id.into(),
            publisher: "contoso".into(),
            name: format!("The {id}").into(),
            kind: "microsoft-azure-virtualmachines".into(),
            state: status(state),
            version: None,
            changed_at: None,
        })
    }

    pub(in crate::plain) fn snapshot(offers: &[(&str, &str)]) -> Snapshot {
        let offers: Vec<_> = offers.iter().map(|(id, state)| offer(id, state)).collect();
        Snapshot {
            offers: Remote::Fresh {
                value: offers.into(),
                at: Timestamp::UNIX_EPOCH,
            },
            ..Snapshot::default()
        }
    }

    fn publishing(known: &mut Snapshot, offer: &str) {
        let operation = Operation {
            id: Some("a1".into()),
            kind: "publish".into(),
            destination: Destination::Live,
            state: status("running"),
            offer_version: None,
            version: None,
            changed_at: Some(Timestamp::UNIX_EPOCH),
        };
        let operations = Operations {
            source: Source::Submissions,
            list: vec![operation],
            detail: None,
            left_out: 0,
            baseline: None,
        };
        Arc::make_mut(&mut known.operations).insert(
            offer.into(),
            Remote::Fresh {
                value: Arc::new(operations),
                at: Timestamp::UNIX_EPOCH,
            },
        );
    }

    fn listed(known: &Snapshot, narrowing: &Narrowing, is_person: bool) -> (Listing, String) {
        let reader = Reader {
            publisher: &"contoso".into(),
            now: Timestamp::UNIX_EPOCH + 62.seconds(),
            zone: &TimeZone::UTC,
            is_person,
        };
        Listing::of(known, narrowing, reader)
    }

    #[test]
    fn what_is_in_flight_comes_first_and_each_number_leads_to_its_offer() {
        let mut known = snapshot(&[("b", "succeeded"), ("a", "neverPublished"), ("z", "running")]);
        publishing(&mut known, "z");
        let (listing, text) = listed(&known, &Narrowing::default(), true);
        assert_eq!(
            text,
            "00:01:02  3 offers of contoso, 1 in flight, as of 00:00:00\n\
             #  OFFER  TO    STATE            SINCE  STEP\n\
             1  z      LIVE  publishing       00:00\n\
             2  a      -     never published  -\n\
             3  b      -     succeeded        -\n"
        );
        assert_eq!(listing.row(2).unwrap().offer, "a".into());
        assert_eq!(listing.row(2).unwrap().state, "never published");
        assert_eq!(listing.number_of(&"z".into()), Some(1));
        assert!(listing.row(0).is_none() && listing.row(4).is_none());
    }

    #[test]
    fn a_narrowed_list_says_so_and_numbers_only_what_it_shows() {
        let mut known = snapshot(&[("vm-old", "succeeded"), ("vm-new", "running"), ("db", "running")]);
        publishing(&mut known, "vm-new");
        let mut narrowing = Narrowing::default();
        narrowing.look_for("id:VM").unwrap();
        narrowing.in_flight = true;
        let (listing, text) = listed(&known, &narrowing, true);
        let head = text.lines().next().unwrap();
        assert!(
            head.ends_with(", only those in flight, only what /id:VM finds, as of 00:00:00"),
            "{head}"
        );
        assert_eq!((listing.len(), listing.number_of(&"vm-new".into())), (1, Some(1)));
    }

    #[test]
    fn a_person_gets_as_much_as_can_be_read_and_a_script_all() {
        let names: Vec<String> = (0..FOR_A_PERSON + 2).map(|at| format!("offer-{at:03}")).collect();
        let offers: Vec<_> = names.iter().map(|name| (name.as_str(), "succeeded")).collect();
        let known = snapshot(&offers);
        let (listing, text) = listed(&known, &Narrowing::default(), true);
        assert_eq!(listing.len(), FOR_A_PERSON);
        assert!(
            text.ends_with("2 more are not shown; /text narrows the list\n"),
            "{text}"
        );
        let (listing, _) = listed(&known, &Narrowing::default(), false);
        assert_eq!(listing.len(), FOR_A_PERSON + 2);
    }
}
