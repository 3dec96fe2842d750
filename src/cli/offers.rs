//! `offers`: the publisher's offers, and with `--in-flight` only those on which something runs.

use futures_util::{StreamExt as _, stream};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::{
    cli::{Io, args::OffersArgs, table},
    domain::{
        ids::PublisherId,
        offer::{Offer, Offers},
        operation::{Operation, Operations},
        preflight,
        status::Status,
        text::SafeText,
        verdict::Exit,
    },
    engine::{Class, Failure, ports::Catalogue},
    presentation::{moment, phrase},
};

/// The most requests at once.
pub(crate) const AT_ONCE: usize = 16;

/// Lists the offers of `publisher`.
///
/// Where the operations of an offer cannot be read, the offer stays in the list: nothing says that it is at rest.
pub async fn run(
    catalogue: &dyn Catalogue,
    publisher: &PublisherId,
    args: &OffersArgs,
    io: &mut Io<'_>,
) -> Exit {
    let Offers { list, left_out } = match catalogue.offers(publisher).await {
        Ok(offers) => offers,
        Err(failure) => return failed(&failure, io),
    };
    if left_out > 0 {
        let (read, what) = (list.len(), "those in flight are listed before the others");
        io.complain(&format!(
            "{publisher} has {left_out} more offers than the {read} that are read; {what}"
        ));
    }
    let (rows, exit) = if args.in_flight {
        in_flight(catalogue, publisher, list, io).await
    } else {
        let rows = list.into_iter().map(Row::unasked).collect();
        (rows, Exit::Done)
    };
    // Beside the table: whoever reads that gets its header and no row.
    if rows.is_empty() && !args.json {
        let what = if args.in_flight {
            "nothing in flight"
        } else {
            "no offers"
        };
        io.remark(&format!("countermand: {publisher} has {what}"));
    }
    let told = if args.json {
        json(&rows)
    } else {
        text(&rows, args.in_flight, &io.zone)
    };
    io.finish(&told, exit)
}

/// Tells a failure, and what it means for the exit code.
pub(crate) fn failed(failure: &Failure, io: &mut Io<'_>) -> Exit {
    io.complain(failure.text().as_str());
    match failure.class {
        Class::SignIn => Exit::SignIn,
        _ => Exit::Failure,
    }
}

/// An offer, and what runs on it where that was asked.
struct Row {
    offer: Offer,
    /// The active operations; none where nobody knows.
    active: Option<Vec<Operation>>,
}

impl Row {
    /// An offer at rest has nothing in flight; of any other nobody asked.
    fn unasked(offer: Offer) -> Self {
        let active = offer.is_at_rest().then(Vec::new);
        Self { offer, active }
    }

    fn asked(offer: Offer, operations: &Operations) -> Self {
        let active = preflight::choosable(operations).into_iter().cloned().collect();
        Self {
            offer,
            active: Some(active),
        }
    }

    fn is_in_flight(&self) -> Option<bool> {
        self.active.as_ref().map(|active| !active.is_empty())
    }
}

async fn in_flight(
    catalogue: &dyn Catalogue,
    publisher: &PublisherId,
    offers: Vec<Offer>,
    io: &mut Io<'_>,
) -> (Vec<Row>, Exit) {
    let busy = offers.into_iter().filter(|offer| !offer.is_at_rest());
    let mut answers = stream::iter(busy)
        .map(|offer| async move {
            let answer = catalogue.operations(publisher, &offer.id).await;
            (offer, answer)
        })
        .buffered(AT_ONCE);
    let (mut rows, mut exit) = (Vec::new(), Exit::Done);
    while let Some((offer, answer)) = answers.next().await {
        let row = match answer {
            Ok(operations) => Row::asked(offer, &operations),
            Err(failure) => {
                exit = exit.max(failed(&failure, io));
                Row::unasked(offer)
            }
        };
        if row.is_in_flight() != Some(false) {
            rows.push(row);
        }
    }
    (rows, exit)
}

#[derive(Serialize)]
struct Json<'a> {
    publisher: SafeText,
    offer: SafeText,
    name: &'a SafeText,
    r#type: &'a SafeText,
    state: &'a Status,
    version: Option<i64>,
    changed_at: Option<Timestamp>,
    /// Null where nobody asked, or the answer failed.
    in_flight: Option<bool>,
}

fn json(rows: &[Row]) -> String {
    let rows = rows.iter().map(|row| Json {
        publisher: row.offer.publisher.shown(),
        offer: row.offer.id.shown(),
        name: &row.offer.name,
        r#type: &row.offer.kind,
        state: &row.offer.state,
        version: row.offer.version,
        changed_at: row.offer.changed_at,
        in_flight: row.is_in_flight(),
    });
    array(rows)
}

/// One JSON array, an element a line.
pub(crate) fn array(rows: impl Iterator<Item = impl Serialize>) -> String {
    // Plain data with text keys: there is nothing in it that could not be written as JSON.
    let rows: Vec<String> = rows.filter_map(|row| serde_json::to_string(&row).ok()).collect();
    if rows.is_empty() {
        "[]\n".to_owned()
    } else {
        format!("[\n{}\n]\n", rows.join(",\n"))
    }
}

fn text(rows: &[Row], in_flight: bool, zone: &TimeZone) -> String {
    let cells = |row: &Row| {
        [
            row.offer.id.to_string(),
            row.offer.short_kind().to_owned(),
            row.offer.state.word().to_string(),
            moment::day_and_time(row.offer.changed_at, zone),
            row.offer.name.to_string(),
        ]
    };
    if !in_flight {
        let rows: Vec<_> = rows.iter().map(cells).collect();
        return table::lay_out(["OFFER", "TYPE", "STATE", "CHANGED", "NAME"], &rows);
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let [offer, kind, state, changed, name] = cells(row);
            [offer, kind, state, running(row), changed, name]
        })
        .collect();
    table::lay_out(["OFFER", "TYPE", "STATE", "IN FLIGHT", "CHANGED", "NAME"], &rows)
}

fn running(row: &Row) -> String {
    row.active.as_ref().map_or_else(
        || "not known".to_owned(),
        |active| {
            phrase::listed(
                active
                    .iter()
                    .map(|one| phrase::course(&one.kind, &one.destination)),
            )
        },
    )
}

#[cfg(test)]
pub(crate) mod tests;
